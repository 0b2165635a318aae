//! Use cases: look at webhooks and what became of their deliveries.

use snackbase_domain::AccountId;
use snackbase_domain::webhook::Webhook;

use super::{Webhooks, find};
use crate::AppError;
use crate::ports::DeliveryPage;

impl Webhooks {
    /// An account's webhooks, newest first.
    pub async fn list(&self, account: AccountId) -> Result<Vec<Webhook>, AppError> {
        Ok(self.storage.read().webhooks().of_account(account).await?)
    }

    /// One of them.
    pub async fn view(&self, account: AccountId, id: &str) -> Result<Webhook, AppError> {
        find(self.storage.read(), account, id).await
    }

    /// What became of its deliveries, newest first.
    pub async fn deliveries(
        &self,
        account: AccountId,
        id: &str,
        offset: u64,
        limit: u64,
    ) -> Result<DeliveryPage, AppError> {
        let store = self.storage.read();
        let webhook = find(store, account, id).await?;
        Ok(store.webhook_deliveries().page(webhook.id, offset, limit).await?)
    }
}
