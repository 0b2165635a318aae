//! Collections.

mod changes;
mod create;
mod delete;
mod export;
mod get;
mod import;
mod list;
mod names;
mod rule_test;
mod rules;
pub(crate) mod schema;
mod update;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_domain::collection;
use utoipa::{OpenApi, ToSchema};

use super::routing::resource;
use schema::{FieldBody, IndexBody};

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    names::names,
    export::export,
    import::import,
    create::create,
    get::get,
    update::update,
    update::patch,
    changes::change,
    delete::delete,
    rules::get,
    rules::update,
    rule_test::test,
    rule_test::sql
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/collections",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource("/collections/names", [(Method::GET, web::to(names::names))]))
        .service(resource("/collections/export", [(Method::GET, web::to(export::export))]))
        .service(resource("/collections/import", [(Method::POST, web::to(import::import))]))
        .service(resource(
            "/collections/{id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PUT, web::to(update::update)),
                (Method::PATCH, web::to(update::patch)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ))
        .service(resource("/collections/{id}/changes", [(Method::POST, web::to(changes::change))]))
        .service(resource(
            "/collections/{name}/rules",
            [(Method::GET, web::to(rules::get)), (Method::PUT, web::to(rules::update))],
        ))
        .service(resource("/collections/{name}/rules/test", [(Method::POST, web::to(rule_test::test))]))
        .service(resource("/collections/{name}/rules/sql", [(Method::GET, web::to(rule_test::sql))]));
}

/// A collection.
#[derive(Serialize, ToSchema)]
pub struct Collection {
    id: String,
    name: String,
    table_name: String,
    /// The fields, in the order given.
    schema: Vec<FieldBody>,
    indexes: Vec<IndexBody>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<collection::Collection> for Collection {
    fn from(collection: collection::Collection) -> Self {
        Self {
            id: collection.id.to_string(),
            name: collection.name.to_string(),
            table_name: collection.table().to_string(),
            schema: collection.fields.iter().map(FieldBody::from).collect(),
            indexes: collection.indexes.iter().map(IndexBody::from).collect(),
            created_at: collection.created_at,
            updated_at: collection.updated_at,
        }
    }
}
