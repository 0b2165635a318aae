//! Users show that their e-mail address is theirs.

use std::sync::Arc;

use snackbase_domain::MailId;
use snackbase_domain::email::Email;
use snackbase_domain::one_time_token::Purpose;
use snackbase_domain::user::User;

use crate::auth::Identities;
use crate::mail::OnFailure;
use crate::mailed_tokens::{MailedTokens, Often};
use crate::ports::Repositories;
use crate::users::find;
use crate::{Actor, AppError, Caller, Kind, Origin, Principal, tx};

/// The use cases of verification.
pub struct EmailVerification {
    tokens: Arc<MailedTokens>,
    identities: Arc<Identities>,
}

impl EmailVerification {
    /// Wires the use cases.
    pub fn new(tokens: Arc<MailedTokens>, identities: Arc<Identities>) -> Self {
        Self { tokens, identities }
    }

    /// Mails a token to the caller; answers the address. `email`, when it is
    /// given, must be the caller's own: a token verifies the user it was made for.
    pub async fn send(&self, by: &Principal, email: Option<&Email>) -> Result<Email, AppError> {
        if email.is_some_and(|email| email.key() != by.email.to_lowercase()) {
            let text = "Email does not match the authenticated user";
            return Err(AppError::detail(Kind::Invalid, text));
        }
        self.deliver(by.actor(), &by.user_key, &by.origin, false).await
    }

    /// Mails a token to a user who has not verified the address yet; for
    /// superadmins. Answers the address.
    pub async fn send_to(&self, by: &Principal, user: &str) -> Result<Email, AppError> {
        self.deliver(by.actor(), user, &by.origin, true).await
    }

    async fn deliver(
        &self,
        actor: Actor,
        user: &str,
        origin: &Origin,
        only_unverified: bool,
    ) -> Result<Email, AppError> {
        let work = self.tokens.storage.begin_as(actor).await?;
        let outcome = async {
            let store = work.repositories();
            let user = find(store, user).await?;
            if only_unverified && user.email_verified {
                return Err(AppError::detail(Kind::Invalid, "User email is already verified"));
            }
            let queued = self.tokens.queue_in(store, &user, Purpose::Verification, Often::Always, origin);
            Ok((queued.await?, user.email))
        }
        .await;
        let (mail, email) = tx::finish(work, outcome).await?;
        let sent = match mail {
            Some(mail) => self.tokens.mail.deliver(mail, OnFailure::GiveUp).await?,
            None => false,
        };
        if sent {
            Ok(email)
        } else {
            Err(AppError::detail(Kind::Failed, "Failed to send verification email"))
        }
    }

    /// Somebody who is not signed in wants the mail again. What there is to do is
    /// done after this has answered, once a minute for each user.
    pub async fn request(
        &self,
        caller: &Caller,
        account: Option<&String>,
        email: Email,
    ) -> Result<(), AppError> {
        let waits = |user: &User| user.is_active && !user.email_verified;
        self.tokens.request(caller, account, email, Purpose::Verification, Often::Seldom, waits).await
    }

    /// Puts the first mail to a user into the outbox, within the unit of work that
    /// makes the user. [`EmailVerification::wake`] sends it.
    pub(crate) async fn queue_in(
        &self,
        store: &dyn Repositories,
        user: &User,
        origin: &Origin,
    ) -> Result<Option<MailId>, AppError> {
        self.tokens.queue_in(store, user, Purpose::Verification, Often::Always, origin).await
    }

    /// Has mails sent that nobody waits for.
    pub(crate) fn wake(&self) {
        self.tokens.mail.wake();
    }

    /// Marks the address that a token was sent to as verified; answers its user.
    pub async fn verify(&self, caller: &Caller, token: &str) -> Result<User, AppError> {
        let refused = || AppError::detail(Kind::Invalid, "Invalid or expired verification token");
        let found = self.tokens.find(caller, Purpose::Verification, token).await?;
        let (known, _) = found.ok_or_else(refused)?;
        let work = self.tokens.storage.begin_as(caller.affected()).await?;
        let outcome = async {
            let store = work.repositories();
            let mut user = self.tokens.take_in(store, &known).await?.ok_or_else(refused)?;
            let now = self.tokens.clock.now();
            if !user.email_verified {
                (user.email_verified, user.email_verified_at, user.updated_at) = (true, Some(now), now);
                store.users().update(&user).await?;
            }
            Ok(user)
        }
        .await;
        let user = tx::finish(work, outcome).await?;
        self.identities.forget(user.id);
        Ok(user)
    }
}
