//! Port: requests that are carried out once, however often they come.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::AccountId;

use super::StoreError;

/// A request that came with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyedRequest {
    /// Digest of who asks and his key.
    pub id: String,
    pub account_id: AccountId,
    /// Digest of what is asked.
    pub request: String,
    pub created_at: DateTime<Utc>,
    /// From then on the key is free again.
    pub expires_at: DateTime<Utc>,
}

/// A request that was answered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredRequest {
    /// Digest of what was asked.
    pub request: String,
    pub reply: String,
}

/// The keys of requests, each with its reply.
#[async_trait]
pub trait IdempotencyKeys: Send + Sync {
    /// Takes a key, unless it was answered before and has not expired at `created_at`.
    /// `Conflict` while another unit of work has it.
    async fn take(&self, request: &KeyedRequest) -> Result<Option<AnsweredRequest>, StoreError>;
    /// Keeps the reply to a key that was taken in this unit of work.
    async fn answer(&self, id: &str, reply: &str) -> Result<(), StoreError>;
    /// Removes keys that expired before a moment; answers how many.
    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
