//! What every installation has: signing in by password, local files, and the
//! system settings.

use serde_json::{Value, json};
use snackbase_domain::configuration::{
    AUTH_PROVIDERS, Configuration, STORAGE_PROVIDERS, SYSTEM_SETTINGS, provider,
};
use snackbase_domain::{AccountId, ConfigurationId};

use super::Configurations;
use crate::ports::{ConfigurationQuery, Repositories};
use crate::{AppError, tx};

impl Configurations {
    /// Makes what is missing of the built-in configurations; the system account
    /// must be there. Can be repeated.
    pub async fn seed(&self) -> Result<(), AppError> {
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            // Of several nodes that start at once, one seeds.
            store.collections().lock_schema().await?;
            self.seed_in(store).await
        }
        .await;
        tx::finish(work, outcome).await
    }

    async fn seed_in(&self, store: &dyn Repositories) -> Result<(), AppError> {
        let query = ConfigurationQuery { account_id: Some(AccountId::SYSTEM), ..Default::default() };
        let known = store.configurations().list(&query).await?;
        let system = json!({ "app_name": "SnackBase", "app_url": self.external_url, "support_email": "" });
        let no_default = !known.iter().any(|row| row.category == STORAGE_PROVIDERS && row.is_default);
        let seeds: [(&str, &str, Value, bool); 3] = [
            (AUTH_PROVIDERS, "email_password", json!({}), false),
            (SYSTEM_SETTINGS, "system", system, false),
            (STORAGE_PROVIDERS, "local", json!({}), no_default),
        ];
        for (category, name, values, is_default) in seeds {
            if known.iter().any(|row| row.category == category && row.provider_name == name) {
                continue;
            }
            let definition = provider(category, name).expect("what is seeded is a known provider");
            let now = self.clock.now();
            let configuration = Configuration {
                id: ConfigurationId::new(self.ids.new_id()),
                account_id: AccountId::SYSTEM,
                category: category.to_owned(),
                provider_name: name.to_owned(),
                display_name: definition.display_name.to_owned(),
                logo_url: Some(definition.logo_url.to_owned()),
                values,
                enabled: true,
                is_builtin: true,
                is_default,
                priority: 0,
                created_at: now,
                updated_at: now,
            };
            store.configurations().insert(&configuration).await?;
        }
        Ok(())
    }
}
