//! The refresh tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{SessionRepository, StoreError};
use snackbase_domain::session::RefreshToken;
use snackbase_domain::{SessionId, UserId};

use super::Memory;
use super::state::conflict;

impl Memory {
    /// Ends the tokens that are meant and have not ended yet; answers how many.
    fn end(&self, at: DateTime<Utc>, rotated: bool, meant: impl Fn(&RefreshToken) -> bool) -> usize {
        let mut state = self.state();
        let open = state.tokens.values_mut().filter(|token| token.revoked_at.is_none() && meant(token));
        open.map(|token| (token.revoked_at, token.rotated) = (Some(at), rotated)).count()
    }
}

#[async_trait]
impl SessionRepository for Memory {
    async fn insert(&self, token: &RefreshToken) -> Result<(), StoreError> {
        let mut state = self.state();
        if !state.users.contains_key(&token.user_id) {
            return Err(StoreError::ForeignKey);
        }
        match state.tokens.insert(token.id.clone(), token.clone()) {
            None => Ok(()),
            Some(_) => conflict("refresh_tokens.id"),
        }
    }

    async fn find(&self, id: &str) -> Result<Option<RefreshToken>, StoreError> {
        Ok(self.state().tokens.get(id).cloned())
    }

    async fn rotate(&self, id: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.end(at, true, |token| token.id == id) == 1)
    }

    async fn revoke_session(&self, session: SessionId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.end(at, false, |token| token.session_id == session);
        Ok(())
    }

    async fn revoke_user(&self, user: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.end(at, false, |token| token.user_id == user);
        Ok(())
    }

    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut state = self.state();
        let had = state.tokens.len();
        state.tokens.retain(|_, token| token.expires_at >= before);
        Ok((had - state.tokens.len()) as u64)
    }
}
