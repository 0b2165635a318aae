//! Port: who is in which channel, on all nodes.

use async_trait::async_trait;
use snackbase_domain::{AccountId, UserId};

use super::StoreError;

/// Somebody in a channel, by one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// One for each connection and channel.
    pub id: String,
    /// Whose channel it is.
    pub account_id: AccountId,
    pub channel: String,
    pub user_id: UserId,
    /// What he tells of himself, as JSON text.
    pub meta: String,
    /// The node that he is connected to.
    pub node: String,
    /// Microseconds since the Unix epoch.
    pub joined_at: i64,
    /// How long he is believed to be there unless the node says more: microseconds since the Unix epoch.
    pub until: i64,
}

/// Those who are in channels. Bookkeeping: nothing of it is a change of anybody's data.
#[async_trait]
pub trait PresenceRepository: Send + Sync {
    /// Adds somebody, unless he is there; answers whether he was not.
    async fn join(&self, presence: &Presence) -> Result<bool, StoreError>;
    /// Changes what somebody tells of himself; answers whether he is there.
    async fn describe(&self, id: &str, meta: &str) -> Result<bool, StoreError>;
    /// Removes somebody; answers whether he was there.
    async fn leave(&self, id: &str) -> Result<bool, StoreError>;
    /// At most `limit` of those in a channel, in the order in which they came.
    async fn present(
        &self,
        account: AccountId,
        channel: &str,
        limit: u64,
    ) -> Result<Vec<Presence>, StoreError>;
    /// Those of a node are there until then; answers how many.
    async fn renew(&self, node: &str, until: i64) -> Result<u64, StoreError>;
    /// At most `limit` of those who were believed to be there until before `now`.
    async fn stranded(&self, now: i64, limit: u64) -> Result<Vec<Presence>, StoreError>;
}
