//! POST /roles

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::roles::Roles;
use utoipa::ToSchema;

use super::{Role, read};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::JsonBody;

/// A role's name and description.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct RoleBody {
    name: String,
    description: Option<String>,
}

/// Makes a role.
#[utoipa::path(post, path = "/api/v1/roles", tag = "roles", request_body = RoleBody,
    responses((status = 201, body = Role), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub async fn create(body: JsonBody, Superadmin(by): Superadmin, roles: Data<Roles>) -> ApiResult {
    let (name, description) = read(body.fields()?)?;
    let made = roles.create(&by, &name, description.as_deref()).await?;
    Ok(HttpResponse::Created().json(Role::from(made)))
}
