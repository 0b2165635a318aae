//! The history of the schema. Replies may be kept for a minute and have the current revision as
//! their entity tag.

mod current;
mod history;
mod list;

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use snackbase_application::migrations::History;
use utoipa::OpenApi;

use super::etag;
use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(list::list, current::current, history::history))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/migrations", [(Method::GET, web::to(list::list))]))
        .service(resource("/migrations/current", [(Method::GET, web::to(current::current))]))
        .service(resource("/migrations/history", [(Method::GET, web::to(history::history))]));
}

const CACHED: HeaderValue = HeaderValue::from_static("private, max-age=60");

/// A reply that can be kept until the schema changes (RFC 9110, section 13.1.2).
fn reply(request: &HttpRequest, history: &History, body: impl Serialize) -> HttpResponse {
    let current = history.current().map_or("", |revision| revision.id.as_str());
    let tag = format!("\"{current}\"");
    let known = etag::is_known(request, &tag);
    let mut reply = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    reply.insert_header((CACHE_CONTROL, CACHED)).insert_header((ETAG, tag));
    if known { reply.finish() } else { reply.json(body) }
}
