//! Use case: tell webhooks of what has happened.

use serde_json::{Map, Value};
use snackbase_domain::automation::{AutomationEvent, EventKind};
use snackbase_domain::webhook::{Delivery, DeliveryStatus, Webhook, WebhookEvent, payload};
use snackbase_domain::{AutomationEventId, WebhookDeliveryId};
use snackbase_rules::json::Condition;

use super::{Webhooks, job_key};
use crate::jobs::NewJob;
use crate::ports::{Repositories, StoreError};
use crate::{AppError, tx};

/// The queue of deliveries.
const QUEUE: &str = "webhooks";
const PRIORITY: i32 = 1;
const ATTEMPTS: u32 = 5;
/// The pause after the first failure, in seconds.
const RETRY_DELAY: u32 = 60;

/// What a delivery is made of.
pub(super) struct NewDelivery {
    /// `None` when somebody asked for it.
    pub event_id: Option<AutomationEventId>,
    pub event: EventKind,
    pub payload: String,
    pub depth: u32,
}

impl Webhooks {
    /// Makes a delivery, and a job that sends it, for each webhook that waits for what has happened: all
    /// or none of them, and, however often an event is handed on, one for each webhook. A webhook that
    /// was made after the event is not told of it.
    ///
    /// # Errors
    /// When the store fails; the event is to be handed on again.
    pub async fn dispatch(&self, event: &AutomationEvent) -> Result<(), AppError> {
        let (Some(wanted), Some(collection)) = (WebhookEvent::of(event.kind), &event.collection) else {
            return Ok(());
        };
        let meant = async || {
            let webhooks = self.storage.read().webhooks();
            let found = webhooks.listening(event.account_id, collection, event.occurred_at).await?;
            let meant =
                |webhook: &Webhook| webhook.events.contains(&wanted) && filter_holds(webhook, &event.record);
            Ok::<_, StoreError>(found.into_iter().filter(meant).collect::<Vec<_>>())
        };
        let mut webhooks = meant().await?;
        if webhooks.is_empty() {
            return Ok(());
        }
        match self.dispatch_to(&webhooks, event).await {
            // One of them was deleted meanwhile.
            Err(AppError::Store(StoreError::ForeignKey)) => {
                webhooks = meant().await?;
                self.dispatch_to(&webhooks, event).await
            }
            done => done,
        }
    }

    async fn dispatch_to(&self, webhooks: &[Webhook], event: &AutomationEvent) -> Result<(), AppError> {
        let work = self.storage.begin().await?;
        let outcome = async {
            for webhook in webhooks {
                let new = NewDelivery {
                    event_id: Some(event.id),
                    event: event.kind,
                    payload: payload(webhook, event).to_string(),
                    depth: event.depth,
                };
                self.queue_in(work.repositories(), webhook, new).await?;
            }
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await?;
        self.jobs.wake();
        Ok(())
    }

    /// Makes a delivery and its job, unless there is one of the event.
    pub(super) async fn queue_in(
        &self,
        store: &dyn Repositories,
        webhook: &Webhook,
        new: NewDelivery,
    ) -> Result<Delivery, AppError> {
        let delivery = Delivery {
            id: WebhookDeliveryId::new(self.ids.new_id()),
            webhook_id: webhook.id,
            account_id: webhook.account_id,
            event_id: new.event_id,
            event: new.event,
            payload: new.payload,
            response_status: None,
            response_body: None,
            attempts: 0,
            delivered_at: None,
            next_retry_at: None,
            status: DeliveryStatus::Pending,
            created_at: self.clock.now(),
        };
        if store.webhook_deliveries().insert(&delivery).await? {
            let told = [("delivery_id", delivery.id.to_string()), ("webhook_id", webhook.id.to_string())];
            let told: Map<_, _> =
                told.map(|(name, id)| (name.to_owned(), Value::from(id))).into_iter().collect();
            let job = NewJob {
                queue: QUEUE.to_owned(),
                priority: PRIORITY,
                max_attempts: ATTEMPTS,
                retry_delay: RETRY_DELAY,
                account_id: Some(webhook.account_id),
                unique_key: Some(job_key(delivery.id)),
                depth: new.depth,
                ..NewJob::new(Self::HANDLER, told)
            };
            self.jobs.enqueue_in(store, job).await?;
        }
        Ok(delivery)
    }
}

/// Whether a webhook's filter holds; one that cannot be read, of data that came from elsewhere, does not.
fn filter_holds(webhook: &Webhook, record: &Map<String, Value>) -> bool {
    let Some(filter) = &webhook.filter else {
        return true;
    };
    match Condition::parse(filter) {
        Ok(condition) => condition.is_none_or(|condition| condition.holds(record)),
        Err(error) => {
            tracing::warn!(webhook = %webhook.id, %error, "the filter of a webhook cannot be read, so nothing is told");
            false
        }
    }
}
