//! Where a job stands once its worker is done with it, or gone.

use chrono::{DateTime, Utc};
use snackbase_domain::job::{EVENT_QUEUE, Job};

use super::Jobs;
use crate::ports::{Repositories, StoreError};
use crate::{AppError, tx};

/// How many jobs of lost workers are taken back in one transaction.
const TAKEN_BACK_AT_ONCE: u64 = 100;

/// How the work on a job ended.
pub(super) enum Ended {
    Done,
    Failed(String),
    /// The worker ends before it does.
    GivenBack,
}

impl Jobs {
    /// Notes how the work on a job ended. Where the lease is not ours any more, somebody else has it.
    pub(super) async fn note(&self, job: &Job, ended: &Ended) -> Result<(), AppError> {
        let now = self.clock.now();
        let next = match ended {
            Ended::Done => job.clone().completed(now),
            Ended::Failed(error) => job.clone().failed(now, error),
            Ended::GivenBack => job.clone().released(),
        };
        let work = self.storage.begin().await?;
        let store = work.repositories();
        let outcome = match ended {
            // Of events that were handed on nothing is kept.
            Ended::Done if job.queue == EVENT_QUEUE => store.jobs().delete(job.id).await,
            _ => put_down(store, next, job, now).await,
        };
        if !tx::finish(work, outcome.map_err(AppError::from)).await? {
            tracing::warn!(job = %job.id, handler = job.handler, "a job ended that was taken for lost");
        }
        Ok(())
    }

    /// Takes back jobs whose workers are gone, so that others take them.
    pub(super) async fn take_back_lost(&self) -> Result<(), AppError> {
        let now = self.clock.now();
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            let lost = store.jobs().lock_lost(now, TAKEN_BACK_AT_ONCE).await?;
            for job in &lost {
                put_down(store, job.clone().lost(now), job, now).await?;
            }
            Ok(lost)
        }
        .await;
        for job in tx::finish(work, outcome).await? {
            tracing::warn!(job = %job.id, handler = job.handler, "the worker of a job is gone");
        }
        Ok(())
    }
}

/// Stores where a job stands that was held as `held`. One job of a key waits at a time: where there is
/// one already, this one is given up, as that one will do the same.
async fn put_down(
    store: &dyn Repositories,
    next: Job,
    held: &Job,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let next = match &next.unique_key {
        Some(key) if next.status.waits() && store.jobs().key_waits(key).await? => {
            let why = next.error.as_deref().map(|error| format!("{error} – ")).unwrap_or_default();
            let why = format!("{why}not tried again, as another job with the same key waits");
            next.given_up(now, &why)
        }
        _ => next,
    };
    store.jobs().update(&next, held.lease.as_deref()).await
}
