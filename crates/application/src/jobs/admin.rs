//! Use cases: what superadmins see of jobs and do with them.

use chrono::TimeDelta;
use snackbase_domain::JobId;
use snackbase_domain::job::{Job, JobStatus};

use super::Jobs;
use crate::ports::{JobCounts, JobPage, JobQuery, Repositories, StoreError};
use crate::{AppError, Kind, Principal, tx};

/// Jobs completed within this are counted for how long they take.
const RECENT: TimeDelta = TimeDelta::hours(24);
/// How long dead jobs are kept.
const DEAD_KEPT: TimeDelta = TimeDelta::days(30);
/// How many jobs are removed in one transaction, of each kind.
const REMOVED_AT_ONCE: u64 = 500;

/// Which jobs to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// As the request names it; there is nothing of an unknown one.
    pub status: Option<String>,
    pub queue: Option<String>,
    pub handler: Option<String>,
}

/// How jobs fare.
#[derive(Clone, Debug, PartialEq)]
pub struct JobStats {
    pub counts: JobCounts,
    /// Of those completed within a day.
    pub average_seconds: Option<f64>,
    /// Which part of those that ended is dead.
    pub failure_rate: Option<f64>,
}

#[expect(clippy::cast_precision_loss, reason = "a rate and a mean for people")]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn unknown(id: &str) -> AppError {
    AppError::not_found(format!("Job {id} not found"))
}

impl Jobs {
    /// Jobs, newest first.
    pub async fn list(&self, filter: JobFilter, offset: u64, limit: u64) -> Result<JobPage, AppError> {
        let status = match filter.status.as_deref().map(JobStatus::parse) {
            Some(None) => return Ok(JobPage::default()),
            Some(known) => known,
            None => None,
        };
        let JobFilter { queue, handler, .. } = filter;
        Ok(self.storage.read().jobs().page(&JobQuery { status, queue, handler, offset, limit }).await?)
    }

    /// How they fare.
    pub async fn stats(&self) -> Result<JobStats, AppError> {
        let counts = self.storage.read().jobs().count(self.clock.now() - RECENT).await?;
        Ok(JobStats {
            average_seconds: ratio(counts.recent_micros, counts.recent).map(|micros| micros / 1e6),
            failure_rate: ratio(counts.dead, counts.completed + counts.dead),
            counts,
        })
    }

    /// One job.
    pub async fn view(&self, id: &str) -> Result<Job, AppError> {
        let found = match id.parse() {
            Ok(id) => self.storage.read().jobs().find(id).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| unknown(id))
    }

    /// Begins a dead job anew.
    pub async fn retry(&self, by: &Principal, id: &str) -> Result<Job, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.retry_in(work.repositories(), id).await;
        let job = tx::finish(work, outcome).await?;
        tracing::info!(job = %job.id, user_id = %by.user_id, "a job was begun anew");
        self.wake();
        Ok(job)
    }

    async fn retry_in(&self, store: &dyn Repositories, id: &str) -> Result<Job, AppError> {
        let job = lock(store, id).await?;
        if job.status != JobStatus::Dead {
            let text = format!("Job is in status '{}'; only dead or failed jobs can be retried", job.status);
            return Err(AppError::detail(Kind::Invalid, text));
        }
        let job = job.restarted(self.clock.now());
        match store.jobs().update(&job, None).await {
            Err(StoreError::Conflict { .. }) => {
                Err(AppError::conflict("Another job with the same key is waiting"))
            }
            updated => updated.map(|_| job).map_err(AppError::from),
        }
    }

    /// Removes a job that has not begun.
    pub async fn cancel(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let job = lock(store, id).await?;
            if job.status != JobStatus::Pending {
                let text = format!("Job is in status '{}'; only pending jobs can be cancelled", job.status);
                return Err(AppError::detail(Kind::Invalid, text));
            }
            store.jobs().delete(job.id).await?;
            Ok(job)
        }
        .await;
        let job = tx::finish(work, outcome).await?;
        tracing::info!(job = %job.id, handler = job.handler, user_id = %by.user_id, "a job was cancelled");
        Ok(())
    }

    /// Removes jobs that ended long ago; how many.
    pub async fn remove_old(&self) -> Result<u64, AppError> {
        let now = self.clock.now();
        let completed = now - TimeDelta::days(self.retention_days.into());
        let mut removed = 0;
        loop {
            let work = self.storage.begin().await?;
            let jobs = work.repositories().jobs();
            let outcome = jobs.remove_ended(completed, now - DEAD_KEPT, REMOVED_AT_ONCE).await;
            match tx::finish(work, outcome.map_err(AppError::from)).await? {
                0 => return Ok(removed),
                some => removed += some,
            }
        }
    }
}

async fn lock(store: &dyn Repositories, id: &str) -> Result<Job, AppError> {
    let found = match id.parse::<JobId>() {
        Ok(id) => store.jobs().lock(id).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| unknown(id))
}
