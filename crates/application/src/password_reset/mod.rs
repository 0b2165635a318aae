//! Users who forgot their password set another one.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use snackbase_domain::email::Email;
use snackbase_domain::one_time_token::Purpose;
use snackbase_domain::user::{PASSWORD_PROVIDER, User};

use crate::mail::OnFailure;
use crate::mailed_tokens::{MailedTokens, Often};
use crate::users::{Users, check_password, find};
use crate::{AppError, Caller, Kind, Principal, tx};

/// The use cases of forgotten passwords.
pub struct PasswordReset {
    tokens: Arc<MailedTokens>,
    users: Arc<Users>,
}

impl PasswordReset {
    /// Wires the use cases.
    pub fn new(tokens: Arc<MailedTokens>, users: Arc<Users>) -> Self {
        Self { tokens, users }
    }

    /// Somebody says to have forgotten the password. What there is to do is done
    /// after this has answered.
    pub async fn request(
        &self,
        caller: &Caller,
        account: Option<&String>,
        email: Email,
    ) -> Result<(), AppError> {
        let has_password = |user: &User| user.is_active && user.auth_provider == PASSWORD_PROVIDER;
        self.tokens.request(caller, account, email, Purpose::PasswordReset, Often::Always, has_password).await
    }

    /// Until when a token can be used; `None` when it cannot.
    pub async fn look(&self, caller: &Caller, token: &str) -> Result<Option<DateTime<Utc>>, AppError> {
        let found = self.tokens.find(caller, Purpose::PasswordReset, token).await?;
        Ok(found.map(|(known, _)| known.expires_at))
    }

    /// Sets the password of a token's user and ends all sign-ins.
    pub async fn reset(&self, caller: &Caller, token: &str, password: &str) -> Result<(), AppError> {
        check_password(password)?;
        let refused = || AppError::detail(Kind::Invalid, "Invalid, expired, or already used reset token");
        let found = self.tokens.find(caller, Purpose::PasswordReset, token).await?;
        let (known, user) = found.ok_or_else(refused)?;
        self.users.refuse_in_demo(&user)?;
        let hash = self.users.hasher.hash(password).await?;
        let work = self.tokens.storage.begin_as(caller.affected()).await?;
        let outcome = async {
            let store = work.repositories();
            let user = self.tokens.take_in(store, &known).await?.ok_or_else(refused)?;
            self.users.set_password_in(store, user, hash).await
        }
        .await;
        let user = tx::finish(work, outcome).await?;
        self.users.identities.forget(user);
        Ok(())
    }

    /// Ends all sign-ins of a user and mails a link to set another password; for
    /// superadmins. Answers the address.
    pub async fn send_link(&self, by: &Principal, user: &str) -> Result<Email, AppError> {
        let work = self.tokens.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let user = find(store, user).await?;
            self.users.refuse_in_demo(&user)?;
            store.sessions().revoke_user(user.id, self.tokens.clock.now()).await?;
            let (often, origin) = (Often::Always, &by.origin);
            let mail = self.tokens.queue_in(store, &user, Purpose::PasswordReset, often, origin).await?;
            Ok((mail, user))
        }
        .await;
        let (mail, user) = tx::finish(work, outcome).await?;
        self.users.identities.forget(user.id);
        let sent = match mail {
            Some(mail) => self.tokens.mail.deliver(mail, OnFailure::GiveUp).await?,
            None => false,
        };
        if !sent {
            return Err(AppError::detail(Kind::Failed, "Failed to send password reset email"));
        }
        Ok(user.email)
    }
}
