//! The installation at a glance.

mod series;
mod stats;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(stats::stats, series::series))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/dashboard/stats", [(Method::GET, web::to(stats::stats))]))
        .service(resource("/dashboard/series", [(Method::GET, web::to(series::series))]));
}
