//! POST /admin/email/templates/{id}/test

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use snackbase_application::mail::{Mail, TestMail};
use snackbase_domain::email::Email;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// Whom to send a template to.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct SendTest {
    recipient_email: String,
    variables: Option<BTreeMap<String, String>>,
    /// Name of the provider; `auto` chooses as for other mail.
    provider: Option<String>,
}

/// A test that was sent.
#[derive(Serialize, ToSchema)]
pub struct TestSent {
    /// `success`
    status: &'static str,
    message: String,
    template_type: String,
    locale: String,
}

/// Sends a template as a mail.
#[utoipa::path(post, path = "/api/v1/admin/email/templates/{id}/test", tag = "email",
    params(("id" = String, Path, description = "Id of the template")),
    request_body = SendTest,
    responses((status = 200, body = TestSent), (status = 401), (status = 403), (status = 404), (status = 422),
        (status = 500, description = "It could not be sent; the log says why")))]
pub async fn send(
    Superadmin(_): Superadmin,
    id: Path<String>,
    body: Result<JsonBody, Faults>,
    mail: Data<Mail>,
) -> ApiResult {
    let body = body?;
    let mut fields = body.fields()?;
    let recipient = fields.email("recipient_email").required();
    let variables = fields.string_map("variables").optional().unwrap_or_default();
    let provider = fields.string("provider").optional();
    fields.finish()?;
    let test = TestMail {
        recipient: Email::new(recipient.as_str()),
        variables: variables.into_iter().map(|(name, value)| (name, value.into())).collect(),
        provider: provider.filter(|name| !name.is_empty() && name != "auto"),
    };
    let template = mail.send_test(&id, test).await?;
    Ok(HttpResponse::Ok().json(TestSent {
        status: "success",
        message: format!("Test email sent to {recipient}"),
        template_type: template.template_type,
        locale: template.locale,
    }))
}
