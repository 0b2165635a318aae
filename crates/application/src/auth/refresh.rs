//! Use case: exchange a refresh token for a new pair.

use chrono::Duration;
use snackbase_domain::UserId;
use snackbase_domain::session::RefreshToken;

use super::Auth;
use crate::ports::Repositories;
use crate::{AppError, Kind, tx};

/// How long after its rotation a token that comes again is taken for a second
/// tab's rather than a thief's, in seconds.
const RACE_SECONDS: i64 = 10;

/// An access token and the refresh token to prolong it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPair {
    pub token: String,
    pub refresh_token: String,
    /// Life of the access token, in seconds.
    pub expires_in: i64,
}

/// What became of a refresh token that was presented.
enum Outcome {
    Rotated(TokenPair),
    Refused,
    /// Refused, and taken for stolen: that sign-in of the user is over.
    Ended(UserId),
}

impl Auth {
    /// Rotates a refresh token (RFC 6819, section 5.2.2.3): it is used up and a
    /// new pair takes its place. A token that comes again after its rotation
    /// ends the whole sign-in, unless it comes within ten seconds.
    pub async fn refresh(&self, token: &str) -> Result<TokenPair, AppError> {
        let work = self.storage.begin().await?;
        let outcome = self.refresh_in(work.repositories(), token).await;
        match tx::finish(work, outcome).await? {
            Outcome::Rotated(pair) => return Ok(pair),
            Outcome::Ended(user) => self.identities.forget(user),
            Outcome::Refused => {}
        }
        let message = "Invalid or expired refresh token";
        Err(AppError::titled(Kind::SignInFailed, "Authentication failed", message))
    }

    async fn refresh_in(&self, store: &dyn Repositories, token: &str) -> Result<Outcome, AppError> {
        let now = self.clock.now();
        let Ok(claims) = self.tokens.read_refresh(token, now) else {
            return Ok(Outcome::Refused);
        };
        let Some(stored) = store.sessions().find(&claims.id).await? else {
            return Ok(Outcome::Refused);
        };
        if stored.digest != self.tokens.digest(token) || stored.expires_at <= now {
            return Ok(Outcome::Refused);
        }
        if !store.sessions().rotate(&stored.id, now).await? {
            return Ok(match self.suspect_theft(store, &claims.id).await? {
                Some(user) => Outcome::Ended(user),
                None => Outcome::Refused,
            });
        }
        let user = store.users().find(stored.user_id).await?;
        let Some(user) = user.filter(|u| u.is_active && u.account_id == stored.account_id) else {
            return Ok(Outcome::Refused);
        };
        self.issue_in(store, &user, stored.sign_in, now).await.map(Outcome::Rotated)
    }

    /// Ends the sign-in of a token that was rotated more than a moment ago;
    /// answers whose it was.
    async fn suspect_theft(&self, store: &dyn Repositories, id: &str) -> Result<Option<UserId>, AppError> {
        let now = self.clock.now();
        let Some(RefreshToken { sign_in, user_id, rotated: true, revoked_at: Some(at), .. }) =
            store.sessions().find(id).await?
        else {
            return Ok(None);
        };
        if now - at > Duration::seconds(RACE_SECONDS) {
            tracing::warn!(session = %sign_in.id, "a used refresh token came again: sign-in ended");
            store.sessions().revoke_session(user_id, sign_in.id, now).await?;
            return Ok(Some(user_id));
        }
        Ok(None)
    }
}
