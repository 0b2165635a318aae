//! DELETE /users/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::users::Users;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Deactivates a user other than oneself.
#[utoipa::path(delete, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(Superadmin(by): Superadmin, id: Path<String>, users: Data<Users>) -> ApiResult {
    users.deactivate(&by, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
