//! Custom endpoints.

use async_trait::async_trait;
use snackbase_domain::endpoint::{Endpoint, EndpointExecution};
use snackbase_domain::{AccountId, EndpointId};

use crate::ports::{EndpointExecutionPage, EndpointPage, EndpointQuery, EndpointRepository, StoreError};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl EndpointRepository for TrackedWork {
    async fn insert(&self, endpoint: &Endpoint) -> Result<(), StoreError> {
        self.plain().endpoints().insert(endpoint).await?;
        self.created(endpoint);
        Ok(())
    }

    async fn find(&self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        self.plain().endpoints().find(id).await
    }

    async fn page(&self, account: AccountId, query: &EndpointQuery) -> Result<EndpointPage, StoreError> {
        self.plain().endpoints().page(account, query).await
    }

    async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        self.plain().endpoints().count(account).await
    }

    async fn enabled(&self, account: AccountId) -> Result<Vec<Endpoint>, StoreError> {
        self.plain().endpoints().enabled(account).await
    }

    async fn update(&self, endpoint: &Endpoint) -> Result<bool, StoreError> {
        self.hold("endpoints", endpoint.id).await?;
        let before = self.for_audit(self.plain().endpoints().find(endpoint.id)).await?;
        let updated = self.plain().endpoints().update(endpoint).await?;
        if let Some(before) = before.filter(|_| updated) {
            self.updated(&before, endpoint);
        }
        Ok(updated)
    }

    async fn delete(&self, id: EndpointId) -> Result<bool, StoreError> {
        self.hold("endpoints", id).await?;
        let before = self.for_audit(self.plain().endpoints().find(id)).await?;
        let deleted = self.plain().endpoints().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }

    /// Executions tell of themselves.
    async fn insert_execution(&self, execution: &EndpointExecution) -> Result<(), StoreError> {
        self.plain().endpoints().insert_execution(execution).await
    }

    async fn trim_executions(&self, id: EndpointId) -> Result<(), StoreError> {
        self.plain().endpoints().trim_executions(id).await
    }

    async fn executions(
        &self,
        id: EndpointId,
        offset: u64,
        limit: u64,
    ) -> Result<EndpointExecutionPage, StoreError> {
        self.plain().endpoints().executions(id, offset, limit).await
    }
}
