//! Roles.

mod create;
mod delete;
mod get;
mod list;
mod update;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use serde::Serialize;
use snackbase_domain::role;
use utoipa::{OpenApi, ToSchema};

use super::error::ApiError;
use super::input::{Faults, Fields, path_int};
use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(list::list, create::create, get::get, update::update, update::patch, delete::delete))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/roles",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/roles/{id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PUT, web::to(update::update)),
                (Method::PATCH, web::to(update::patch)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ));
}

/// A role.
#[derive(Serialize, ToSchema)]
pub struct Role {
    id: i32,
    name: String,
    #[schema(required)]
    description: Option<String>,
}

impl From<role::Role> for Role {
    fn from(role: role::Role) -> Self {
        Self { id: role.id.0, name: role.name, description: role.description }
    }
}

/// Longest name of a role, in characters.
const MAX_NAME: usize = 50;

/// The id in a path. One that no role can have is one that no role has.
fn id(text: &str) -> Result<role::RoleId, ApiError> {
    let id = path_int("role_id", text)?;
    Ok(role::RoleId(i32::try_from(id).unwrap_or(i32::MIN)))
}

/// Faults of a name that is blank.
fn not_blank(name: &str) -> Result<(), String> {
    if name.trim().is_empty() { Err("Role name cannot be empty".to_owned()) } else { Ok(()) }
}

/// Reads the trimmed name and the description.
fn read(mut fields: Fields<'_>) -> Result<(String, Option<String>), Faults> {
    let name = fields.string("name").max_len(MAX_NAME).check(|name| not_blank(name)).required();
    let description = fields.string("description").optional();
    fields.finish()?;
    Ok((name.trim().to_owned(), description))
}
