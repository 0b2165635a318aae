//! Ports: webhooks, and what became of their deliveries.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::webhook::{Delivery, Webhook};
use snackbase_domain::{AccountId, WebhookDeliveryId, WebhookId};

use super::StoreError;

/// The webhooks.
#[async_trait]
pub trait WebhookRepository: Send + Sync {
    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError>;
    /// As `find`, and nobody else changes it until the unit of work ends.
    async fn lock(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError>;
    /// An account's, newest first.
    async fn of_account(&self, account: AccountId) -> Result<Vec<Webhook>, StoreError>;
    /// How many an account has; nobody else makes one of it until the unit of work ends.
    async fn count_locked(&self, account: AccountId) -> Result<u64, StoreError>;
    /// Those of an account that are enabled, wait for changes of a collection and were there at a
    /// moment; oldest first.
    async fn listening(
        &self,
        account: AccountId,
        collection: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<Webhook>, StoreError>;
    /// All there are.
    async fn all(&self) -> Result<Vec<Webhook>, StoreError>;
    /// `ForeignKey` when there is no such account.
    async fn insert(&self, webhook: &Webhook) -> Result<(), StoreError>;
    /// Stores all but id, account and when and by whom it was made.
    async fn update(&self, webhook: &Webhook) -> Result<(), StoreError>;
    /// With its deliveries. Whether it was there.
    async fn delete(&self, id: WebhookId) -> Result<bool, StoreError>;
}

/// A part of a webhook's deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryPage {
    pub items: Vec<Delivery>,
    /// How many there are in all.
    pub total: u64,
}

/// What was and is to be told.
#[async_trait]
pub trait WebhookDeliveryRepository: Send + Sync {
    /// Adds one, unless the webhook has one of the same event. Whether it did: of several that try at
    /// once one gets true. `ForeignKey` when there is no such webhook.
    async fn insert(&self, delivery: &Delivery) -> Result<bool, StoreError>;
    async fn find(&self, id: WebhookDeliveryId) -> Result<Option<Delivery>, StoreError>;
    /// As `find`, and nobody else changes it until the unit of work ends.
    async fn lock(&self, id: WebhookDeliveryId) -> Result<Option<Delivery>, StoreError>;
    /// A webhook's, newest first.
    async fn page(&self, webhook: WebhookId, offset: u64, limit: u64) -> Result<DeliveryPage, StoreError>;
    /// Stores where it stands.
    async fn update(&self, delivery: &Delivery) -> Result<(), StoreError>;
    /// Deliveries made before a moment that are to be tried (again) although no job of the key
    /// `prefix` + id waits or runs, at most `limit`; oldest first.
    async fn abandoned(
        &self,
        prefix: &str,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Delivery>, StoreError>;
    /// Removes those made before a moment, at most `limit`; how many.
    async fn remove_before(&self, before: DateTime<Utc>, limit: u64) -> Result<u64, StoreError>;
}
