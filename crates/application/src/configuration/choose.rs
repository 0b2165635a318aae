//! Which settings hold for an account: its own, else those of the system.

use serde_json::{Map, Value};
use snackbase_domain::configuration::{Configuration, SYSTEM_SETTINGS};
use snackbase_domain::{AccountId, ConfigurationId};

use super::{Configurations, seal};
use crate::AppError;
use crate::ports::{ConfigurationQuery, Repositories};

/// The settings of a provider, ready for use: secrets are in clear. Never to be
/// stored, logged or shown.
#[derive(Clone, PartialEq)]
pub struct ProviderSettings {
    pub id: ConfigurationId,
    /// Whose they are: the account that asked, or the system account.
    pub account_id: AccountId,
    pub category: String,
    pub provider_name: String,
    pub values: Map<String, Value>,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the values: they hold secrets.
        write!(f, "ProviderSettings({}/{} {})", self.category, self.provider_name, self.id)
    }
}

impl ProviderSettings {
    /// A value that is a text and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

/// Name, address and contact of the installation as an account shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemSettings {
    pub app_name: String,
    /// Without a slash at the end.
    pub app_url: String,
    /// May be empty.
    pub support_email: String,
}

impl Configurations {
    /// The enabled providers of a category for an account, the one to use first:
    /// its own ones – the default, then by priority, then newest – or, when it has
    /// none, the system's.
    pub async fn enabled_in(
        &self,
        store: &dyn Repositories,
        account: AccountId,
        category: &str,
    ) -> Result<Vec<ProviderSettings>, AppError> {
        let mut found = self.enabled_rows(store, account, category).await?;
        if found.is_empty() && !account.is_system() {
            found = self.enabled_rows(store, AccountId::SYSTEM, category).await?;
        }
        // The sort is stable: behind the default the order stays.
        found.sort_by_key(|configuration| !configuration.is_default);
        found.into_iter().map(|configuration| self.opened(configuration)).collect()
    }

    /// The settings of one provider for an account: its own enabled ones, else
    /// the system's.
    pub async fn provider_in(
        &self,
        store: &dyn Repositories,
        account: AccountId,
        category: &str,
        provider: &str,
    ) -> Result<Option<ProviderSettings>, AppError> {
        for account in [account, AccountId::SYSTEM] {
            let rows = self.enabled_rows(store, account, category).await?;
            let found = rows.into_iter().find(|configuration| configuration.provider_name == provider);
            if let Some(configuration) = found {
                return self.opened(configuration).map(Some);
            }
        }
        Ok(None)
    }

    /// The system settings that hold for an account.
    pub async fn system_settings(
        &self,
        store: &dyn Repositories,
        account: AccountId,
    ) -> Result<SystemSettings, AppError> {
        let settings = self.enabled_in(store, account, SYSTEM_SETTINGS).await?;
        let text = |name: &str| settings.first().and_then(|first| first.text(name));
        Ok(SystemSettings {
            app_name: text("app_name").unwrap_or("SnackBase").to_owned(),
            app_url: text("app_url").unwrap_or(&self.external_url).trim_end_matches('/').to_owned(),
            support_email: text("support_email").unwrap_or_default().to_owned(),
        })
    }

    async fn enabled_rows(
        &self,
        store: &dyn Repositories,
        account: AccountId,
        category: &str,
    ) -> Result<Vec<Configuration>, AppError> {
        let query = ConfigurationQuery {
            account_id: Some(account),
            category: Some(category.to_owned()),
            enabled: Some(true),
        };
        Ok(store.configurations().list(&query).await?)
    }

    fn opened(&self, configuration: Configuration) -> Result<ProviderSettings, AppError> {
        let values = match seal::open(&*self.secrets, configuration.id, &configuration.values)? {
            Value::Object(values) => values,
            _ => {
                let message = format!("configuration {} holds no object", configuration.id);
                return Err(AppError::inconsistent(message));
            }
        };
        Ok(ProviderSettings {
            id: configuration.id,
            account_id: configuration.account_id,
            category: configuration.category,
            provider_name: configuration.provider_name,
            values,
        })
    }
}
