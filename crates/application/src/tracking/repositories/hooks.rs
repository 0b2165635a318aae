//! Hooks.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::automation::EventKind;
use snackbase_domain::hook::{Hook, HookExecution};
use snackbase_domain::{AccountId, HookId, JobId};

use crate::ports::{HookExecutionPage, HookPage, HookQuery, HookRepository, StoreError};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl HookRepository for TrackedWork {
    async fn insert(&self, hook: &Hook) -> Result<(), StoreError> {
        self.plain().hooks().insert(hook).await?;
        self.created(hook);
        Ok(())
    }

    async fn find(&self, id: HookId) -> Result<Option<Hook>, StoreError> {
        self.plain().hooks().find(id).await
    }

    async fn page(&self, account: AccountId, query: &HookQuery) -> Result<HookPage, StoreError> {
        self.plain().hooks().page(account, query).await
    }

    async fn count(&self, account: AccountId) -> Result<(u64, u64), StoreError> {
        self.plain().hooks().count(account).await
    }

    async fn update(&self, hook: &Hook) -> Result<bool, StoreError> {
        self.hold("hooks", hook.id).await?;
        let before = self.for_audit(self.plain().hooks().find(hook.id)).await?;
        let updated = self.plain().hooks().update(hook).await?;
        if let Some(before) = before.filter(|_| updated) {
            self.updated(&before, hook);
        }
        Ok(updated)
    }

    async fn delete(&self, id: HookId) -> Result<bool, StoreError> {
        self.hold("hooks", id).await?;
        let before = self.for_audit(self.plain().hooks().find(id)).await?;
        let deleted = self.plain().hooks().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }

    async fn waiting_for(
        &self,
        account: AccountId,
        kind: EventKind,
        collection: Option<&str>,
    ) -> Result<Vec<Hook>, StoreError> {
        self.plain().hooks().waiting_for(account, kind, collection).await
    }

    async fn scheduled(
        &self,
        due: Option<DateTime<Utc>>,
        after: Option<HookId>,
        limit: u64,
    ) -> Result<Vec<Hook>, StoreError> {
        self.plain().hooks().scheduled(due, after, limit).await
    }

    /// The clock's doing, nobody's change.
    async fn reschedule(
        &self,
        id: HookId,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        ran: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        self.plain().hooks().reschedule(id, due, next, ran).await
    }

    /// Executions tell of themselves.
    async fn insert_execution(&self, execution: &HookExecution) -> Result<(), StoreError> {
        self.plain().hooks().insert_execution(execution).await
    }

    async fn was_run_by(&self, id: HookId, job: JobId) -> Result<bool, StoreError> {
        self.plain().hooks().was_run_by(id, job).await
    }

    async fn executions(&self, id: HookId, offset: u64, limit: u64) -> Result<HookExecutionPage, StoreError> {
        self.plain().hooks().executions(id, offset, limit).await
    }
}
