//! Webhooks and their deliveries.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{DeliveryPage, StoreError, WebhookDeliveryRepository, WebhookRepository};
use snackbase_domain::job::JobStatus;
use snackbase_domain::webhook::{Delivery, DeliveryStatus, Webhook};
use snackbase_domain::{AccountId, WebhookDeliveryId, WebhookId};

use super::Memory;
use super::state::{conflict, cut, sort_by};

impl Memory {
    fn webhooks_where(&self, meant: impl Fn(&Webhook) -> bool, newest_first: bool) -> Vec<Webhook> {
        let mut found: Vec<_> = self.state().webhooks.values().filter(|w| meant(w)).cloned().collect();
        sort_by(&mut found, newest_first, |a, b| a.created_at.cmp(&b.created_at), |webhook| webhook.id);
        found
    }
}

#[async_trait]
impl WebhookRepository for Memory {
    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        Ok(self.state().webhooks.get(&id).cloned())
    }

    async fn lock(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        WebhookRepository::find(self, id).await
    }

    async fn of_account(&self, account: AccountId) -> Result<Vec<Webhook>, StoreError> {
        Ok(self.webhooks_where(|webhook| webhook.account_id == account, true))
    }

    async fn count_locked(&self, account: AccountId) -> Result<u64, StoreError> {
        Ok(self.webhooks_where(|webhook| webhook.account_id == account, true).len() as u64)
    }

    async fn listening(
        &self,
        account: AccountId,
        collection: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<Webhook>, StoreError> {
        let listens = |webhook: &Webhook| {
            webhook.account_id == account
                && webhook.collection == collection
                && webhook.enabled
                && webhook.created_at <= at
        };
        Ok(self.webhooks_where(listens, false))
    }

    async fn all(&self) -> Result<Vec<Webhook>, StoreError> {
        Ok(self.webhooks_where(|_| true, false))
    }

    async fn insert(&self, webhook: &Webhook) -> Result<(), StoreError> {
        let mut state = self.state();
        if !state.accounts.contains_key(&webhook.account_id) {
            return Err(StoreError::ForeignKey);
        }
        if state.webhooks.contains_key(&webhook.id) {
            return conflict("webhooks.id");
        }
        state.webhooks.insert(webhook.id, webhook.clone());
        Ok(())
    }

    async fn update(&self, webhook: &Webhook) -> Result<(), StoreError> {
        if let Some(known) = self.state().webhooks.get_mut(&webhook.id) {
            *known = Webhook {
                account_id: known.account_id,
                created_at: known.created_at,
                created_by: known.created_by,
                ..webhook.clone()
            };
        }
        Ok(())
    }

    async fn delete(&self, id: WebhookId) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.deliveries.retain(|_, delivery| delivery.webhook_id != id);
        Ok(state.webhooks.remove(&id).is_some())
    }
}

#[async_trait]
impl WebhookDeliveryRepository for Memory {
    async fn insert(&self, delivery: &Delivery) -> Result<bool, StoreError> {
        let mut state = self.state();
        if !state.webhooks.contains_key(&delivery.webhook_id) {
            return Err(StoreError::ForeignKey);
        }
        let same = |known: &Delivery| {
            known.webhook_id == delivery.webhook_id
                && known.event_id.is_some()
                && known.event_id == delivery.event_id
        };
        if state.deliveries.values().any(same) {
            return Ok(false);
        }
        state.deliveries.insert(delivery.id, delivery.clone());
        Ok(true)
    }

    async fn find(&self, id: WebhookDeliveryId) -> Result<Option<Delivery>, StoreError> {
        Ok(self.state().deliveries.get(&id).cloned())
    }

    async fn lock(&self, id: WebhookDeliveryId) -> Result<Option<Delivery>, StoreError> {
        WebhookDeliveryRepository::find(self, id).await
    }

    async fn page(&self, webhook: WebhookId, offset: u64, limit: u64) -> Result<DeliveryPage, StoreError> {
        let state = self.state();
        let mut found: Vec<_> =
            state.deliveries.values().filter(|delivery| delivery.webhook_id == webhook).cloned().collect();
        sort_by(&mut found, true, |a, b| a.created_at.cmp(&b.created_at), |delivery| delivery.id);
        let total = found.len() as u64;
        Ok(DeliveryPage { items: cut(found, offset, limit), total })
    }

    async fn update(&self, delivery: &Delivery) -> Result<(), StoreError> {
        if let Some(known) = self.state().deliveries.get_mut(&delivery.id) {
            *known = delivery.clone();
        }
        Ok(())
    }

    async fn abandoned(
        &self,
        prefix: &str,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Delivery>, StoreError> {
        let state = self.state();
        let has_job = |id: WebhookDeliveryId| {
            let key = format!("{prefix}{id}");
            let mut jobs = state.jobs.values();
            jobs.any(|job| {
                job.unique_key.as_ref() == Some(&key)
                    && (job.status.waits() || job.status == JobStatus::Running)
            })
        };
        let is_abandoned = |delivery: &&Delivery| {
            matches!(delivery.status, DeliveryStatus::Pending | DeliveryStatus::Retrying)
                && delivery.created_at < before
                && !has_job(delivery.id)
        };
        let mut found: Vec<_> = state.deliveries.values().filter(is_abandoned).cloned().collect();
        sort_by(&mut found, false, |a, b| a.created_at.cmp(&b.created_at), |delivery| delivery.id);
        Ok(cut(found, 0, limit))
    }

    async fn remove_before(&self, before: DateTime<Utc>, limit: u64) -> Result<u64, StoreError> {
        let mut state = self.state();
        let old = state.deliveries.values().filter(|delivery| delivery.created_at < before);
        let old = cut(old.map(|delivery| delivery.id).collect(), 0, limit);
        state.deliveries.retain(|id, _| !old.contains(id));
        Ok(old.len() as u64)
    }
}
