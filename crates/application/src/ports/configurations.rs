//! Port: settings of providers.

use async_trait::async_trait;
use serde_json::{Map, Value};
use snackbase_domain::configuration::Configuration;
use snackbase_domain::{AccountId, ConfigurationId};

use super::StoreError;

/// Which configurations to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigurationQuery {
    pub account_id: Option<AccountId>,
    pub category: Option<String>,
    pub enabled: Option<bool>,
}

/// How many enabled configurations there are of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationCount {
    pub category: String,
    /// Of the system account, or of all others together.
    pub system: bool,
    pub count: u64,
}

/// The configurations, with sealed secrets.
#[async_trait]
pub trait ConfigurationRepository: Send + Sync {
    async fn find(&self, id: ConfigurationId) -> Result<Option<Configuration>, StoreError>;
    /// As `find`, and nobody else changes it until the unit of work ends.
    async fn lock(&self, id: ConfigurationId) -> Result<Option<Configuration>, StoreError>;
    /// By priority, lowest first; of one priority the newest first.
    async fn list(&self, query: &ConfigurationQuery) -> Result<Vec<Configuration>, StoreError>;
    /// The last changed ones, latest first.
    async fn recent(&self, limit: u64) -> Result<Vec<Configuration>, StoreError>;
    /// Enabled ones, by category.
    async fn counts(&self) -> Result<Vec<ConfigurationCount>, StoreError>;
    /// `Conflict` when the account has one for category and provider, or a
    /// default of the category while this is one; `ForeignKey` when there is no
    /// such account.
    async fn insert(&self, configuration: &Configuration) -> Result<(), StoreError>;
    /// Stores all but id, account, category, provider and time of making;
    /// `Conflict` for a second default.
    async fn update(&self, configuration: &Configuration) -> Result<(), StoreError>;
    /// Whether it was there.
    async fn delete(&self, id: ConfigurationId) -> Result<bool, StoreError>;
}

/// Tries the settings of providers.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ConnectionTester: Send + Sync {
    /// Connects as the settings say, within ten seconds. What went well or
    /// wrong is told in a sentence for people, without secrets.
    async fn test(
        &self,
        category: &str,
        provider: &str,
        values: &Map<String, Value>,
    ) -> Result<String, String>;
}
