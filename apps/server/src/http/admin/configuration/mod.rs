//! Settings of providers.

mod create;
mod default;
mod delete;
mod enable;
mod list;
mod providers;
mod recent;
mod stats;
mod test_connection;
mod values;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::http::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    providers::list,
    providers::schema,
    stats::stats,
    recent::recent,
    list::of_system,
    list::of_account,
    create::create,
    test_connection::test_connection,
    values::read,
    values::replace,
    default::set,
    default::unset,
    enable::enable,
    delete::delete
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/admin/configuration/providers", [(Method::GET, web::to(providers::list))]))
        .service(resource(
            "/admin/configuration/schema/{category}/{provider}",
            [(Method::GET, web::to(providers::schema))],
        ))
        .service(resource("/admin/configuration/stats", [(Method::GET, web::to(stats::stats))]))
        .service(resource("/admin/configuration/recent", [(Method::GET, web::to(recent::recent))]))
        .service(resource("/admin/configuration/system", [(Method::GET, web::to(list::of_system))]))
        .service(resource("/admin/configuration/account", [(Method::GET, web::to(list::of_account))]))
        .service(resource(
            "/admin/configuration/test-connection",
            [(Method::POST, web::to(test_connection::test_connection))],
        ))
        .service(resource("/admin/configuration", [(Method::POST, web::to(create::create))]))
        .service(resource(
            "/admin/configuration/{id}/values",
            [(Method::GET, web::to(values::read)), (Method::PATCH, web::to(values::replace))],
        ))
        .service(resource(
            "/admin/configuration/{id}/set-default",
            [(Method::POST, web::to(default::set)), (Method::DELETE, web::to(default::unset))],
        ))
        .service(resource(
            "/admin/configuration/{id}",
            [(Method::PATCH, web::to(enable::enable)), (Method::DELETE, web::to(delete::delete))],
        ));
}

/// Says that it is done.
#[derive(Serialize, ToSchema)]
pub struct Done {
    /// `success`
    status: &'static str,
}

impl Done {
    const SUCCESS: Self = Self { status: "success" };
}
