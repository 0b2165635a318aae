//! Tokens that are mailed to somebody, to be used once.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::email::Email;
use crate::user::User;
use crate::{MailId, UserId};

/// How long a token holds.
pub const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// To show that an e-mail address is the user's.
    Verification,
    /// To set another password.
    PasswordReset,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Verification, Self::PasswordReset];

    /// The word it is stored by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::PasswordReset => "password_reset",
        }
    }

    /// The purpose of a word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// A token that is still to be used. Only its digest is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeToken {
    pub user_id: UserId,
    /// The address that it was sent to. It holds only while this is the user's.
    pub email: Email,
    pub purpose: Purpose,
    /// SHA-256 of the token, in hex.
    pub digest: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// The mail that carries it.
    pub mail_id: Option<MailId>,
}

impl OneTimeToken {
    /// A token made now, which holds for [`LIFETIME`], to the second.
    pub fn new(user_id: UserId, email: Email, purpose: Purpose, digest: String, now: DateTime<Utc>) -> Self {
        let expires_at = (now + LIFETIME).trunc_subsecs(0);
        Self { user_id, email, purpose, digest, created_at: now, expires_at, mail_id: None }
    }

    /// Whether it can be used by this user: in time, and while the address that it
    /// went to is the user's.
    pub fn holds_for(&self, user: &User, now: DateTime<Utc>) -> bool {
        self.expires_at > now && self.user_id == user.id && self.email.key() == user.email.key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_are_known_by_their_words() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.name()), Some(purpose));
        }
        assert_eq!(Purpose::parse("login"), None);
    }
}
