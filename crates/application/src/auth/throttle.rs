//! Slows down guessing of passwords, tokens and keys: failures of late are counted
//! for each target, whether there is such a thing or not.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use snackbase_domain::AccountId;

use crate::limits::whole_seconds;
use crate::ports::{Clock, FailureCounter};
use crate::{AppError, Kind, Refusal, Says};

/// For how long a failure counts.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Failures within the window that close the door to an account's e-mail address.
const MOST_OF_SIGN_IN: u32 = 20;
/// To an e-mail address in whatever account: somebody may well be in several.
const MOST_OF_EMAIL: u32 = 100;
/// To an address of the network: many people may share one.
const MOST_OF_ADDRESS: u32 = 300;
/// Mails that are wanted for an e-mail address.
const MOST_OF_MAILS: u32 = 20;
/// To an address that guesses tokens or keys, which nobody mistypes.
const MOST_OF_GUESSES: u32 = 50;

/// Something that can be guessed, or somebody who guesses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    name: String,
    most: u32,
}

impl Target {
    /// The password of an e-mail address (`Email::key`) in an account. An account that is
    /// not there goes by the text that named it.
    pub fn sign_in(account: Result<AccountId, &str>, email_key: &str) -> Self {
        let account = match account {
            Ok(id) => id.to_string(),
            Err(text) => format!("?{}", text.to_lowercase()),
        };
        Self::new("sign-in", &format!("{account}\n{email_key}"), MOST_OF_SIGN_IN)
    }

    /// The passwords of an e-mail address in all accounts.
    pub fn email(email_key: &str) -> Self {
        Self::new("email", email_key, MOST_OF_EMAIL)
    }

    /// All passwords, from an address.
    pub fn sign_ins_from(address: IpAddr) -> Self {
        Self::new("address", &address.to_string(), MOST_OF_ADDRESS)
    }

    /// Tokens of mails (reset, verification, invitation), from an address.
    pub fn tokens_from(address: Option<IpAddr>) -> Self {
        Self::new("tokens", &address.map(|a| a.to_string()).unwrap_or_default(), MOST_OF_GUESSES)
    }

    /// Mails to an e-mail address (`Email::key`) in an account, as it was named, that
    /// somebody wants who is not signed in.
    pub fn mails_to(account: &str, email_key: &str) -> Self {
        Self::new("mails", &format!("{}\n{email_key}", account.to_lowercase()), MOST_OF_MAILS)
    }

    /// API keys, from an address.
    pub fn api_keys_from(address: Option<IpAddr>) -> Self {
        Self::new("keys", &address.map(|a| a.to_string()).unwrap_or_default(), MOST_OF_GUESSES)
    }

    /// Names come from requests and may be long, so a digest stands for them.
    fn new(kind: &str, name: &str, most: u32) -> Self {
        let digest: String =
            Sha256::digest(name.as_bytes())[..16].iter().map(|b| format!("{b:02x}")).collect();
        Self { name: format!("{kind}:{digest}"), most }
    }
}

/// Closes the door to targets that failed too often within fifteen minutes.
#[derive(Clone)]
pub struct Throttle {
    counter: Option<Arc<dyn FailureCounter>>,
    clock: Arc<dyn Clock>,
}

impl Throttle {
    /// A throttle that counts; `None`: one that lets everything pass.
    pub fn new(counter: Option<Arc<dyn FailureCounter>>, clock: Arc<dyn Clock>) -> Self {
        Self { counter, clock }
    }

    /// Refuses when one of the targets failed too often of late.
    pub async fn check(&self, targets: &[Target]) -> Result<(), AppError> {
        let Some(counter) = &self.counter else {
            return Ok(());
        };
        for target in targets {
            self.judge(counter.nth_newest(&target.name, target.most).await?)?;
        }
        Ok(())
    }

    /// Counts a failure of all targets; refuses when it is one too many for one of them.
    pub async fn failed(&self, targets: &[Target]) -> Result<(), AppError> {
        let Some(counter) = &self.counter else {
            return Ok(());
        };
        let now = self.clock.now();
        let mut outcome = Ok(());
        for target in targets {
            let judged = self.judge(counter.count(&target.name, target.most, now).await?);
            outcome = outcome.and(judged);
        }
        outcome
    }

    /// Forgets the failures of a target that has succeeded. Only for what nobody else can
    /// make succeed: not for addresses.
    pub async fn succeeded(&self, target: &Target) -> Result<(), AppError> {
        match &self.counter {
            Some(counter) => Ok(counter.forget(&target.name).await?),
            None => Ok(()),
        }
    }

    /// Forgets failures that count no more.
    pub async fn forget_old(&self) -> Result<(), AppError> {
        match &self.counter {
            Some(counter) => Ok(counter.forget_before(self.clock.now() - WINDOW).await?),
            None => Ok(()),
        }
    }

    /// `since`: when the failure was that made them too many.
    fn judge(&self, since: Option<DateTime<Utc>>) -> Result<(), AppError> {
        let left = since.map(|since| since + WINDOW - self.clock.now());
        let left = left.and_then(|left| left.to_std().ok()).unwrap_or(Duration::ZERO);
        if left.is_zero() {
            return Ok(());
        }
        let says = Says::RetryAfter(whole_seconds(left));
        Err(AppError::Refused(Refusal { kind: Kind::TooManyRequests, says }))
    }
}
