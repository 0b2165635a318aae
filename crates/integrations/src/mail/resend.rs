//! Mail by Resend (<https://resend.com/docs/api-reference/emails/send-email>).

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use snackbase_application::configuration::ProviderSettings;
use snackbase_application::ports::{MailFault, OutgoingMail};

use super::message::{Sender, in_one_line, recipient};
use super::{judged, required};
use crate::outbound::Http;

/// Sends at `base_url` where the settings have one.
pub(super) async fn send(
    http: &Http,
    settings: &ProviderSettings,
    mail: &OutgoingMail,
) -> Result<(), MailFault> {
    let sender = Sender::read(settings)?;
    let mut body = json!({
        "from": sender.from.to_string(),
        "to": [recipient(mail)?.email.to_string()],
        "subject": in_one_line(&mail.subject),
        "html": mail.html_body,
        "text": mail.text_body,
    });
    if let Some(reply_to) = &sender.reply_to {
        body["reply_to"] = reply_to.to_string().into();
    }
    let base = settings.text("base_url").unwrap_or("https://api.resend.com").trim_end_matches('/');
    let request = http.request(Method::POST, &format!("{base}/emails")).await?;
    let request = request
        .bearer_auth(required(settings, "api_key")?)
        .header(CONTENT_TYPE, "application/json")
        // Another attempt with the same message does not send it twice.
        .header("Idempotency-Key", mail.id.to_string())
        .body(body.to_string());
    judged(&http.send(request).await?)
}
