//! Pages that mailed links lead to. Where the application has none of its own, the
//! links point at this server, which leads on to the pages of the admin UI. Opening
//! a link never uses up its token: programs that look at mails open links, too.

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::routing::resource;
use super::ui::BASE;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    for page in ["/verify-email", "/reset-password", "/accept-invitation"] {
        config.service(resource(page, [(Method::GET, web::to(lead_on))]));
    }
}

async fn lead_on(request: HttpRequest) -> HttpResponse {
    let page = request.path().trim_matches('/');
    let mut location = format!("{BASE}{page}");
    if !request.query_string().is_empty() {
        location = format!("{location}?{}", request.query_string());
    }
    HttpResponse::TemporaryRedirect()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}
