//! GET /users/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::users::Users;

use super::User;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Reads a user.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    responses((status = 200, body = User), (status = 401), (status = 403), (status = 404)))]
pub async fn get(_: Superadmin, id: Path<String>, users: Data<Users>) -> ApiResult {
    Ok(HttpResponse::Ok().json(User::from(users.get(&id).await?)))
}
