//! POST /admin/email/templates/render

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::mail::{Mail, RenderRequest};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// A template to be filled; parts that are given replace the stored ones.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct RenderTemplate {
    template_type: String,
    variables: BTreeMap<String, String>,
    /// `en` by default.
    locale: Option<String>,
    account_id: Option<String>,
    subject: Option<String>,
    html_body: Option<String>,
    text_body: Option<String>,
}

/// A filled template.
#[derive(Serialize, ToSchema)]
pub struct RenderedTemplate {
    subject: String,
    html_body: String,
    text_body: String,
}

/// Shows what a template makes of variables.
#[utoipa::path(post, path = "/api/v1/admin/email/templates/render", tag = "email",
    request_body = RenderTemplate,
    responses((status = 200, body = RenderedTemplate), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub async fn render(
    Superadmin(_): Superadmin,
    body: Result<JsonBody, Faults>,
    mail: Data<Mail>,
) -> ApiResult {
    let body = body?;
    let mut fields = body.fields()?;
    let template_type = fields.string("template_type").required();
    let variables = fields.string_map("variables").required();
    let locale = fields.string("locale").default("en".to_owned());
    let account = fields.string("account_id").optional();
    let subject = fields.string("subject").optional();
    let html_body = fields.string("html_body").optional();
    let text_body = fields.string("text_body").optional();
    fields.finish()?;
    let variables = variables.into_iter().map(|(name, value)| (name, value.into())).collect();
    let request = RenderRequest { template_type, locale, account, variables, subject, html_body, text_body };
    let rendered = mail.render_template(request).await?;
    Ok(HttpResponse::Ok().json(RenderedTemplate {
        subject: rendered.subject,
        html_body: rendered.html_body,
        text_body: rendered.text_body,
    }))
}
