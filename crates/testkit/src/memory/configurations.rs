//! The configurations of providers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use async_trait::async_trait;
use snackbase_application::ports::{
    ConfigurationCount, ConfigurationQuery, ConfigurationRepository, StoreError,
};
use snackbase_domain::ConfigurationId;
use snackbase_domain::configuration::Configuration;

use super::Memory;
use super::state::{State, conflict, cut};

fn check(state: &State, configuration: &Configuration) -> Result<(), StoreError> {
    for known in state.configurations.values().filter(|known| known.id != configuration.id) {
        let same_category =
            known.account_id == configuration.account_id && known.category == configuration.category;
        if same_category && known.provider_name == configuration.provider_name {
            return conflict("configurations.provider_name");
        }
        if same_category && known.is_default && configuration.is_default {
            return conflict("configurations.is_default");
        }
    }
    Ok(())
}

#[async_trait]
impl ConfigurationRepository for Memory {
    async fn find(&self, id: ConfigurationId) -> Result<Option<Configuration>, StoreError> {
        Ok(self.state().configurations.get(&id).cloned())
    }

    async fn lock(&self, id: ConfigurationId) -> Result<Option<Configuration>, StoreError> {
        ConfigurationRepository::find(self, id).await
    }

    async fn list(&self, query: &ConfigurationQuery) -> Result<Vec<Configuration>, StoreError> {
        let state = self.state();
        let wanted = |known: &&Configuration| {
            query.account_id.is_none_or(|account| known.account_id == account)
                && query.category.as_ref().is_none_or(|category| known.category == *category)
                && query.enabled.is_none_or(|enabled| known.enabled == enabled)
        };
        let mut found: Vec<_> = state.configurations.values().filter(wanted).cloned().collect();
        found.sort_by_key(|known| (known.priority, Reverse((known.created_at, known.id))));
        Ok(found)
    }

    async fn recent(&self, limit: u64) -> Result<Vec<Configuration>, StoreError> {
        let mut found: Vec<_> = self.state().configurations.values().cloned().collect();
        found.sort_by_key(|known| Reverse((known.updated_at, known.id)));
        Ok(cut(found, 0, limit))
    }

    async fn counts(&self) -> Result<Vec<ConfigurationCount>, StoreError> {
        let mut counts = BTreeMap::new();
        for known in self.state().configurations.values().filter(|known| known.enabled) {
            *counts.entry((known.category.clone(), known.is_system())).or_default() += 1;
        }
        let count = |((category, system), count)| ConfigurationCount { category, system, count };
        Ok(counts.into_iter().map(count).collect())
    }

    async fn insert(&self, configuration: &Configuration) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.configurations.contains_key(&configuration.id) {
            return conflict("configurations.id");
        }
        check(&state, configuration)?;
        if !state.accounts.contains_key(&configuration.account_id) {
            return Err(StoreError::ForeignKey);
        }
        state.configurations.insert(configuration.id, configuration.clone());
        Ok(())
    }

    async fn update(&self, configuration: &Configuration) -> Result<(), StoreError> {
        let mut state = self.state();
        if let Some(known) = state.configurations.get(&configuration.id).cloned() {
            let changed = Configuration {
                account_id: known.account_id,
                category: known.category,
                provider_name: known.provider_name,
                created_at: known.created_at,
                ..configuration.clone()
            };
            check(&state, &changed)?;
            state.configurations.insert(changed.id, changed);
        }
        Ok(())
    }

    async fn delete(&self, id: ConfigurationId) -> Result<bool, StoreError> {
        Ok(self.state().configurations.remove(&id).is_some())
    }
}
