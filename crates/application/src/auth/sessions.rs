//! Use cases: see the own sign-ins, and end them.

use snackbase_domain::session::RefreshToken;
use snackbase_domain::{SessionId, UserId};

use super::Auth;
use crate::{AppError, Principal, tx};

impl Auth {
    /// The caller's sign-ins that go on, each by the token that prolongs it; the
    /// one used last first.
    pub async fn sessions(&self, by: &Principal) -> Result<Vec<RefreshToken>, AppError> {
        Ok(self.storage.read().sessions().live_of_user(by.user_id, self.clock.now()).await?)
    }

    /// Ends one of the caller's sign-ins.
    pub async fn end_session(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        let not_found = || AppError::not_found("Session not found");
        let id: SessionId = id.parse().map_err(|_| not_found())?;
        let now = self.clock.now();
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let sessions = work.repositories().sessions();
            let own = sessions.live_of_user(by.user_id, now).await?;
            if !own.iter().any(|token| token.sign_in.id == id) {
                return Err(not_found());
            }
            Ok(sessions.revoke_session(by.user_id, id, now).await?)
        }
        .await;
        tx::finish(work, outcome).await?;
        self.identities.forget(by.user_id);
        Ok(())
    }

    /// Ends all sign-ins of the caller, or all but the one that the call came by.
    pub async fn end_sessions(&self, by: &Principal, keep_current: bool) -> Result<(), AppError> {
        self.end_all(by, by.user_id, by.session.filter(|_| keep_current)).await
    }

    /// Ends all sign-ins of a user; for superadmins.
    pub async fn end_sessions_of(&self, by: &Principal, user: &str) -> Result<(), AppError> {
        let user = crate::users::find(self.storage.read(), user).await?;
        self.end_all(by, user.id, None).await
    }

    async fn end_all(&self, by: &Principal, user: UserId, kept: Option<SessionId>) -> Result<(), AppError> {
        let now = self.clock.now();
        let work = self.storage.begin_as(by.actor()).await?;
        let sessions = work.repositories().sessions();
        let outcome = match kept {
            Some(kept) => sessions.revoke_others(user, kept, now).await,
            None => sessions.revoke_user(user, now).await,
        };
        tx::finish(work, outcome.map_err(AppError::from)).await?;
        self.identities.forget(user);
        Ok(())
    }
}
