//! PUT and PATCH /roles/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::roles::Roles;

use super::create::RoleBody;
use super::{MAX_NAME, Role, id, not_blank, read};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::JsonBody;

/// Replaces name and description.
#[utoipa::path(put, path = "/api/v1/roles/{id}", tag = "roles",
    params(("id" = i32, Path, description = "Id of the role")), request_body = RoleBody,
    responses((status = 200, body = Role), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn update(
    body: JsonBody,
    Superadmin(by): Superadmin,
    path: Path<String>,
    roles: Data<Roles>,
) -> ApiResult {
    let id = id(&path)?;
    let (name, description) = read(body.fields()?)?;
    let role = roles.update(&by, id, Some(&name), Some(description.as_deref())).await?;
    Ok(HttpResponse::Ok().json(Role::from(role)))
}

/// Changes what is sent.
#[utoipa::path(patch, path = "/api/v1/roles/{id}", tag = "roles",
    params(("id" = i32, Path, description = "Id of the role")), request_body = RoleBody,
    responses((status = 200, body = Role), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn patch(
    body: JsonBody,
    Superadmin(by): Superadmin,
    path: Path<String>,
    roles: Data<Roles>,
) -> ApiResult {
    let id = id(&path)?;
    let mut fields = body.fields()?;
    let name = fields.string("name").max_len(MAX_NAME).check(|name| not_blank(name)).optional();
    let description = fields.string("description").patch().nullable();
    fields.finish()?;
    let description = description.as_ref().map(Option::as_deref);
    let role = roles.update(&by, id, name.as_deref().map(str::trim), description).await?;
    Ok(HttpResponse::Ok().json(Role::from(role)))
}
