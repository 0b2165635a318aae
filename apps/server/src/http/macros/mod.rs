//! Stored macros.

mod create;
mod delete;
mod get;
mod list;
mod test;
mod update;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_domain::stored_macro::{StoredMacro, is_name};
use utoipa::{OpenApi, ToSchema};

use super::input::{Faults, path_int};
use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    get::get,
    update::update,
    update::patch,
    delete::delete,
    test::test
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/macros",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/macros/{macro_id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PUT, web::to(update::update)),
                (Method::PATCH, web::to(update::patch)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ))
        .service(resource("/macros/{macro_id}/test", [(Method::POST, web::to(test::test))]));
}

/// A stored macro.
#[derive(Serialize, ToSchema)]
pub struct Macro {
    name: String,
    #[schema(required)]
    description: Option<String>,
    sql_query: String,
    parameters: Vec<String>,
    id: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[schema(required)]
    created_by: Option<String>,
}

impl From<StoredMacro> for Macro {
    fn from(stored: StoredMacro) -> Self {
        Self {
            name: stored.name,
            description: stored.description,
            sql_query: stored.sql_query,
            parameters: stored.parameters,
            id: stored.id,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
            created_by: stored.created_by,
        }
    }
}

/// The id in a path.
fn id(text: &str) -> Result<i64, Faults> {
    path_int("macro_id", text)
}

/// Faults of a name.
fn check_name(name: &str) -> Result<(), String> {
    match is_name(name) {
        true => Ok(()),
        false => Err("Macro name must be a valid identifier (alphanumeric and underscore)".to_owned()),
    }
}
