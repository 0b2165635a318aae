//! Sign-ins: to the audit log no changes, but those that end are told to other nodes.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::session::RefreshToken;
use snackbase_domain::{SessionId, UserId};

use crate::ports::{SessionRepository, StoreError};
use crate::realtime::access::AccessChange;
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl SessionRepository for TrackedWork {
    async fn insert(&self, token: &RefreshToken) -> Result<(), StoreError> {
        self.plain().sessions().insert(token).await
    }

    async fn find(&self, id: &str) -> Result<Option<RefreshToken>, StoreError> {
        self.plain().sessions().find(id).await
    }

    /// The sign-in goes on.
    async fn rotate(&self, id: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
        self.plain().sessions().rotate(id, at).await
    }

    async fn revoke_session(
        &self,
        user: UserId,
        session: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.plain().sessions().revoke_session(user, session, at).await?;
        self.access(AccessChange::User(user));
        Ok(())
    }

    async fn is_live(&self, session: SessionId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.plain().sessions().is_live(session, now).await
    }

    async fn live_of_user(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<RefreshToken>, StoreError> {
        self.plain().sessions().live_of_user(user, now).await
    }

    async fn revoke_others(
        &self,
        user: UserId,
        kept: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.plain().sessions().revoke_others(user, kept, at).await?;
        self.access(AccessChange::User(user));
        Ok(())
    }

    async fn revoke_user(&self, user: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.plain().sessions().revoke_user(user, at).await?;
        self.access(AccessChange::User(user));
        Ok(())
    }

    /// They had ended by themselves.
    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.plain().sessions().remove_expired(before).await
    }
}
