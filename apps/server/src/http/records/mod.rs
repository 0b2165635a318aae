//! Records.

mod aggregate;
mod batch;
mod create;
mod delete;
mod export;
mod idempotency;
pub mod import;
mod list;
mod update;
mod view;

use actix_web::http::Method;
use actix_web::http::header::ETAG;
use actix_web::web::{self, Bytes, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::records::entity_tag;
use utoipa::{OpenApi, ToSchema};

use super::routing::resource;

pub use create::create;
pub use view::view;

/// A record: system keys, then the fields of the collection.
///
/// Describes what is written straight from rows.
#[derive(Serialize, ToSchema)]
pub struct Record {
    id: String,
    account_id: String,
    created_at: DateTime<Utc>,
    /// Id of a user, or `anonymous`.
    created_by: String,
    updated_at: DateTime<Utc>,
    updated_by: String,
    /// In lists the name of the account; else null.
    #[schema(required)]
    account_name: Option<String>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

/// The values of a record's fields.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
pub struct RecordValues(Map<String, Value>);

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    aggregate::aggregate,
    create::create,
    view::view,
    update::replace,
    update::patch,
    delete::delete,
    batch::create,
    batch::update,
    batch::delete,
    export::export,
    import::import
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/records/{collection}",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/records/{collection}/aggregate",
            [
                (Method::GET, web::to(aggregate::aggregate)),
                (Method::PUT, web::to(aggregate::no_record)),
                (Method::PATCH, web::to(aggregate::no_record)),
                (Method::DELETE, web::to(aggregate::no_record)),
            ],
        ))
        .service(resource(
            "/records/{collection}/batch",
            [
                // `batch` is a word of the path only where a batch can be meant.
                (Method::GET, web::to(batch::no_record)),
                (Method::PUT, web::to(batch::no_record)),
                (Method::POST, web::to(batch::create)),
                (Method::PATCH, web::to(batch::update)),
                (Method::DELETE, web::to(batch::delete)),
            ],
        ))
        .service(resource("/records/{collection}/export", [(Method::GET, web::to(export::export))]))
        .service(resource("/records/{collection}/import", [(Method::POST, web::to(import::import))]))
        .service(resource(
            "/records/{collection}/{id}",
            [
                (Method::GET, web::to(view::view)),
                (Method::PUT, web::to(update::replace)),
                (Method::PATCH, web::to(update::patch)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ));
}

/// A reply that is one record, with its entity tag.
fn record(mut reply: HttpResponseBuilder, text: Bytes) -> HttpResponse {
    if let Some(tag) = entity_tag(&text) {
        reply.insert_header((ETAG, tag));
    }
    json(reply, text)
}

/// A reply whose text is JSON already.
fn json(mut reply: HttpResponseBuilder, text: impl Into<Bytes>) -> HttpResponse {
    reply.content_type("application/json").body(text.into())
}
