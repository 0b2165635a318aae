//! DELETE /users/{id}/sessions

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::auth::Auth;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Signs a user out everywhere.
#[utoipa::path(delete, path = "/api/v1/users/{id}/sessions", tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn end_all(Superadmin(by): Superadmin, id: Path<String>, auth: Data<Auth>) -> ApiResult {
    auth.end_sessions_of(&by, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
