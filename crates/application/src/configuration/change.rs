//! Use cases: make, change and delete configurations.

use serde_json::{Map, Value};
use snackbase_domain::configuration::{Configuration, MASK, STORAGE_PROVIDERS, restore};
use snackbase_domain::{AccountId, ConfigurationId};

use super::{Configurations, find_account, invalid, not_found, seal};
use crate::ports::{ConfigurationQuery, Repositories, StoreError};
use crate::{AppError, Principal, tx};

/// What a new configuration is made of.
#[derive(Clone, Debug)]
pub struct NewConfiguration {
    /// As the request names it; the system account without.
    pub account: Option<String>,
    pub category: String,
    pub provider_name: String,
    pub display_name: String,
    pub logo_url: Option<String>,
    pub values: Map<String, Value>,
    pub enabled: bool,
    pub priority: i32,
}

impl Configurations {
    /// Stores settings of a provider.
    pub async fn create(&self, by: &Principal, new: NewConfiguration) -> Result<ConfigurationId, AppError> {
        let id = ConfigurationId::new(self.ids.new_id());
        let values = seal::seal(&*self.secrets, id, &restore(&new.values.into(), &Value::Null))?;
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let account_id = match &new.account {
                None => AccountId::SYSTEM,
                Some(account) => find_account(store, account).await?,
            };
            if new.category == STORAGE_PROVIDERS && !account_id.is_system() {
                return Err(invalid("Storage providers can only be configured at system level."));
            }
            let now = self.clock.now();
            let configuration = Configuration {
                id,
                account_id,
                category: new.category,
                provider_name: new.provider_name,
                display_name: new.display_name,
                logo_url: new.logo_url,
                values,
                enabled: new.enabled,
                is_builtin: false,
                is_default: false,
                priority: new.priority,
                created_at: now,
                updated_at: now,
            };
            store.configurations().insert(&configuration).await.map_err(|error| match error {
                StoreError::Conflict { .. } => {
                    AppError::conflict("Configuration already exists for this provider and category.")
                }
                // Deleted since it was looked up.
                StoreError::ForeignKey => AppError::not_found("Account not found"),
                other => other.into(),
            })?;
            Ok(id)
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Switches a configuration on or off. What is off is no default.
    pub async fn set_enabled(
        &self,
        by: &Principal,
        id: &str,
        enabled: bool,
    ) -> Result<Configuration, AppError> {
        self.change(by, id, |configuration| {
            configuration.enabled = enabled;
            configuration.is_default &= enabled;
            Ok(())
        })
        .await
    }

    /// Makes a configuration the only default of its category in its account.
    pub async fn set_default(&self, by: &Principal, id: &str) -> Result<Configuration, AppError> {
        self.change(by, id, |configuration| {
            if !configuration.enabled {
                return Err(invalid("Cannot set a disabled provider as default. Enable it first."));
            }
            configuration.is_default = true;
            Ok(())
        })
        .await
    }

    /// Makes a configuration an ordinary one again.
    pub async fn unset_default(&self, by: &Principal, id: &str) -> Result<Configuration, AppError> {
        self.change(by, id, |configuration| {
            configuration.is_default = false;
            Ok(())
        })
        .await
    }

    /// Replaces all values. A mask among them means what is stored in its place.
    pub async fn set_values(
        &self,
        by: &Principal,
        id: &str,
        values: Map<String, Value>,
    ) -> Result<(), AppError> {
        let sent = Value::Object(values);
        self.change(by, id, |configuration| {
            let id = configuration.id;
            let plain = if holds_mask(&sent) {
                restore(&sent, &seal::open(&*self.secrets, id, &configuration.values)?)
            } else {
                sent
            };
            configuration.values = seal::seal(&*self.secrets, id, &plain)?;
            Ok(())
        })
        .await?;
        Ok(())
    }

    /// Deletes a configuration that is not built in.
    pub async fn delete(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let configuration = locked(store, id).await?;
            if configuration.is_builtin {
                return Err(invalid("Cannot delete built-in provider"));
            }
            store.configurations().delete(configuration.id).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Changes a configuration in a unit of work, as nobody else does meanwhile.
    async fn change(
        &self,
        by: &Principal,
        id: &str,
        change: impl FnOnce(&mut Configuration) -> Result<(), AppError> + Send,
    ) -> Result<Configuration, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let mut configuration = locked(store, id).await?;
            let was_default = configuration.is_default;
            change(&mut configuration)?;
            configuration.updated_at = self.clock.now();
            if configuration.is_default && !was_default {
                unset_others(store, &configuration).await?;
            }
            store.configurations().update(&configuration).await.map_err(|error| match error {
                StoreError::Conflict { .. } => {
                    AppError::conflict("Another default was set at the same moment. Try again.")
                }
                other => other.into(),
            })?;
            Ok(configuration)
        }
        .await;
        tx::finish(work, outcome).await
    }
}

/// Takes the default from the others of the category in the account.
async fn unset_others(store: &dyn Repositories, default: &Configuration) -> Result<(), AppError> {
    let query = ConfigurationQuery {
        account_id: Some(default.account_id),
        category: Some(default.category.clone()),
        enabled: None,
    };
    for listed in store.configurations().list(&query).await? {
        if !listed.is_default || listed.id == default.id {
            continue;
        }
        if let Some(mut other) = store.configurations().lock(listed.id).await? {
            other.is_default = false;
            store.configurations().update(&other).await?;
        }
    }
    Ok(())
}

/// The configuration of an id as it came, kept for this unit of work.
async fn locked(store: &dyn Repositories, id: &str) -> Result<Configuration, AppError> {
    let found = match id.parse() {
        Ok(id) => store.configurations().lock(id).await?,
        Err(_) => None,
    };
    found.ok_or_else(not_found)
}

fn holds_mask(value: &Value) -> bool {
    match value {
        Value::String(text) => text == MASK,
        Value::Array(items) => items.iter().any(holds_mask),
        Value::Object(fields) => fields.values().any(holds_mask),
        _ => false,
    }
}
