//! The one-time tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{OneTimeTokenRepository, StoreError};
use snackbase_domain::UserId;
use snackbase_domain::email::Email;
use snackbase_domain::one_time_token::{OneTimeToken, Purpose};

use super::Memory;
use super::state::conflict;

impl Memory {
    /// Removes the tokens that are meant; answers how many.
    fn drop_tokens(&self, meant: impl Fn(&OneTimeToken) -> bool) -> usize {
        let mut state = self.state();
        let had = state.one_time_tokens.len();
        state.one_time_tokens.retain(|token| !meant(token));
        had - state.one_time_tokens.len()
    }
}

#[async_trait]
impl OneTimeTokenRepository for Memory {
    async fn replace(
        &self,
        token: &OneTimeToken,
        unless_after: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        if !state.users.contains_key(&token.user_id) {
            return Err(StoreError::ForeignKey);
        }
        let same = |known: &OneTimeToken| {
            (known.user_id, known.purpose) == (token.user_id, token.purpose)
                && known.email.key() == token.email.key()
        };
        let former = state.one_time_tokens.iter().find(|known| same(known));
        if former.is_some_and(|former| unless_after.is_some_and(|moment| former.created_at > moment)) {
            return Ok(false);
        }
        state.one_time_tokens.retain(|known| !same(known));
        if state.one_time_tokens.iter().any(|known| known.digest == token.digest) {
            return conflict("one_time_tokens.digest");
        }
        state.one_time_tokens.push(token.clone());
        Ok(true)
    }

    async fn of_user(
        &self,
        user: UserId,
        email: &Email,
        purpose: Purpose,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let state = self.state();
        let of_user = |token: &&OneTimeToken| (token.user_id, token.purpose) == (user, purpose);
        let mut tokens = state.one_time_tokens.iter().filter(of_user);
        Ok(tokens.find(|token| token.email.key() == email.key()).cloned())
    }

    async fn find(&self, purpose: Purpose, digest: &str) -> Result<Option<OneTimeToken>, StoreError> {
        let state = self.state();
        let found = state.one_time_tokens.iter().find(|t| t.digest == digest && t.purpose == purpose);
        Ok(found.cloned())
    }

    async fn take(&self, purpose: Purpose, digest: &str) -> Result<bool, StoreError> {
        Ok(self.drop_tokens(|token| token.digest == digest && token.purpose == purpose) == 1)
    }

    async fn remove_of_user(&self, user: UserId, purpose: Option<Purpose>) -> Result<(), StoreError> {
        self.drop_tokens(|token| token.user_id == user && purpose.is_none_or(|p| p == token.purpose));
        Ok(())
    }

    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        Ok(self.drop_tokens(|token| token.expires_at < before) as u64)
    }
}
