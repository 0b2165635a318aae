//! POST /admin/email/templates

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::mail::{Mail, NewTemplate};
use utoipa::ToSchema;

use super::Template;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// A mail template to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct CreateTemplate {
    /// The system account by default, whose templates hold for all.
    account_id: Option<String>,
    template_type: String,
    /// `en` by default.
    locale: Option<String>,
    subject: String,
    html_body: String,
    text_body: String,
    /// True by default.
    enabled: Option<bool>,
}

/// Makes a mail template for an account.
#[utoipa::path(post, path = "/api/v1/admin/email/templates", tag = "email",
    request_body = CreateTemplate,
    responses((status = 201, body = Template), (status = 401), (status = 403), (status = 404), (status = 409),
        (status = 422)))]
pub async fn create(
    Superadmin(by): Superadmin,
    body: Result<JsonBody, Faults>,
    mail: Data<Mail>,
) -> ApiResult {
    let body = body?;
    let mut fields = body.fields()?;
    let account = fields.string("account_id").optional();
    let template_type = fields.string("template_type").len(1, 100).required();
    let locale = fields.string("locale").len(1, 35).default("en".to_owned());
    let subject = fields.string("subject").required();
    let html_body = fields.string("html_body").required();
    let text_body = fields.string("text_body").required();
    let enabled = fields.boolean("enabled").default(true);
    fields.finish()?;
    let new = NewTemplate { account, template_type, locale, subject, html_body, text_body, enabled };
    Ok(HttpResponse::Created().json(Template::from(mail.create_template(&by, new).await?)))
}
