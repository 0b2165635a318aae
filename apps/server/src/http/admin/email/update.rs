//! PUT /admin/email/templates/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::mail::{Mail, TemplateChanges};
use utoipa::ToSchema;

use super::Template;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// Changes of a mail template; what is absent or null stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct UpdateTemplate {
    subject: Option<String>,
    html_body: Option<String>,
    text_body: Option<String>,
    enabled: Option<bool>,
}

/// Changes a mail template.
#[utoipa::path(put, path = "/api/v1/admin/email/templates/{id}", tag = "email",
    params(("id" = String, Path, description = "Id of the template")),
    request_body = UpdateTemplate,
    responses((status = 200, body = Template), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn update(
    Superadmin(by): Superadmin,
    id: Path<String>,
    body: Result<JsonBody, Faults>,
    mail: Data<Mail>,
) -> ApiResult {
    let body = body?;
    let mut fields = body.fields()?;
    let changes = TemplateChanges {
        subject: fields.string("subject").optional(),
        html_body: fields.string("html_body").optional(),
        text_body: fields.string("text_body").optional(),
        enabled: fields.boolean("enabled").optional(),
    };
    fields.finish()?;
    Ok(HttpResponse::Ok().json(Template::from(mail.update_template(&by, &id, changes).await?)))
}
