//! Webhooks.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::webhook::Webhook;
use snackbase_domain::{AccountId, WebhookId};

use crate::ports::{StoreError, WebhookRepository};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl WebhookRepository for TrackedWork {
    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.plain().webhooks().find(id).await
    }

    async fn lock(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.plain().webhooks().lock(id).await
    }

    async fn of_account(&self, account: AccountId) -> Result<Vec<Webhook>, StoreError> {
        self.plain().webhooks().of_account(account).await
    }

    async fn count_locked(&self, account: AccountId) -> Result<u64, StoreError> {
        self.plain().webhooks().count_locked(account).await
    }

    async fn listening(
        &self,
        account: AccountId,
        collection: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<Webhook>, StoreError> {
        self.plain().webhooks().listening(account, collection, at).await
    }

    async fn all(&self) -> Result<Vec<Webhook>, StoreError> {
        self.plain().webhooks().all().await
    }

    async fn insert(&self, webhook: &Webhook) -> Result<(), StoreError> {
        self.plain().webhooks().insert(webhook).await?;
        self.created(webhook);
        Ok(())
    }

    /// Use cases have locked it.
    async fn update(&self, webhook: &Webhook) -> Result<(), StoreError> {
        let before = self.for_audit(self.plain().webhooks().find(webhook.id)).await?;
        self.plain().webhooks().update(webhook).await?;
        if let Some(before) = before {
            self.updated(&before, webhook);
        }
        Ok(())
    }

    /// Its deliveries go with it and are not noted.
    async fn delete(&self, id: WebhookId) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().webhooks().lock(id)).await?;
        let deleted = self.plain().webhooks().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }
}
