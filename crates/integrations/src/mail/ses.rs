//! Mail by Amazon SES, API v2
//! (<https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;
use snackbase_application::configuration::ProviderSettings;
use snackbase_application::ports::{MailFault, OutgoingMail};
use url::Url;

use super::message::{Sender, message, recipient};
use super::{again, judged, required};
use crate::outbound::Http;
use crate::sigv4::{Signer, Unsigned};

const JSON: &str = "application/json";

/// Sends in the region of the settings, or at `endpoint_url` where they have one.
pub(super) async fn send(
    http: &Http,
    settings: &ProviderSettings,
    mail: &OutgoingMail,
    now: DateTime<Utc>,
) -> Result<(), MailFault> {
    let sender = Sender::read(settings)?;
    let body = json!({
        "FromEmailAddress": sender.from.email.to_string(),
        "Destination": { "ToAddresses": [recipient(mail)?.email.to_string()] },
        "Content": { "Raw": { "Data": STANDARD.encode(message(&sender, mail)?.formatted()) } },
    })
    .to_string();
    let region = settings.text("region").unwrap_or("us-east-1");
    if !region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err(again("region is not valid"));
    }
    let base = match settings.text("endpoint_url") {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("https://email.{region}.amazonaws.com"),
    };
    let url = Url::parse(&format!("{base}/v2/email/outbound-emails"));
    let url = url.map_err(|_| again("endpoint_url is no address"))?;
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let signer = Signer {
        access_key_id: required(settings, "access_key_id")?,
        secret_access_key: required(settings, "secret_access_key")?,
        region,
        service: "ses",
    };
    let unsigned = Unsigned {
        method: "POST",
        host: &host,
        path: url.path(),
        content_type: Some(JSON),
        body: body.as_bytes(),
    };
    let signed = signer.sign(&unsigned, now);
    let request = http.request(Method::POST, url.as_str()).await?;
    let request = request
        .header(CONTENT_TYPE, JSON)
        .header("X-Amz-Date", signed.date)
        .header(AUTHORIZATION, signed.authorization)
        .body(body);
    judged(&http.send(request).await?)
}
