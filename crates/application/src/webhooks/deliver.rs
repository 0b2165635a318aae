//! The job that makes a delivery: one attempt each time it runs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::job::{Job, backoff};
use snackbase_domain::webhook::{Delivery, DeliveryStatus, Webhook};
use snackbase_domain::{WebhookDeliveryId, WebhookId};

use super::Webhooks;
use crate::ports::{HttpFault, HttpResponse, JobFailure, JobHandler, Repositories};
use crate::{Actor, AppError, tx};

/// What is kept of a delivery whose webhook does not want it any more.
const DISABLED: &str = "The webhook is disabled";

#[async_trait]
impl JobHandler for Webhooks {
    /// A delivery that is gone or arrived, and one whose webhook is gone or disabled, need no attempt.
    async fn run(&self, job: &Job) -> Result<(), JobFailure> {
        let id = job.payload.get("delivery_id").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| JobFailure("The payload names no delivery".to_owned()))?;
        let Some((webhook, delivery)) = self.to_deliver(id).await? else {
            return Ok(());
        };
        if !webhook.enabled {
            self.give_up(id, DISABLED).await?;
            return Ok(());
        }
        let outcome = self.send(&webhook, id, delivery.event.as_str(), delivery.payload).await;
        let failures = job.attempts.saturating_add(1);
        let again =
            (failures < job.max_attempts).then(|| self.clock.now() + backoff(job.retry_delay, failures));
        self.note(&webhook, id, &outcome, again).await?;
        match outcome {
            Ok(response) if response.is_success() => Ok(()),
            Ok(response) => Err(JobFailure(format!("The receiver answered {}", response.status))),
            Err(fault) => Err(JobFailure(fault.to_string())),
        }
    }
}

impl Webhooks {
    /// A delivery that is to be made, with its webhook as it is now. Accounts that are being deleted tell nothing.
    async fn to_deliver(&self, id: WebhookDeliveryId) -> Result<Option<(Webhook, Delivery)>, AppError> {
        let store = self.storage.read();
        let Some(delivery) = store.webhook_deliveries().find(id).await? else {
            return Ok(None);
        };
        if delivery.status == DeliveryStatus::Delivered
            || store.accounts().find(delivery.account_id).await?.is_none()
        {
            return Ok(None);
        }
        let webhook = store.webhooks().find(delivery.webhook_id).await?;
        Ok(webhook.map(|webhook| (webhook, delivery)))
    }

    /// Notes that a delivery is not to be tried any more.
    pub(super) async fn give_up(&self, id: WebhookDeliveryId, why: &str) -> Result<(), AppError> {
        let work = self.storage.begin().await?;
        let outcome = async {
            let deliveries = work.repositories().webhook_deliveries();
            if let Some(delivery) = deliveries.lock(id).await? {
                deliveries.update(&delivery.given_up(why)).await?;
            }
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Notes what came of an attempt; `again` is when the next one is due.
    async fn note(
        &self,
        webhook: &Webhook,
        id: WebhookDeliveryId,
        outcome: &Result<HttpResponse, HttpFault>,
        again: Option<DateTime<Utc>>,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let arrived = outcome.as_ref().is_ok_and(HttpResponse::is_success);
        let work = self.storage.begin_as(Actor::System).await?;
        let noted = async {
            let store = work.repositories();
            // Webhooks are locked before their deliveries, as they are when one is deleted.
            if arrived && webhook.failures > 0 || !arrived && again.is_none() {
                note_health(store, webhook.id, arrived, now).await?;
            }
            let deliveries = store.webhook_deliveries();
            let Some(delivery) = deliveries.lock(id).await? else {
                return Ok(());
            };
            let delivery = match outcome {
                Ok(response) if arrived => delivery.delivered(response.status, &response.body, now),
                // Another attempt, of a worker that was taken for lost, may have arrived meanwhile.
                _ if delivery.status == DeliveryStatus::Delivered => return Ok(()),
                Ok(response) => delivery.failed(Some(response.status), &response.body, again),
                Err(fault) => delivery.failed(None, &fault.to_string(), again),
            };
            deliveries.update(&delivery).await?;
            Ok(())
        }
        .await;
        tx::finish(work, noted).await
    }
}

/// Notes that a delivery arrived, or failed for good. The latter may pause the webhook.
async fn note_health(
    store: &dyn Repositories,
    id: WebhookId,
    arrived: bool,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let Some(before) = store.webhooks().lock(id).await? else {
        return Ok(());
    };
    let after = if arrived { before.clone().reached() } else { before.clone().missed(now) };
    store.webhooks().update(&after).await?;
    if before.enabled && !after.enabled {
        tracing::warn!(webhook = %id, failures = after.failures, "a webhook is paused, as its deliveries have failed for long");
    }
    Ok(())
}
