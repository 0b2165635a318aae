//! The OpenAPI document and the page that shows it.

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, SecurityRequirement};
use utoipa_swagger_ui::SwaggerUi;

use super::routing::resource;
use super::{
    accounts, admin, audit_logs, auth, automation, collections, dashboard, files, groups, health,
    invitations, macros, migrations, realtime, records, roles, rules, setup, users,
};

/// The prefix of the paths in the document: the default one.
const API_PREFIX: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "SnackBase",
        description = "Backend as a service: collections defined at run time, with rules, accounts and users.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(health::health, health::ready, health::live, health::root)
)]
struct Base;

/// The document of the whole API (OpenAPI 3.1).
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Base::openapi();
    let parts = [
        setup::Doc::openapi(),
        auth::Doc::openapi(),
        accounts::Doc::openapi(),
        users::Doc::openapi(),
        roles::Doc::openapi(),
        groups::Doc::openapi(),
        invitations::Doc::openapi(),
        admin::api_keys::Doc::openapi(),
        audit_logs::Doc::openapi(),
        admin::configuration::Doc::openapi(),
        admin::email::Doc::openapi(),
        admin::health::Doc::openapi(),
        admin::jobs::Doc::openapi(),
        collections::Doc::openapi(),
        records::Doc::openapi(),
        files::Doc::openapi(),
        realtime::Doc::openapi(),
        rules::Doc::openapi(),
        macros::Doc::openapi(),
        dashboard::Doc::openapi(),
        automation::endpoints::Doc::openapi(),
        automation::hooks::Doc::openapi(),
        automation::webhooks::Doc::openapi(),
        migrations::Doc::openapi(),
    ];
    for part in parts {
        document.merge(part);
    }
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    document
        .components
        .get_or_insert_with(Components::new)
        .add_security_scheme("bearer", SecurityScheme::Http(bearer));
    name_operations(&mut document);
    document.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
    document
}

/// Names each operation by its method and path, e.g. `get_accounts_id`: generated
/// clients need names that no two share.
fn name_operations(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let words: String = path
            .trim_start_matches(API_PREFIX)
            .split('/')
            .map(|word| word.trim_matches(['{', '}']))
            .filter(|word| !word.is_empty())
            .map(|word| format!("_{word}"))
            .collect();
        let words = if words.is_empty() { "_root".to_owned() } else { words };
        let operations = [
            ("get", &mut item.get),
            ("options", &mut item.options),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}{words}"));
            }
        }
    }
}

/// The document as it is checked in: indented, with a line feed at the end.
pub fn document_text() -> String {
    let mut text = document().to_pretty_json().expect("the document can be written as JSON");
    text.push('\n');
    text
}

/// The routes; only in development.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/docs", [(Method::GET, web::to(|| redirect("/docs/")))]))
        .service(resource("/redoc", [(Method::GET, web::to(|| redirect("/docs/")))]))
        .service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", document()));
}

async fn redirect(to: &'static str) -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, to)).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checked_in_document_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let text = document_text();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == text, "docs/openapi.json differs: run the tests with UPDATE_DOCS=1");
    }
}
