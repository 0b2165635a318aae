//! Tries the settings of providers.

mod mail;
mod oauth;
mod saml;
mod storage;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value};
use snackbase_application::ports::{Clock, ConnectionTester};
use snackbase_domain::configuration::{AUTH_PROVIDERS, EMAIL_PROVIDERS, SAML_PROVIDERS, STORAGE_PROVIDERS};
use snackbase_domain::file::Provider;

use crate::files;
use crate::outbound::{Destinations, Http};

/// The longest that a test may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of a reply: discovery documents have a few thousand.
const MAX_REPLY: usize = 1 << 20;

/// Tries settings by connecting to the provider.
pub struct ProviderTester {
    destinations: Destinations,
    http: Http,
    clock: Arc<dyn Clock>,
    /// Where files are kept.
    storage_path: PathBuf,
}

impl ProviderTester {
    /// `storage_path` is the folder of the files that are kept locally.
    pub fn new(destinations: Destinations, clock: Arc<dyn Clock>, storage_path: PathBuf) -> Self {
        Self { destinations, http: Http::new(destinations, TIMEOUT, MAX_REPLY), clock, storage_path }
    }
}

#[async_trait]
impl ConnectionTester for ProviderTester {
    async fn test(
        &self,
        category: &str,
        provider: &str,
        values: &Map<String, Value>,
    ) -> Result<String, String> {
        match (category, provider) {
            (EMAIL_PROVIDERS, "smtp") => mail::smtp(self.destinations, values).await,
            (EMAIL_PROVIDERS, "resend") => mail::resend(&self.http, values).await,
            (EMAIL_PROVIDERS, "aws_ses") => mail::aws_ses(&self.http, values, self.clock.now()).await,
            (STORAGE_PROVIDERS, "local") => storage::local(&self.storage_path).await,
            (STORAGE_PROVIDERS, "s3" | "azure" | "gcs") => match Provider::parse(provider) {
                Some(service) => {
                    let tested = files::test(self.destinations, service, values);
                    let late = || Err(format!("{} connection failed (timeout): no answer", service.title()));
                    tokio::time::timeout(TIMEOUT, tested).await.unwrap_or_else(|_| late())
                }
                None => Err(format!("Provider {provider} does not support connection testing yet.")),
            },
            (AUTH_PROVIDERS, "google" | "github" | "microsoft" | "apple") => {
                oauth::test(&self.http, provider, values).await
            }
            (AUTH_PROVIDERS | SAML_PROVIDERS, "okta" | "azure_ad" | "generic_saml") => saml::check(values),
            _ => Err(format!("Provider {provider} does not support connection testing yet.")),
        }
    }
}

/// A value that is a text and not empty.
fn text<'v>(values: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    values.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}
