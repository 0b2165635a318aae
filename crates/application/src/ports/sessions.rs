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
    /// Ends all tokens that descend from a sign-in.
    async fn revoke_session(&self, session: SessionId, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Ends all tokens of a user.
    async fn revoke_user(&self, user: UserId, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Removes tokens that expired before `before`.
    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
