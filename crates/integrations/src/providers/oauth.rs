//! Providers of OAuth 2.0: whether they can be reached, and whether the settings
//! are complete.

use reqwest::Method;
use serde_json::{Map, Value};

use super::text;
use crate::outbound::Http;

/// What must be there.
const REQUIRED: [&str; 3] = ["client_id", "client_secret", "redirect_uri"];

/// Asks for the provider's discovery document (OpenID Connect Discovery 1.0), at
/// `discovery_url` where the values have one; GitHub, which has none, for the root
/// of its API.
pub(super) async fn test(http: &Http, provider: &str, values: &Map<String, Value>) -> Result<String, String> {
    let (name, url, reached) = match provider {
        "github" => ("GitHub", "https://api.github.com".to_owned(), "API"),
        "microsoft" => {
            let tenant = text(values, "tenant_id").unwrap_or("common");
            if !tenant.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')) {
                return Err("tenant_id is not valid".to_owned());
            }
            let url =
                format!("https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration");
            ("Microsoft", url, "Discovery endpoint")
        }
        "apple" => {
            let url = "https://appleid.apple.com/.well-known/openid-configuration".to_owned();
            ("Apple", url, "Discovery endpoint")
        }
        _ => {
            let url = "https://accounts.google.com/.well-known/openid-configuration".to_owned();
            ("Google", url, "Discovery endpoint")
        }
    };
    let url = text(values, "discovery_url").map_or(url, str::to_owned);
    reach(http, &url).await.map_err(|reason| format!("Connectivity error to {name}: {reason}"))?;
    for field in REQUIRED {
        if text(values, field).is_none() {
            return Err(format!("Missing required configuration field: {field}"));
        }
    }
    Ok(format!("{name} connection successful. {reached} reached."))
}

async fn reach(http: &Http, url: &str) -> Result<(), String> {
    let request = http.request(Method::GET, url).await.map_err(|fault| fault.to_string())?;
    let reply = http.send(request).await.map_err(|fault| fault.to_string())?;
    if reply.status.is_success() { Ok(()) } else { Err(format!("status {}", reply.status.as_u16())) }
}
