//! GET /roles

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::roles::Roles;
use utoipa::ToSchema;

use super::Role;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// All roles.
#[derive(Serialize, ToSchema)]
pub struct RoleList {
    items: Vec<Role>,
    total: usize,
}

/// Lists roles, by id.
#[utoipa::path(get, path = "/api/v1/roles", tag = "roles",
    responses((status = 200, body = RoleList), (status = 401), (status = 403)))]
pub async fn list(_: Superadmin, roles: Data<Roles>) -> ApiResult {
    let items: Vec<_> = roles.list().await?.into_iter().map(Role::from).collect();
    Ok(HttpResponse::Ok().json(RoleList { total: items.len(), items }))
}
