//! Ports: what is counted to keep callers from asking or guessing too often.
//! Where several nodes serve, their adapters count together.

use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;

/// How a bucket of tokens fills: one token each `period`, until it holds `burst`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    pub period: Duration,
    pub burst: NonZeroU32,
}

/// What came of asking a bucket for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// How long until there is a token; `None` when one was taken.
    pub wait: Option<Duration>,
    /// Whole tokens left.
    pub remaining: u32,
}

/// Buckets of tokens by name, full at first (generic cell rate algorithm, ITU-T I.371).
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes a token, if there is one. A name must always come with the same rate.
    async fn take(&self, bucket: &str, rate: Rate) -> Result<Taken, StoreError>;
    /// Forgets buckets that are full again.
    async fn forget_full(&self) -> Result<(), StoreError>;
}

/// Failures of late, by target.
#[async_trait]
pub trait FailureCounter: Send + Sync {
    /// When the `n`-th newest failure was, if there are so many. A target must
    /// always come with the same `n`.
    async fn nth_newest(&self, target: &str, n: u32) -> Result<Option<DateTime<Utc>>, StoreError>;
    /// Counts a failure, then answers as `nth_newest`. Of failures counted at
    /// once, each sees those before it and itself. More than `n` need not be kept.
    async fn count(
        &self,
        target: &str,
        n: u32,
        at: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError>;
    /// Forgets the failures of a target.
    async fn forget(&self, target: &str) -> Result<(), StoreError>;
    /// Forgets targets whose newest failure was before `before`.
    async fn forget_before(&self, before: DateTime<Utc>) -> Result<(), StoreError>;
}
