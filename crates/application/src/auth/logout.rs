//! Use case: sign out.

use super::Auth;
use crate::{AppError, Caller, tx};

impl Auth {
    /// Ends the sign-in of a refresh token or, without one, of the access token
    /// that the caller came with. Unknown tokens are no error.
    pub async fn logout(&self, caller: &Caller, refresh_token: Option<&str>) -> Result<(), AppError> {
        let now = self.clock.now();
        let named = match (refresh_token, caller) {
            (Some(token), _) => {
                let claims = self.tokens.read_refresh(token, now).ok();
                claims.map(|claims| (claims.user_id, claims.session_id))
            }
            (None, Caller::User(by)) => by.session.map(|session| (by.user_id, session)),
            (None, Caller::Anonymous { .. }) => None,
        };
        let Some((user, session)) = named else {
            return Ok(());
        };
        let work = self.storage.begin().await?;
        let outcome = work.repositories().sessions().revoke_session(user, session, now).await;
        tx::finish(work, outcome.map_err(AppError::from)).await?;
        self.identities.forget(user);
        Ok(())
    }
}
