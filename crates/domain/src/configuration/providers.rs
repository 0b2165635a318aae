//! The providers that are known, with JSON Schemas of their settings.

use serde_json::{Map, Value, json};

use super::{AUTH_PROVIDERS, EMAIL_PROVIDERS, STORAGE_PROVIDERS, SYSTEM_SETTINGS};

/// A known provider.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    pub category: &'static str,
    pub name: &'static str,
    pub display_name: &'static str,
    /// Path of its picture in the admin UI.
    pub logo_url: &'static str,
    schema: fn() -> Value,
}

impl Provider {
    /// JSON Schema of its settings; `{}` where there is nothing to set.
    pub fn schema(&self) -> Value {
        (self.schema)()
    }
}

/// All known providers, in the order in which they are shown.
pub fn providers() -> &'static [Provider] {
    PROVIDERS
}

/// A known provider.
pub fn provider(category: &str, name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.category == category && provider.name == name)
}

macro_rules! logo {
    ($name:literal) => {
        concat!("/assets/providers/", $name, ".svg")
    };
}

const PROVIDERS: &[Provider] = &[
    Provider {
        category: AUTH_PROVIDERS,
        name: "email_password",
        display_name: "Email and Password",
        logo_url: logo!("email"),
        schema: nothing,
    },
    Provider {
        category: EMAIL_PROVIDERS,
        name: "smtp",
        display_name: "SMTP Server",
        logo_url: logo!("smtp"),
        schema: smtp,
    },
    Provider {
        category: EMAIL_PROVIDERS,
        name: "aws_ses",
        display_name: "AWS SES",
        logo_url: logo!("aws-ses"),
        schema: aws_ses,
    },
    Provider {
        category: EMAIL_PROVIDERS,
        name: "resend",
        display_name: "Resend",
        logo_url: logo!("resend"),
        schema: resend,
    },
    Provider {
        category: SYSTEM_SETTINGS,
        name: "system",
        display_name: "System Settings",
        logo_url: logo!("system"),
        schema: system,
    },
    Provider {
        category: STORAGE_PROVIDERS,
        name: "local",
        display_name: "Local Filesystem",
        logo_url: logo!("system"),
        schema: nothing,
    },
    Provider {
        category: STORAGE_PROVIDERS,
        name: "s3",
        display_name: "Amazon S3",
        logo_url: logo!("aws-ses"),
        schema: s3,
    },
    Provider {
        category: STORAGE_PROVIDERS,
        name: "azure",
        display_name: "Azure Blob Storage",
        logo_url: logo!("azure"),
        schema: azure,
    },
    Provider {
        category: STORAGE_PROVIDERS,
        name: "gcs",
        display_name: "Google Cloud Storage",
        logo_url: logo!("google"),
        schema: gcs,
    },
    Provider {
        category: AUTH_PROVIDERS,
        name: "google",
        display_name: "Google",
        logo_url: logo!("google"),
        schema: google,
    },
    Provider {
        category: AUTH_PROVIDERS,
        name: "github",
        display_name: "GitHub",
        logo_url: logo!("github"),
        schema: github,
    },
    Provider {
        category: AUTH_PROVIDERS,
        name: "microsoft",
        display_name: "Microsoft",
        logo_url: logo!("microsoft"),
        schema: microsoft,
    },
    Provider {
        category: AUTH_PROVIDERS,
        name: "apple",
        display_name: "Apple",
        logo_url: logo!("apple"),
        schema: apple,
    },
    Provider {
        category: AUTH_PROVIDERS,
        name: "okta",
        display_name: "Okta",
        logo_url: logo!("okta"),
        schema: saml,
    },
    Provider {
        category: AUTH_PROVIDERS,
        name: "azure_ad",
        display_name: "Azure AD",
        logo_url: logo!("azure"),
        schema: saml,
    },
    Provider {
        category: AUTH_PROVIDERS,
        name: "generic_saml",
        display_name: "SAML 2.0",
        logo_url: logo!("saml"),
        schema: generic_saml,
    },
];

/// The schema of an object.
fn object(properties: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A text to fill in.
fn text(title: &str) -> Value {
    json!({ "type": "string", "title": title })
}

/// A text with what it is when not given.
fn text_or(title: &str, default: &str) -> Value {
    json!({ "type": "string", "title": title, "default": default })
}

/// A text that is not shown again.
fn secret(title: &str) -> Value {
    json!({ "type": "string", "title": title, "format": "password", "writeOnly": true })
}

fn nothing() -> Value {
    json!({})
}

/// Who mail comes from, which all providers of mail ask for.
fn with_sender(mut properties: Value) -> Value {
    let sender = json!({
        "from_email": { "type": "string", "title": "From address", "format": "email" },
        "from_name": text_or("From name", "SnackBase"),
        "reply_to": { "type": "string", "title": "Reply-To address", "format": "email" },
    });
    if let (Value::Object(all), Value::Object(sender)) = (&mut properties, sender) {
        all.extend(sender);
    }
    properties
}

fn smtp() -> Value {
    let properties = with_sender(json!({
        "host": text("Host"),
        "port": { "type": "integer", "title": "Port", "default": 587, "minimum": 1, "maximum": 65535 },
        "username": text("User name"),
        "password": secret("Password"),
        "use_tls": { "type": "boolean", "title": "Upgrade to TLS (STARTTLS)", "default": true },
        "use_ssl": { "type": "boolean", "title": "TLS from the start", "default": false },
    }));
    object(properties, &["host", "port", "username", "password", "from_email"])
}

fn aws_ses() -> Value {
    let properties = with_sender(json!({
        "region": text_or("Region", "us-east-1"),
        "access_key_id": text("Access key ID"),
        "secret_access_key": secret("Secret access key"),
    }));
    object(properties, &["region", "access_key_id", "secret_access_key", "from_email"])
}

fn resend() -> Value {
    object(with_sender(json!({ "api_key": secret("API key") })), &["api_key", "from_email"])
}

fn s3() -> Value {
    let properties = json!({
        "bucket": text("Bucket"),
        "region": text_or("Region", "us-east-1"),
        "access_key_id": text("Access key ID"),
        "secret_access_key": secret("Secret access key"),
        "endpoint_url": text("Endpoint, for services other than Amazon's"),
    });
    object(properties, &["bucket", "region", "access_key_id", "secret_access_key"])
}

fn azure() -> Value {
    let properties = json!({
        "account_name": text("Name of the storage account"),
        "container": text("Container"),
        "access_key": secret("Access key"),
        "endpoint_url": text("Endpoint, for services other than Azure's"),
    });
    object(properties, &["account_name", "container", "access_key"])
}

fn gcs() -> Value {
    let properties = json!({
        "bucket": text("Bucket"),
        "service_account_key": secret("Key of the service account, as JSON"),
        "endpoint_url": text("Endpoint, for services other than Google's"),
    });
    object(properties, &["bucket", "service_account_key"])
}

fn system() -> Value {
    let properties = json!({
        "app_name": text_or("Name of the application", "SnackBase"),
        "app_url": { "type": "string", "title": "Address of the application", "format": "uri" },
        "support_email": text("Address for support"),
    });
    object(properties, &["app_name", "app_url"])
}

/// Settings of a client of OAuth 2.0.
fn oauth(scopes: &[&str]) -> Map<String, Value> {
    let properties = json!({
        "client_id": text("Client ID"),
        "client_secret": { "type": "string", "title": "Client secret", "secret": true },
        "scopes": { "type": "array", "title": "Scopes", "items": { "type": "string" }, "default": scopes },
        "redirect_uri": { "type": "string", "title": "Redirect URI", "format": "uri" },
    });
    match properties {
        Value::Object(properties) => properties,
        _ => Map::new(),
    }
}

const OAUTH_REQUIRED: [&str; 4] = ["client_id", "client_secret", "scopes", "redirect_uri"];

fn google() -> Value {
    object(oauth(&["openid", "email", "profile"]).into(), &OAUTH_REQUIRED)
}

fn github() -> Value {
    object(oauth(&["user:email"]).into(), &OAUTH_REQUIRED)
}

fn microsoft() -> Value {
    let mut properties = oauth(&["openid", "email", "profile", "User.Read"]);
    properties.insert("tenant_id".to_owned(), text_or("Tenant ID", "common"));
    object(properties.into(), &OAUTH_REQUIRED)
}

fn apple() -> Value {
    let mut properties = oauth(&["name", "email"]);
    properties.insert("team_id".to_owned(), text("Team ID"));
    properties.insert("key_id".to_owned(), text("Key ID"));
    object(properties.into(), &["client_id", "client_secret", "team_id", "key_id", "redirect_uri"])
}

/// Settings of a service provider of SAML 2.0.
fn saml_properties() -> Map<String, Value> {
    let properties = json!({
        "idp_entity_id": text("Entity ID of the identity provider"),
        "idp_sso_url": { "type": "string", "title": "Sign-in address of the identity provider", "format": "uri" },
        "idp_x509_cert": text("Certificate of the identity provider"),
        "sp_entity_id": text("Entity ID of this service"),
        "assertion_consumer_url": { "type": "string", "title": "Assertion consumer URL", "format": "uri" },
    });
    match properties {
        Value::Object(properties) => properties,
        _ => Map::new(),
    }
}

const SAML_REQUIRED: [&str; 5] =
    ["idp_entity_id", "idp_sso_url", "idp_x509_cert", "sp_entity_id", "assertion_consumer_url"];

fn saml() -> Value {
    object(saml_properties().into(), &SAML_REQUIRED)
}

fn generic_saml() -> Value {
    let mut properties = saml_properties();
    let binding = json!({
        "type": "string",
        "title": "Binding",
        "enum": ["HTTP-Redirect", "HTTP-POST"],
        "default": "HTTP-Redirect",
    });
    properties.insert("binding".to_owned(), binding);
    properties.insert(
        "name_id_format".to_owned(),
        text_or("Format of the name ID", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
    );
    object(properties.into(), &SAML_REQUIRED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_is_described() {
        for provider in providers() {
            let schema = provider.schema();
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            for name in required {
                let name = name.as_str().unwrap();
                assert!(schema["properties"][name].is_object(), "{}: {name}", provider.name);
            }
            let found = super::provider(provider.category, provider.name).unwrap();
            assert_eq!(found.display_name, provider.display_name, "names are unique");
        }
        assert!(super::provider(EMAIL_PROVIDERS, "google").is_none());
    }
}
