//! Mail: its templates and what became of it.

mod create;
mod delete;
mod get;
mod list;
mod logs;
mod render;
mod test_send;
mod update;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_domain::mail::EmailTemplate;
use utoipa::{OpenApi, ToSchema};

use crate::http::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    render::render,
    get::get,
    update::update,
    delete::delete,
    test_send::send,
    logs::list,
    logs::get
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/admin/email/templates",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource("/admin/email/templates/render", [(Method::POST, web::to(render::render))]))
        .service(resource("/admin/email/templates/{id}/test", [(Method::POST, web::to(test_send::send))]))
        .service(resource(
            "/admin/email/templates/{id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PUT, web::to(update::update)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ))
        .service(resource("/admin/email/logs", [(Method::GET, web::to(logs::list))]))
        .service(resource("/admin/email/logs/{id}", [(Method::GET, web::to(logs::get))]));
}

/// What a mail of a type says in a locale.
#[derive(Serialize, ToSchema)]
pub struct Template {
    id: String,
    /// The account that it holds for; the system account's hold for all.
    account_id: String,
    template_type: String,
    locale: String,
    subject: String,
    html_body: String,
    text_body: String,
    enabled: bool,
    is_builtin: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<EmailTemplate> for Template {
    fn from(template: EmailTemplate) -> Self {
        Self {
            id: template.id.to_string(),
            account_id: template.account_id.to_string(),
            template_type: template.template_type,
            locale: template.locale,
            subject: template.subject,
            html_body: template.html_body,
            text_body: template.text_body,
            enabled: template.enabled,
            is_builtin: template.is_builtin,
            created_at: template.created_at,
            updated_at: template.updated_at,
        }
    }
}
