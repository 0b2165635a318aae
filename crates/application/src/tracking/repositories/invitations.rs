//! Invitations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::email::Email;
use snackbase_domain::invitation::{Invitation, Status};
use snackbase_domain::{AccountId, InvitationId};

use crate::ports::{InvitationRepository, StoreError};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl InvitationRepository for TrackedWork {
    async fn find(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        self.plain().invitations().find(id).await
    }

    async fn find_by_digest(&self, digest: &str) -> Result<Option<Invitation>, StoreError> {
        self.plain().invitations().find_by_digest(digest).await
    }

    async fn list(
        &self,
        account: Option<AccountId>,
        status: Option<Status>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError> {
        self.plain().invitations().list(account, status, now).await
    }

    async fn insert(&self, invitation: &Invitation) -> Result<(), StoreError> {
        self.plain().invitations().insert(invitation).await?;
        self.created(invitation);
        Ok(())
    }

    /// Clearing away what has expired is the system's own doing.
    async fn remove_expired(
        &self,
        account: AccountId,
        email: &Email,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.plain().invitations().remove_expired(account, email, now).await
    }

    /// The token is the same.
    async fn set_sealed_token(&self, id: InvitationId, sealed: &str) -> Result<(), StoreError> {
        self.plain().invitations().set_sealed_token(id, sealed).await
    }

    async fn set_sent(&self, id: InvitationId, at: DateTime<Utc>) -> Result<(), StoreError> {
        let before = self.for_audit(self.plain().invitations().find(id)).await?;
        self.plain().invitations().set_sent(id, at).await?;
        if let Some(before) = before {
            let after = Invitation { email_sent_at: Some(at), ..before.clone() };
            self.updated(&before, &after);
        }
        Ok(())
    }

    async fn accept(&self, id: InvitationId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().invitations().find(id)).await?;
        let accepted = self.plain().invitations().accept(id, at).await?;
        if let Some(before) = before.filter(|_| accepted) {
            let after = Invitation { accepted_at: Some(at), ..before.clone() };
            self.updated(&before, &after);
        }
        Ok(accepted)
    }

    async fn delete(&self, id: InvitationId) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().invitations().find(id)).await?;
        let deleted = self.plain().invitations().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }
}
