//! Use case: tell somebody again.

use snackbase_domain::AccountId;
use snackbase_domain::webhook::Delivery;

use super::dispatch::NewDelivery;
use super::{Webhooks, lock};
use crate::{AppError, Principal, tx};

impl Webhooks {
    /// Makes a new delivery with the payload of another one of the webhook.
    pub async fn redeliver(
        &self,
        by: &Principal,
        account: AccountId,
        id: &str,
        delivery: &str,
    ) -> Result<Delivery, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            // Locked, so that it is there until the end.
            let webhook = lock(store, account, id).await?;
            let known = match delivery.parse() {
                Ok(id) => store.webhook_deliveries().find(id).await?,
                Err(_) => None,
            };
            let known = known.filter(|known| known.webhook_id == webhook.id);
            let known = known.ok_or_else(|| AppError::not_found("Delivery not found"))?;
            let again = NewDelivery { event_id: None, event: known.event, payload: known.payload, depth: 0 };
            self.queue_in(store, &webhook, again).await
        }
        .await;
        let made = tx::finish(work, outcome).await?;
        self.jobs.wake();
        tracing::info!(delivery = %made.id, webhook = %made.webhook_id, user_id = %by.user_id, "a delivery is made again");
        Ok(made)
    }
}
