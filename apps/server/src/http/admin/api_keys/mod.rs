//! API keys.

mod create;
mod delete;
mod get;
mod list;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_domain::api_key;
use utoipa::{OpenApi, ToSchema};

use crate::http::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(list::list, create::create, get::get, delete::delete))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/admin/api-keys",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/admin/api-keys/{id}",
            [(Method::GET, web::to(get::get)), (Method::DELETE, web::to(delete::delete))],
        ));
}

/// An API key, as far as it is shown after it was made.
#[derive(Serialize, ToSchema)]
pub struct ApiKey {
    name: String,
    id: String,
    /// Two ends of the key's digest.
    key: String,
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    is_active: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<api_key::ApiKey> for ApiKey {
    fn from(key: api_key::ApiKey) -> Self {
        Self {
            key: key.masked(),
            name: key.name,
            id: key.id.to_string(),
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
            is_active: key.is_active,
            created_at: key.created_at,
            updated_at: key.updated_at,
        }
    }
}
