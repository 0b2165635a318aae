//! GET /admin/email/templates

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::mail::{Mail, TemplateFilter};

use super::Template;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;

/// Lists the mail templates by account, type and locale.
#[utoipa::path(get, path = "/api/v1/admin/email/templates", tag = "email",
    params(
        ("template_type" = Option<String>, Query, description = "Only those of this type"),
        ("locale" = Option<String>, Query, description = "Only those in this locale"),
        ("account_id" = Option<String>, Query, description = "Only those of this account"),
        ("enabled" = Option<bool>, Query, description = "Only enabled or only disabled ones"),
    ),
    responses((status = 200, body = Vec<Template>), (status = 401), (status = 403), (status = 422)))]
pub async fn list(Superadmin(_): Superadmin, query: Query, mail: Data<Mail>) -> ApiResult {
    let mut fields = query.fields();
    let template_type = fields.string("template_type").optional().filter(|text| !text.is_empty());
    let locale = fields.string("locale").optional().filter(|text| !text.is_empty());
    let account = fields.string("account_id").optional().filter(|text| !text.is_empty());
    let enabled = fields.boolean("enabled").optional();
    fields.finish()?;
    let found = mail.templates(TemplateFilter { account, template_type, locale, enabled }).await?;
    Ok(HttpResponse::Ok().json(found.into_iter().map(Template::from).collect::<Vec<_>>()))
}
