//! Upkeep: old deliveries go, those without a job come to an end, and secrets get today's key.

use chrono::TimeDelta;

use super::{JOB_KEY, Webhooks, place};
use crate::configuration::Resealed;
use crate::ports::{Repositories, SecretBox};
use crate::{AppError, tx};

/// How long deliveries are kept.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How many are removed in one transaction.
const REMOVED_AT_ONCE: u64 = 500;
/// How old a delivery without a job is when it is given up. Delivery and job are made together; jobs
/// that were cancelled, or that ended with their workers, leave one.
const ABANDONED_AFTER: TimeDelta = TimeDelta::minutes(10);
/// What is kept of such a delivery.
const ABANDONED: &str = "The job of this delivery ended before it was made";

impl Webhooks {
    /// Removes deliveries that were made long ago; how many.
    pub async fn remove_old(&self) -> Result<u64, AppError> {
        let before = self.clock.now() - KEPT;
        let mut removed = 0;
        loop {
            let work = self.storage.begin().await?;
            let outcome =
                work.repositories().webhook_deliveries().remove_before(before, REMOVED_AT_ONCE).await;
            match tx::finish(work, outcome.map_err(AppError::from)).await? {
                0 => return Ok(removed),
                some => removed += some,
            }
        }
    }

    /// Ends deliveries that nobody will make; how many.
    pub async fn end_abandoned(&self) -> Result<u64, AppError> {
        let before = self.clock.now() - ABANDONED_AFTER;
        let deliveries = self.storage.read().webhook_deliveries();
        let abandoned = deliveries.abandoned(JOB_KEY, before, REMOVED_AT_ONCE).await?;
        for delivery in &abandoned {
            self.give_up(delivery.id, ABANDONED).await?;
        }
        Ok(abandoned.len() as u64)
    }
}

/// Seals the secrets of webhooks with today's key, within a unit of work.
pub(crate) async fn reseal_in(
    store: &dyn Repositories,
    secrets: &dyn SecretBox,
) -> Result<Resealed, AppError> {
    let mut done = Resealed::default();
    for listed in store.webhooks().all().await? {
        let Some(mut webhook) = store.webhooks().lock(listed.id).await? else {
            continue;
        };
        let place = place(&webhook);
        let secret = secrets.open(&webhook.sealed_secret, &place).map_err(|fault| {
            AppError::Internal(format!("The secret of webhook {} cannot be read: {fault}", webhook.id))
        })?;
        if secrets.is_current(&webhook.sealed_secret) {
            done.current += 1;
            continue;
        }
        webhook.sealed_secret = secrets.seal(&secret, &place);
        store.webhooks().update(&webhook).await?;
        done.sealed += 1;
    }
    Ok(done)
}
