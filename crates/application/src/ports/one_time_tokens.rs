//! Ports: tokens that are mailed to somebody, to be used once.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::UserId;
use snackbase_domain::email::Email;
use snackbase_domain::one_time_token::{OneTimeToken, Purpose};

use super::StoreError;

/// Makes tokens that nobody can guess: 256 random bits.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait TokenGenerator: Send + Sync {
    /// A token in base64url without padding: 43 characters.
    fn base64url(&self) -> String;
    /// A token in hex: 64 characters.
    fn hex(&self) -> String;
    /// The digest under which a token is stored: SHA-256 in hex.
    fn digest(&self, token: &str) -> String;
}

/// The tokens that are still to be used.
#[async_trait]
pub trait OneTimeTokenRepository: Send + Sync {
    /// Stores a token in the place of the one that the user has for the same
    /// address and purpose. Where that was made after `unless_after`, nothing
    /// changes and the answer is false; of several at once one gets true.
    /// `ForeignKey` when the user is gone.
    async fn replace(
        &self,
        token: &OneTimeToken,
        unless_after: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError>;
    /// The token that [`replace`](Self::replace) would take the place of.
    async fn of_user(
        &self,
        user: UserId,
        email: &Email,
        purpose: Purpose,
    ) -> Result<Option<OneTimeToken>, StoreError>;
    async fn find(&self, purpose: Purpose, digest: &str) -> Result<Option<OneTimeToken>, StoreError>;
    /// Removes a token. False when it was not there: of several that try at
    /// once, exactly one gets true.
    async fn take(&self, purpose: Purpose, digest: &str) -> Result<bool, StoreError>;
    /// Removes the tokens of a user, those for one purpose or all.
    async fn remove_of_user(&self, user: UserId, purpose: Option<Purpose>) -> Result<(), StoreError>;
    /// Removes tokens that expired before `before`.
    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
