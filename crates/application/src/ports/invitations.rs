//! Port: invitations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::email::Email;
use snackbase_domain::invitation::{Invitation, Status};
use snackbase_domain::{AccountId, InvitationId};

use super::StoreError;

/// The invitations. One that was not accepted is the only such one of its account
/// and address.
#[async_trait]
pub trait InvitationRepository: Send + Sync {
    async fn find(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError>;
    async fn find_by_digest(&self, digest: &str) -> Result<Option<Invitation>, StoreError>;
    /// Those of an account, or of all, newest first; of one status as of `now`,
    /// or of any.
    async fn list(
        &self,
        account: Option<AccountId>,
        status: Option<Status>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError>;
    /// `Conflict` when the account has invited that address and the invitation
    /// was not accepted; `ForeignKey` when the account is gone.
    async fn insert(&self, invitation: &Invitation) -> Result<(), StoreError>;
    /// Removes what was not accepted and has expired, of an account and address.
    async fn remove_expired(
        &self,
        account: AccountId,
        email: &Email,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Stores the token as it is sealed anew.
    async fn set_sealed_token(&self, id: InvitationId, sealed: &str) -> Result<(), StoreError>;
    /// Notes that an invitation was mailed.
    async fn set_sent(&self, id: InvitationId, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Accepts an invitation that is pending at that time. False when it is not:
    /// of several that try at once, exactly one gets true.
    async fn accept(&self, id: InvitationId, at: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Removes an invitation. Whether it was there.
    async fn delete(&self, id: InvitationId) -> Result<bool, StoreError>;
}
