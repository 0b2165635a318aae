//! Identity providers that speak SAML 2.0: what can be told without asking them.

use serde_json::{Map, Value};

use super::text;

/// What must be there.
const REQUIRED: [&str; 5] =
    ["idp_entity_id", "idp_sso_url", "idp_x509_cert", "sp_entity_id", "assertion_consumer_url"];

pub(super) fn check(values: &Map<String, Value>) -> Result<String, String> {
    let missing: Vec<_> = REQUIRED.into_iter().filter(|name| text(values, name).is_none()).collect();
    if missing.is_empty() {
        Ok("SAML configuration is valid. Metadata generated successfully.".to_owned())
    } else {
        let missing = missing.join(", ");
        Err(format!("Invalid SAML configuration: Missing required configuration: {missing}"))
    }
}
