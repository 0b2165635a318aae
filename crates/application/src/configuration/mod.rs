//! Settings of providers, managed by superadmins and used by other features.

mod change;
mod choose;
mod seal;
mod seed;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use snackbase_domain::AccountId;
use snackbase_domain::configuration::{Configuration, mask, provider};

pub use change::NewConfiguration;
pub use choose::{ProviderSettings, SystemSettings};
pub use seal::Resealed;
pub(crate) use seal::reseal_in;

use crate::ports::{
    Clock, ConfigurationQuery, ConnectionTester, IdGenerator, Repositories, SecretBox, Storage,
};
use crate::{AppError, Kind};

/// The use cases about settings of providers.
pub struct Configurations {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    secrets: Arc<dyn SecretBox>,
    tester: Arc<dyn ConnectionTester>,
    /// Address of the installation, without a slash at the end.
    external_url: String,
}

/// How many enabled configurations there are, by category.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub system: BTreeMap<String, u64>,
    /// Of all accounts together.
    pub accounts: BTreeMap<String, u64>,
}

impl Configurations {
    /// Wires the use cases. `external_url` is where the installation is reached.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        secrets: Arc<dyn SecretBox>,
        tester: Arc<dyn ConnectionTester>,
        external_url: String,
    ) -> Self {
        Self { storage, clock, ids, secrets, tester, external_url }
    }

    /// Numbers of enabled configurations.
    pub async fn stats(&self) -> Result<Stats, AppError> {
        let mut stats = Stats::default();
        for count in self.storage.read().configurations().counts().await? {
            let by_category = if count.system { &mut stats.system } else { &mut stats.accounts };
            by_category.insert(count.category, count.count);
        }
        Ok(stats)
    }

    /// The configurations that were changed last, latest first.
    pub async fn recent(&self, limit: u64) -> Result<Vec<Configuration>, AppError> {
        Ok(self.storage.read().configurations().recent(limit).await?)
    }

    /// Configurations of the system account, by priority, then newest.
    pub async fn of_system(&self, category: Option<String>) -> Result<Vec<Configuration>, AppError> {
        let query = ConfigurationQuery { account_id: Some(AccountId::SYSTEM), category, enabled: None };
        Ok(self.storage.read().configurations().list(&query).await?)
    }

    /// Configurations of an account, by priority, then newest; `account` is what
    /// the request names.
    pub async fn of_account(
        &self,
        account: &str,
        category: Option<String>,
    ) -> Result<Vec<Configuration>, AppError> {
        let store = self.storage.read();
        let account_id = Some(find_account(store, account).await?);
        let query = ConfigurationQuery { account_id, category, enabled: None };
        Ok(store.configurations().list(&query).await?)
    }

    /// The values of a configuration with masks for its secrets.
    pub async fn values(&self, id: &str) -> Result<Value, AppError> {
        let found = match id.parse() {
            Ok(id) => self.storage.read().configurations().find(id).await?,
            Err(_) => None,
        };
        let configuration = found.ok_or_else(not_found)?;
        let known = provider(&configuration.category, &configuration.provider_name);
        let schema = known.map(|known| known.schema()).unwrap_or_default();
        // What is masked need not be opened.
        let shown = mask(&configuration.values, &schema);
        seal::open(&*self.secrets, configuration.id, &shown)
    }

    /// Tries settings; nothing is stored. What went well, or wrong.
    pub async fn test(
        &self,
        category: &str,
        provider: &str,
        values: &Map<String, Value>,
    ) -> Result<String, String> {
        self.tester.test(category, provider, values).await
    }
}

fn not_found() -> AppError {
    AppError::not_found("Configuration not found")
}

fn invalid(text: &'static str) -> AppError {
    AppError::detail(Kind::Invalid, text)
}

/// The account of an id as it came.
async fn find_account(store: &dyn Repositories, id: &str) -> Result<AccountId, AppError> {
    let account = match id.parse::<AccountId>() {
        Ok(id) => store.accounts().find(id).await?,
        Err(_) => None,
    };
    account.map(|account| account.id).ok_or_else(|| AppError::not_found("Account not found"))
}
