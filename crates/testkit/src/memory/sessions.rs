//! The refresh tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{SessionRepository, StoreError};
use snackbase_domain::session::RefreshToken;
use snackbase_domain::{SessionId, UserId};

use super::Memory;
use super::state::{conflict, sort_by};

impl Memory {
    /// Ends the tokens that are meant and have not ended yet; answers how many.
    fn end(&self, at: DateTime<Utc>, rotated: bool, meant: impl Fn(&RefreshToken) -> bool) -> usize {
        let mut state = self.state();
        let open = state.tokens.values_mut().filter(|token| token.revoked_at.is_none() && meant(token));
        open.map(|token| (token.revoked_at, token.rotated) = (Some(at), rotated)).count()
    }
}

fn is_live(token: &RefreshToken, now: DateTime<Utc>) -> bool {
    token.revoked_at.is_none() && token.expires_at > now
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

    async fn revoke_session(
        &self,
        user: UserId,
        session: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.end(at, false, |token| token.user_id == user && token.sign_in.id == session);
        Ok(())
    }

    async fn is_live(&self, session: SessionId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.state().tokens.values().any(|token| token.sign_in.id == session && is_live(token, now)))
    }

    async fn live_of_user(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<RefreshToken>, StoreError> {
        let state = self.state();
        let of_user = state.tokens.values().filter(|token| token.user_id == user && is_live(token, now));
        let mut found: Vec<_> = of_user.cloned().collect();
        sort_by(&mut found, true, |a, b| a.created_at.cmp(&b.created_at), |token| token.id.clone());
        Ok(found)
    }

    async fn revoke_others(
        &self,
        user: UserId,
        kept: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.end(at, false, |token| token.user_id == user && token.sign_in.id != kept);
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
