//! Resources that say which methods they know.

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpResponse, Resource, Route, web};
use serde_json::json;

/// A resource with a handler for each method; any other method is 405 with `Allow`.
///
/// ```ignore
/// resource("/accounts", [(Method::GET, web::to(list)), (Method::POST, web::to(create))])
/// ```
pub fn resource(path: &str, routes: impl IntoIterator<Item = (Method, Route)>) -> Resource {
    let mut allowed = Vec::new();
    let mut resource = web::resource(path);
    for (method, route) in routes {
        allowed.push(method.to_string());
        if method == Method::GET {
            allowed.push(Method::HEAD.to_string());
        }
        resource = resource.route(route.method(method));
    }
    let allowed = HeaderValue::from_str(&allowed.join(", ")).expect("names of methods may stand in a header");
    resource.default_service(answer_405(allowed))
}

/// The answer to a method that a path does not know; `allow` lists those it does.
pub fn method_not_allowed(allow: &'static str) -> Route {
    answer_405(HeaderValue::from_static(allow))
}

fn answer_405(allow: HeaderValue) -> Route {
    web::route().to(move || {
        let allow = allow.clone();
        async move {
            HttpResponse::MethodNotAllowed()
                .insert_header((ALLOW, allow))
                .json(json!({ "detail": "Method Not Allowed" }))
        }
    })
}

/// The answer to a path that does not exist, for `App::default_service(web::to(not_found))`.
pub async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "detail": "Not Found" }))
}
