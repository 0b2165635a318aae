//! GET /roles/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::roles::Roles;

use super::{Role, id};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Reads a role.
#[utoipa::path(get, path = "/api/v1/roles/{id}", tag = "roles",
    params(("id" = i32, Path, description = "Id of the role")),
    responses((status = 200, body = Role), (status = 401), (status = 403), (status = 404)))]
pub async fn get(_: Superadmin, path: Path<String>, roles: Data<Roles>) -> ApiResult {
    Ok(HttpResponse::Ok().json(Role::from(roles.get(id(&path)?).await?)))
}
