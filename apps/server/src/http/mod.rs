//! The HTTP interface: thin handlers over the use cases, by feature and verb.

pub mod accounts;
pub mod admin;
pub mod audit_logs;
pub mod auth;
pub mod automation;
pub mod collections;
pub mod dashboard;
pub mod docs;
pub mod error;
pub mod etag;
pub mod extract;
pub mod files;
pub mod groups;
pub mod health;
pub mod input;
pub mod invitations;
pub mod macros;
pub mod mailed_links;
pub mod middleware;
pub mod migrations;
pub mod paging;
pub mod realtime;
pub mod records;
pub mod roles;
pub mod routing;
pub mod rules;
pub mod setup;
pub mod ui;
pub mod users;

use std::borrow::Cow;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use serde::Serialize;
use utoipa::ToSchema;

use routing::resource;

/// A reply that is a sentence.
#[derive(Serialize, ToSchema)]
pub struct Message {
    message: Cow<'static, str>,
}

impl Message {
    /// Says that.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into() }
    }
}

/// Routes without the API's prefix.
pub fn root_routes(config: &mut ServiceConfig) {
    config
        .service(resource("/health", [(Method::GET, web::to(health::health))]))
        .service(resource("/ready", [(Method::GET, web::to(health::ready))]))
        .service(resource("/live", [(Method::GET, web::to(health::live))]));
    mailed_links::routes(config);
}

/// Routes of the API, within its prefix.
pub fn api_routes(config: &mut ServiceConfig) {
    config.service(resource("", [(Method::GET, web::to(health::root))]));
    setup::routes(config);
    auth::routes(config);
    accounts::routes(config);
    users::routes(config);
    roles::routes(config);
    groups::routes(config);
    invitations::routes(config);
    admin::api_keys::routes(config);
    audit_logs::routes(config);
    admin::configuration::routes(config);
    admin::email::routes(config);
    admin::health::routes(config);
    admin::jobs::routes(config);
    collections::routes(config);
    records::routes(config);
    files::routes(config);
    realtime::routes(config);
    rules::routes(config);
    macros::routes(config);
    dashboard::routes(config);
    automation::endpoints::routes(config);
    automation::serve::routes(config);
    automation::hooks::routes(config);
    automation::webhooks::routes(config);
    migrations::routes(config);
    config.default_service(web::to(routing::not_found));
}
