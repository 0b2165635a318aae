//! Ports: password hashing and tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::{AccountId, ApiKeyId, SessionId, UserId};

use crate::AppError;

/// What the check of a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It is another one.
    Wrong,
    Right,
    /// It is right, but hashed with weaker parameters than today's.
    RightButWeak,
}

/// Hashes and checks passwords. Both are slow on purpose: never call them
/// within a transaction.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The PHC string of a password.
    async fn hash(&self, password: &str) -> Result<String, AppError>;
    /// Checks a password. Without a hash (no such user) it takes as long and
    /// answers `Wrong`.
    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verification, AppError>;
}

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    pub user_id: UserId,
    pub account_id: AccountId,
    pub session_id: SessionId,
    pub email: String,
    pub role: String,
    pub issued_at: DateTime<Utc>,
}

/// What a refresh token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshClaims {
    /// `jti`: id of the stored token.
    pub id: String,
    pub user_id: UserId,
    pub account_id: AccountId,
    pub session_id: SessionId,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Why a token does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("Invalid token")]
    Invalid,
    #[error("Token has expired")]
    Expired,
    #[error("Not an access token")]
    WrongType,
}

/// Signs and reads tokens.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Tokens: Send + Sync {
    /// Signs an access token (RFC 7519).
    fn sign_access(&self, claims: &AccessClaims) -> Result<String, AppError>;
    /// Signs a refresh token.
    fn sign_refresh(&self, claims: &RefreshClaims) -> Result<String, AppError>;
    /// Reads an access token; `now` decides about its expiry.
    fn read_access(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenFault>;
    /// Reads a refresh token.
    fn read_refresh(&self, token: &str, now: DateTime<Utc>) -> Result<RefreshClaims, TokenFault>;
    /// The digest under which a token is stored: SHA-256 in hex.
    fn digest(&self, token: &str) -> String;
    /// How long access tokens live, in seconds.
    fn access_lifetime(&self) -> i64;
    /// How long refresh tokens live, in seconds.
    fn refresh_lifetime(&self) -> i64;
}

/// What a signed API key says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyClaims {
    pub id: ApiKeyId,
    pub user_id: UserId,
    pub account_id: AccountId,
    pub email: String,
    pub role: String,
    pub issued_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why a signed API key does not hold, in the order in which it is looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyFault {
    #[error("Invalid token format: must have 3 parts")]
    Format,
    #[error("Invalid signature encoding")]
    SignatureEncoding,
    #[error("Invalid token signature")]
    Signature,
    #[error("Unknown token prefix: {0}")]
    Prefix(String),
    #[error("Invalid token payload")]
    Payload,
    #[error("Token type mismatch in payload")]
    Type,
    #[error("Token has expired")]
    Expired,
}

/// Makes and reads API keys.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait ApiKeySigner: Send + Sync {
    /// A key that carries its claims and a signature over them.
    fn sign(&self, claims: &ApiKeyClaims) -> Result<String, AppError>;
    /// A key of random characters, known by its digest only.
    fn random(&self) -> String;
    /// Reads a signed key; `now` decides about its expiry.
    fn read(&self, key: &str, now: DateTime<Utc>) -> Result<ApiKeyClaims, ApiKeyFault>;
    /// The digest under which a key is stored: SHA-256 in hex.
    fn digest(&self, key: &str) -> String;
}
