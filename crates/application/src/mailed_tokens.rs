//! One-time tokens and the mails that carry them: what verification of e-mail
//! addresses and setting a forgotten password have in common.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Map, Value};
use snackbase_domain::MailId;
use snackbase_domain::email::Email;
use snackbase_domain::mail::{DEFAULT_LOCALE, EMAIL_VERIFICATION, PASSWORD_RESET};
use snackbase_domain::one_time_token::{OneTimeToken, Purpose};
use snackbase_domain::user::User;
use tokio::sync::Semaphore;

use crate::auth::Auth;
use crate::mail::{Mail, NewMail};
use crate::ports::{Clock, Repositories, Storage, TokenGenerator};
use crate::records::account_named;
use crate::{AppError, Caller, Kind, Origin, Refusal, Says, tx};

/// How many requests of people who are not signed in are worked on at once.
const MOST_AT_ONCE: usize = 64;
/// How soon a user gets a second mail of the kind that is not sent more often.
const SELDOM: TimeDelta = TimeDelta::minutes(1);

/// How often a user may get a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Often {
    /// Each time that somebody asks.
    Always,
    /// Once a minute.
    Seldom,
}

/// Makes one-time tokens, mails them and takes them back.
pub struct MailedTokens {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) auth: Arc<Auth>,
    pub(crate) mail: Arc<Mail>,
    generator: Arc<dyn TokenGenerator>,
    at_once: Arc<Semaphore>,
}

impl MailedTokens {
    /// Wires it.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        auth: Arc<Auth>,
        mail: Arc<Mail>,
        generator: Arc<dyn TokenGenerator>,
    ) -> Self {
        Self { storage, clock, auth, mail, generator, at_once: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
    }

    /// Makes a token in the place of the former one and puts the mail with it into
    /// the outbox, within a unit of work. The former's mail, if it still waits to be
    /// sent, is not sent any more. `None` where the last token is too recent.
    pub(crate) async fn queue_in(
        &self,
        store: &dyn Repositories,
        user: &User,
        purpose: Purpose,
        often: Often,
        origin: &Origin,
    ) -> Result<Option<MailId>, AppError> {
        let now = self.clock.now();
        let token = self.generator.base64url();
        let digest = self.generator.digest(&token);
        let mail = self.mail_of(store, user, purpose, token, origin).await?;
        let mail = self.mail.queue_in(store, mail).await?;
        let former = store.one_time_tokens().of_user(user.id, &user.email, purpose).await?;
        let made = OneTimeToken::new(user.id, user.email.clone(), purpose, digest, now);
        let made = OneTimeToken { mail_id: Some(mail), ..made };
        let unless_after = (often == Often::Seldom).then(|| now - SELDOM);
        if !store.one_time_tokens().replace(&made, unless_after).await? {
            store.mail_outbox().withdraw(mail, now).await?;
            return Ok(None);
        }
        if let Some(outdated) = former.and_then(|former| former.mail_id) {
            store.mail_outbox().withdraw(outdated, now).await?;
        }
        Ok(Some(mail))
    }

    /// The mail that carries a token.
    async fn mail_of(
        &self,
        store: &dyn Repositories,
        user: &User,
        purpose: Purpose,
        token: String,
        origin: &Origin,
    ) -> Result<NewMail, AppError> {
        let base = self.mail.app_url(store, user.account_id).await?;
        let (template, url_name, page) = match purpose {
            Purpose::Verification => (EMAIL_VERIFICATION, "verification_url", "verify-email"),
            Purpose::PasswordReset => (PASSWORD_RESET, "reset_url", "reset-password"),
        };
        let mut variables = Map::new();
        variables.insert(url_name.to_owned(), Value::from(format!("{base}/{page}?token={token}")));
        variables.insert("token".to_owned(), Value::from(token));
        variables.insert("email".to_owned(), Value::from(user.email.as_str()));
        if purpose == Purpose::PasswordReset {
            let address = origin.address.map_or("unknown".to_owned(), |address| address.to_string());
            variables.insert("ip_address".to_owned(), Value::from(address));
        }
        Ok(NewMail {
            account_id: user.account_id,
            template_type: template.to_owned(),
            locale: DEFAULT_LOCALE.to_owned(),
            recipient: user.email.clone(),
            variables,
        })
    }

    /// Mails a token to the user of an address in an account if there is one whom
    /// `wanted` accepts. This returns before any of that is done: neither the time
    /// it takes nor what it answers tells whether there is such a user.
    pub(crate) async fn request(
        self: &Arc<Self>,
        caller: &Caller,
        account: Option<&String>,
        email: Email,
        purpose: Purpose,
        often: Often,
        wanted: fn(&User) -> bool,
    ) -> Result<(), AppError> {
        let account = self.auth.account_meant(account)?.clone();
        self.auth.count_mail(&account, &email.key()).await?;
        let Ok(turn) = Arc::clone(&self.at_once).try_acquire_owned() else {
            let says = Says::RetryAfter(1);
            return Err(AppError::Refused(Refusal { kind: Kind::TooManyRequests, says }));
        };
        let (tokens, caller) = (Arc::clone(self), caller.clone());
        tokio::spawn(async move {
            let _turn = turn;
            let done = tokens.send_to(&caller, &account, &email, purpose, often, wanted).await;
            if let Err(error) = done {
                tracing::error!(%error, purpose = purpose.name(), "a mail that was asked for was not made");
            }
        });
        Ok(())
    }

    async fn send_to(
        &self,
        caller: &Caller,
        account: &str,
        email: &Email,
        purpose: Purpose,
        often: Often,
        wanted: fn(&User) -> bool,
    ) -> Result<(), AppError> {
        let work = self.storage.begin_as(caller.affected()).await?;
        let outcome = async {
            let store = work.repositories();
            let Some(account) = account_named(store, account).await? else {
                return Ok(None);
            };
            let user = store.users().find_by_email(account.id, &email.key()).await?;
            match user.filter(wanted) {
                Some(user) => self.queue_in(store, &user, purpose, often, caller.origin()).await,
                None => Ok(None),
            }
        }
        .await;
        if tx::finish(work, outcome).await?.is_some() {
            self.mail.wake();
        }
        Ok(())
    }

    /// The token that somebody has sent, if it can still be used, and its user.
    pub(crate) async fn find(
        &self,
        caller: &Caller,
        purpose: Purpose,
        token: &str,
    ) -> Result<Option<(OneTimeToken, User)>, AppError> {
        let attempt = async {
            let store = self.storage.read();
            let digest = self.generator.digest(token);
            let Some(known) = store.one_time_tokens().find(purpose, &digest).await? else {
                return Ok(None);
            };
            let user = store.users().find(known.user_id).await?;
            let user = user.filter(|user| known.holds_for(user, self.clock.now()));
            Ok(user.map(|user| (known, user)))
        };
        self.auth.try_token(caller.origin(), attempt).await
    }

    /// Uses a token up within a unit of work; answers its user. `None` when
    /// somebody was faster or the token holds no more.
    pub(crate) async fn take_in(
        &self,
        store: &dyn Repositories,
        token: &OneTimeToken,
    ) -> Result<Option<User>, AppError> {
        if !store.one_time_tokens().take(token.purpose, &token.digest).await? {
            return Ok(None);
        }
        let user = store.users().find(token.user_id).await?;
        Ok(user.filter(|user| token.holds_for(user, self.clock.now())))
    }
}
