//! Settings of providers.

use async_trait::async_trait;
use snackbase_domain::ConfigurationId;
use snackbase_domain::configuration::Configuration;

use crate::ports::{ConfigurationCount, ConfigurationQuery, ConfigurationRepository, StoreError};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl ConfigurationRepository for TrackedWork {
    async fn find(&self, id: ConfigurationId) -> Result<Option<Configuration>, StoreError> {
        self.plain().configurations().find(id).await
    }

    async fn lock(&self, id: ConfigurationId) -> Result<Option<Configuration>, StoreError> {
        self.plain().configurations().lock(id).await
    }

    async fn list(&self, query: &ConfigurationQuery) -> Result<Vec<Configuration>, StoreError> {
        self.plain().configurations().list(query).await
    }

    async fn recent(&self, limit: u64) -> Result<Vec<Configuration>, StoreError> {
        self.plain().configurations().recent(limit).await
    }

    async fn counts(&self) -> Result<Vec<ConfigurationCount>, StoreError> {
        self.plain().configurations().counts().await
    }

    async fn insert(&self, configuration: &Configuration) -> Result<(), StoreError> {
        self.plain().configurations().insert(configuration).await?;
        self.created(configuration);
        Ok(())
    }

    async fn update(&self, configuration: &Configuration) -> Result<(), StoreError> {
        let before = self.for_audit(self.plain().configurations().find(configuration.id)).await?;
        self.plain().configurations().update(configuration).await?;
        if let Some(before) = before {
            self.updated(&before, configuration);
        }
        Ok(())
    }

    async fn delete(&self, id: ConfigurationId) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().configurations().find(id)).await?;
        let deleted = self.plain().configurations().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }
}
