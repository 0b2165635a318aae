//! Ports: what is counted of the installation as a whole.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

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

/// Counts over all accounts.
#[async_trait]
pub trait StatisticsRepository: Send + Sync {
    /// Counts as of `now`; new is what was made at `since` or later.
    async fn count(&self, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<Statistics, StoreError>;
}

/// Tells how much the stored files take.
#[async_trait]
pub trait StorageUsage: Send + Sync {
    /// Bytes of all files; 0 when there are none yet.
    async fn bytes(&self) -> Result<u64, AppError>;
}
