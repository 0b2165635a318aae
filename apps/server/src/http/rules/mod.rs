//! Trying rules out.

mod compute;
mod test;
mod validate;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(validate::validate, test::test, compute::compute))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/rules/validate", [(Method::POST, web::to(validate::validate))]))
        .service(resource("/rules/compute", [(Method::POST, web::to(compute::compute))]))
        .service(resource("/rules/test", [(Method::POST, web::to(test::test))]));
}
