//! Port: refresh tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::session::RefreshToken;
use snackbase_domain::{SessionId, UserId};

use super::StoreError;

/// The refresh tokens.
#[async_trait]
pub trait SessionRepository: Send + Sync {
    async fn insert(&self, token: &RefreshToken) -> Result<(), StoreError>;
    async fn find(&self, id: &str) -> Result<Option<RefreshToken>, StoreError>;
    /// Ends a token by rotation. False when it had ended already: of several
    /// that try at once, exactly one gets true.
    async fn rotate(&self, id: &str, at: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Ends all tokens that descend from a sign-in of a user.
    async fn revoke_session(
        &self,
        user: UserId,
        session: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Whether a sign-in goes on: it has a token that neither ended nor expired.
    async fn is_live(&self, session: SessionId, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// The token of each sign-in of a user that goes on, the one used last first.
    async fn live_of_user(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<RefreshToken>, StoreError>;
    /// Ends all tokens of a user but those of one sign-in.
    async fn revoke_others(&self, user: UserId, kept: SessionId, at: DateTime<Utc>)
    -> Result<(), StoreError>;
    /// Ends all tokens of a user.
    async fn revoke_user(&self, user: UserId, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Removes tokens that expired before `before`.
    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
