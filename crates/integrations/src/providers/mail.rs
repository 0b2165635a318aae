//! Providers of mail.

use chrono::{DateTime, Utc};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Map, Value};
use url::Url;

use super::{TIMEOUT, text};
use crate::outbound::{Destinations, Http, HttpReply};
use crate::sigv4::{Signer, Unsigned};
use crate::smtp::{SmtpSettings, told};

/// Connects, secures the connection and signs in.
pub(super) async fn smtp(destinations: Destinations, values: &Map<String, Value>) -> Result<String, String> {
    let settings = SmtpSettings::read(values).map_err(|reason| format!("SMTP test failed: {reason}"))?;
    let connected = tokio::time::timeout(TIMEOUT, connect(&settings, destinations)).await;
    match connected {
        Ok(Ok(())) => Ok("SMTP connection successful".to_owned()),
        Ok(Err(reason)) => Err(format!("SMTP connection failed: {reason}")),
        Err(_) => Err(format!("SMTP connection failed: no answer within {} seconds", TIMEOUT.as_secs())),
    }
}

async fn connect(settings: &SmtpSettings, destinations: Destinations) -> Result<(), String> {
    let mut reason = "no address".to_owned();
    for (_, transport) in settings.transports(destinations, TIMEOUT).await? {
        match transport.test_connection().await {
            Ok(true) => return Ok(()),
            Ok(false) => "the server closed the connection".clone_into(&mut reason),
            Err(error) => reason = told(&error),
        }
    }
    Err(reason)
}

/// Lists the domains of the account at Resend (<https://resend.com/docs/api-reference/domains/list-domains>),
/// at `base_url` where the values have one.
pub(super) async fn resend(http: &Http, values: &Map<String, Value>) -> Result<String, String> {
    let failed = |reason: String| format!("Resend connection failed: {reason}");
    let key = text(values, "api_key").ok_or("Resend test failed: api_key is missing")?;
    let base = text(values, "base_url").unwrap_or("https://api.resend.com").trim_end_matches('/');
    let request = http.request(Method::GET, &format!("{base}/domains")).await;
    let request = request.map_err(|fault| failed(fault.to_string()))?.bearer_auth(key);
    let reply = http.send(request).await.map_err(|fault| failed(fault.to_string()))?;
    if reply.status.is_success() {
        return Ok("Resend connection successful".to_owned());
    }
    let said: Option<Value> = serde_json::from_slice(&reply.body).ok();
    let said = said.as_ref().and_then(|said| said["message"].as_str());
    Err(failed(refusal(&reply, said)))
}

/// Asks Amazon SES for the account's quota (`GetSendQuota`), at `endpoint_url`
/// where the values have one.
pub(super) async fn aws_ses(
    http: &Http,
    values: &Map<String, Value>,
    now: DateTime<Utc>,
) -> Result<String, String> {
    const FORM: &str = "application/x-www-form-urlencoded";
    const BODY: &str = "Action=GetSendQuota&Version=2010-12-01";
    let failed = |reason: String| format!("AWS SES connection failed: {reason}");
    let given = |name: &str| text(values, name).ok_or(format!("AWS SES test failed: {name} is missing"));
    let (access_key_id, secret_access_key) = (given("access_key_id")?, given("secret_access_key")?);
    let region = text(values, "region").unwrap_or("us-east-1");
    if !region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err("AWS SES test failed: region is not valid".to_owned());
    }
    let endpoint = match text(values, "endpoint_url") {
        Some(url) => format!("{}/", url.trim_end_matches('/')),
        None => format!("https://email.{region}.amazonaws.com/"),
    };
    let url = Url::parse(&endpoint).map_err(|_| failed("the address is not valid".to_owned()))?;
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let unsigned = Unsigned {
        method: "POST",
        host: &host,
        path: url.path(),
        content_type: Some(FORM),
        body: BODY.as_bytes(),
    };
    let signed = Signer { access_key_id, secret_access_key, region, service: "ses" }.sign(&unsigned, now);
    let request = http.request(Method::POST, url.as_str()).await;
    let request = request
        .map_err(|fault| failed(fault.to_string()))?
        .header(CONTENT_TYPE, FORM)
        .header("X-Amz-Date", signed.date)
        .header(AUTHORIZATION, signed.authorization)
        .body(BODY);
    let reply = http.send(request).await.map_err(|fault| failed(fault.to_string()))?;
    if reply.status.is_success() {
        return Ok("AWS SES connection successful".to_owned());
    }
    let said = String::from_utf8_lossy(&reply.body);
    let said = said.split_once("<Message>").and_then(|(_, rest)| rest.split_once("</Message>"));
    Err(failed(refusal(&reply, said.map(|(message, _)| message))))
}

/// What a provider said when it refused, cut to a sentence's length.
fn refusal(reply: &HttpReply, said: Option<&str>) -> String {
    let status = reply.status.as_u16();
    match said {
        Some(said) => format!("status {status}: {}", said.chars().take(300).collect::<String>()),
        None => format!("status {status}"),
    }
}
