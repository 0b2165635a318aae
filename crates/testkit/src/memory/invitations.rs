//! The invitations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{InvitationRepository, StoreError};
use snackbase_domain::email::Email;
use snackbase_domain::invitation::{Invitation, Status};
use snackbase_domain::{AccountId, InvitationId};

use super::Memory;
use super::state::{conflict, sort_by};

#[async_trait]
impl InvitationRepository for Memory {
    async fn find(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        Ok(self.state().invitations.get(&id).cloned())
    }

    async fn find_by_digest(&self, digest: &str) -> Result<Option<Invitation>, StoreError> {
        Ok(self.state().invitations.values().find(|invitation| invitation.digest == digest).cloned())
    }

    async fn list(
        &self,
        account: Option<AccountId>,
        status: Option<Status>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError> {
        let state = self.state();
        let meant = |invitation: &&Invitation| {
            account.is_none_or(|account| account == invitation.account_id)
                && status.is_none_or(|status| status == invitation.status(now))
        };
        let mut found: Vec<_> = state.invitations.values().filter(meant).cloned().collect();
        sort_by(&mut found, true, |a, b| a.created_at.cmp(&b.created_at), |invitation| invitation.id);
        Ok(found)
    }

    async fn insert(&self, invitation: &Invitation) -> Result<(), StoreError> {
        let mut state = self.state();
        if !state.accounts.contains_key(&invitation.account_id) {
            return Err(StoreError::ForeignKey);
        }
        let open = |known: &Invitation| {
            known.accepted_at.is_none()
                && known.account_id == invitation.account_id
                && known.email.key() == invitation.email.key()
        };
        let taken = |known: &Invitation| known.id == invitation.id || known.digest == invitation.digest;
        if state.invitations.values().any(|known| taken(known) || open(known)) {
            return conflict("uq_invitations_open");
        }
        state.invitations.insert(invitation.id, invitation.clone());
        Ok(())
    }

    async fn remove_expired(
        &self,
        account: AccountId,
        email: &Email,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.state().invitations.retain(|_, invitation| {
            invitation.account_id != account
                || invitation.email.key() != email.key()
                || invitation.status(now) != Status::Expired
        });
        Ok(())
    }

    async fn set_sealed_token(&self, id: InvitationId, sealed: &str) -> Result<(), StoreError> {
        if let Some(invitation) = self.state().invitations.get_mut(&id) {
            invitation.sealed_token = sealed.to_owned();
        }
        Ok(())
    }

    async fn set_sent(&self, id: InvitationId, at: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(invitation) = self.state().invitations.get_mut(&id) {
            invitation.email_sent_at = Some(at);
        }
        Ok(())
    }

    async fn accept(&self, id: InvitationId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut state = self.state();
        let pending = state.invitations.get_mut(&id).filter(|known| known.status(at) == Status::Pending);
        Ok(pending.map(|invitation| invitation.accepted_at = Some(at)).is_some())
    }

    async fn delete(&self, id: InvitationId) -> Result<bool, StoreError> {
        Ok(self.state().invitations.remove(&id).is_some())
    }
}
