//! Ports: the queue of jobs, and who does them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::JobId;
use snackbase_domain::job::{Job, JobStatus};

use super::StoreError;
use crate::AppError;

/// Which jobs to list; what is `None` does not matter. Events on their way ([`snackbase_domain::job::EVENT_QUEUE`]) are among
/// them only where their queue is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobQuery {
    pub status: Option<JobStatus>,
    pub queue: Option<String>,
    pub handler: Option<String>,
    pub offset: u64,
    pub limit: u64,
}

/// A part of the jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobPage {
    pub items: Vec<Job>,
    /// How many match in all.
    pub total: u64,
}

/// How many jobs stand where, and how long they took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    pub pending: u64,
    pub running: u64,
    pub completed: u64,
    pub retrying: u64,
    pub dead: u64,
    /// Jobs that were completed of late.
    pub recent: u64,
    /// What these took together, in microseconds.
    pub recent_micros: u64,
}

/// A claim to jobs: who holds it works on them until it ends, or is renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobClaim {
    pub now: DateTime<Utc>,
    pub until: DateTime<Utc>,
    /// A word that nobody else has.
    pub lease: String,
    /// Only jobs of this queue.
    pub queue: Option<String>,
}

/// Jobs, those that wait and those that are done.
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Adds a job that waits, and answers its id. Where one of its key waits already, none is added;
    /// that one's id is answered, and nobody claims it before the unit of work ends. `ForeignKey`
    /// when there is no such account.
    async fn insert(&self, job: &Job) -> Result<JobId, StoreError>;
    async fn find(&self, id: JobId) -> Result<Option<Job>, StoreError>;
    /// As `find`, and nobody else changes it until the unit of work ends.
    async fn lock(&self, id: JobId) -> Result<Option<Job>, StoreError>;
    /// Newest first.
    async fn page(&self, query: &JobQuery) -> Result<JobPage, StoreError>;
    /// Counts all jobs but events on their way; those are of late that were completed at `since` or after.
    async fn count(&self, since: DateTime<Utc>) -> Result<JobCounts, StoreError>;
    /// Whether a job of the queue is due, or one is held under a lease that has ended.
    async fn has_work(&self, now: DateTime<Utc>, queue: Option<&str>) -> Result<bool, StoreError>;
    /// Claims up to `limit` jobs that wait and are due, at most one of each queue, account and priority:
    /// whoever wants more asks again until there are none. The lowest priority comes first; within one
    /// the account for which the fewest run, then what is due for longest. Others never get the same
    /// ones. Within a unit of work.
    async fn claim(&self, claim: &JobClaim, limit: u64) -> Result<Vec<Job>, StoreError>;
    /// Prolongs the lease of a job that is held under it. Whether it was.
    async fn renew(&self, id: JobId, lease: &str, until: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Jobs that are held under leases that have ended, at most `limit`. Nobody else gets the same
    /// ones until the unit of work ends.
    async fn lock_lost(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<Job>, StoreError>;
    /// Whether a job of the key waits.
    async fn key_waits(&self, key: &str) -> Result<bool, StoreError>;
    /// Stores where a job stands by now, if it is held under that lease, or by nobody where that is
    /// `None`. Whether it was. `Conflict` when it waits and another one of its key does, too.
    async fn update(&self, job: &Job, lease: Option<&str>) -> Result<bool, StoreError>;
    /// Whether it was there.
    async fn delete(&self, id: JobId) -> Result<bool, StoreError>;
    /// Removes jobs that were completed before a moment and those that died before another, at most
    /// `limit` of each; how many.
    async fn remove_ended(
        &self,
        completed_before: DateTime<Utc>,
        dead_before: DateTime<Utc>,
        limit: u64,
    ) -> Result<u64, StoreError>;
}

/// Why a job could not be done. Worded for people; superadmins see it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JobFailure(pub String);

impl From<AppError> for JobFailure {
    fn from(error: AppError) -> Self {
        Self(error.to_string())
    }
}

/// Does jobs of a name. A job may be done more than once: its worker can be lost after the work and
/// before the note of it. It is broken off, at a point where it awaits, when it takes too long.
#[async_trait]
pub trait JobHandler: Send + Sync {
    async fn run(&self, job: &Job) -> Result<(), JobFailure>;
}
