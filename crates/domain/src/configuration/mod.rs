//! Settings of providers: mail, single sign-on, file storage, the system itself.
//! Each is a row of an account or, for all accounts, of the system account.

mod providers;
mod secrets;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{AccountId, ConfigurationId};

pub use providers::{Provider, provider, providers};
pub use secrets::{MASK, is_masked_key, is_sealed_key, map_secrets, mask, restore};

/// Category of the ways to sign in.
pub const AUTH_PROVIDERS: &str = "auth_providers";
/// Category of what sends mail.
pub const EMAIL_PROVIDERS: &str = "email_providers";
/// Category of identity providers that speak SAML.
pub const SAML_PROVIDERS: &str = "saml_providers";
/// Category of where files are kept.
pub const STORAGE_PROVIDERS: &str = "storage_providers";
/// Category of name, address and contact of the installation.
pub const SYSTEM_SETTINGS: &str = "system_settings";

/// The settings of a provider. An account has at most one for each category and
/// provider, and at most one default for each category.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    pub id: ConfigurationId,
    pub account_id: AccountId,
    /// What the provider is for, such as `email_providers`; others than the known
    /// ones are possible.
    pub category: String,
    /// Name of the provider within the category, such as `smtp`.
    pub provider_name: String,
    pub display_name: String,
    pub logo_url: Option<String>,
    /// An object. Stored, its secrets are sealed.
    pub values: Value,
    pub enabled: bool,
    /// Seeded, and not to be deleted.
    pub is_builtin: bool,
    pub is_default: bool,
    /// Lower ones come first.
    pub priority: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Configuration {
    /// Whether it holds for all accounts that have none of their own.
    pub fn is_system(&self) -> bool {
        self.account_id.is_system()
    }
}
