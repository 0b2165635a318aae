//! Hearing at once of what happens, over WebSocket or server-sent events.

mod bounded_frames;
mod origin;
mod sse;
mod ws;

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use snackbase_application::AppError;
use snackbase_application::realtime::{Credential, Crowded, Realtime};
use utoipa::OpenApi;

use super::error::{ApiError, ApiResult};
use super::extract::{origin as comes_from, shown_credential};
use super::input::Query;
use super::routing::resource;

pub use origin::AllowedOrigins;

#[derive(OpenApi)]
#[openapi(paths(ws::ws, sse::subscribe))]
pub struct Doc;

/// The service, where it is switched on.
#[derive(Clone)]
pub struct Enabled(pub Option<Arc<Realtime>>);

impl Enabled {
    fn get(&self) -> ApiResult<Arc<Realtime>> {
        self.0.clone().ok_or_else(|| ApiError::from(AppError::not_found("Realtime is not enabled")))
    }
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/realtime/ws", [(Method::GET, web::to(ws::ws))]))
        .service(resource("/realtime/subscribe", [(Method::GET, web::to(sse::subscribe))]));
}

/// What the client shows to be let in: the parameter `token`, else `other`, else what any call takes.
fn credential(request: &HttpRequest, query: &Query, other: Option<&str>) -> Option<Credential> {
    let token = query.get("token").filter(|token| !token.is_empty());
    let text = token.or(other).map(str::to_owned).or_else(|| shown_credential(request).map(str::to_owned))?;
    Some(Credential::new(text, comes_from(request)))
}

/// The answer when there are as many connections as may be.
fn crowded(crowded: Crowded) -> HttpResponse {
    let (mut reply, detail) = match crowded {
        Crowded::User => (HttpResponse::TooManyRequests(), "Too many realtime connections of this user"),
        Crowded::Account => {
            (HttpResponse::TooManyRequests(), "Too many realtime connections of this account")
        }
        Crowded::Node => (HttpResponse::ServiceUnavailable(), "Too many realtime connections"),
    };
    reply.insert_header((RETRY_AFTER, HeaderValue::from_static("30"))).json(json!({ "detail": detail }))
}
