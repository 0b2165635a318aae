//! Ports: what is counted of the installation as a whole.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::StoreError;
use crate::AppError;

/// Counts of the system's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub accounts: u64,
    /// Accounts made since the moment asked for.
    pub new_accounts: u64,
    pub users: u64,
    /// Users made since the moment asked for.
    pub new_users: u64,
    /// Sign-ins that can still be prolonged.
    pub active_sessions: u64,
}

/// What was made and changed on a day in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCounts {
    pub day: NaiveDate,
    /// Accounts and users that were made then and are still there.
    pub accounts: u64,
    pub users: u64,
    /// Rows that were created, updated and deleted, by the audit log.
    pub creates: u64,
    pub updates: u64,
    pub deletes: u64,
}

/// The database, and what waits and was done in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// Bytes that the database takes.
    pub database_bytes: u64,
    /// Changes that have no place in the audit log's chain yet.
    pub audit_waiting: u64,
    /// Mails since the moment asked for.
    pub mails_sent: u64,
    pub mails_failed: u64,
    pub files: u64,
    /// Bytes of these files.
    pub file_bytes: u64,
}

/// Counts over all accounts.
#[async_trait]
pub trait StatisticsRepository: Send + Sync {
    /// Counts as of `now`; new is what was made at `since` or later.
    async fn count(&self, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<Statistics, StoreError>;
    /// Counts for each day from one on; days on which nothing happened may be missing.
    async fn daily(&self, from: NaiveDate) -> Result<Vec<DayCounts>, StoreError>;
    /// What there is to do now, and was done since a moment.
    async fn workload(&self, since: DateTime<Utc>) -> Result<Workload, StoreError>;
}

/// Tells how much memory the program takes.
pub trait ProcessMemory: Send + Sync {
    /// Bytes in memory now; `None` where the system does not tell.
    fn resident_bytes(&self) -> Option<u64>;
}

/// Tells how much the stored files take.
#[async_trait]
pub trait StorageUsage: Send + Sync {
    /// Bytes of all files; 0 when there are none yet.
    async fn bytes(&self) -> Result<u64, AppError>;
}
