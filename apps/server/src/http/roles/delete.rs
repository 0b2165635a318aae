//! DELETE /roles/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::roles::Roles;

use super::id;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Deletes a role that nobody has.
#[utoipa::path(delete, path = "/api/v1/roles/{id}", tag = "roles",
    params(("id" = i32, Path, description = "Id of the role")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn delete(Superadmin(by): Superadmin, path: Path<String>, roles: Data<Roles>) -> ApiResult {
    roles.delete(&by, id(&path)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
