//! Sign-ins and the refresh tokens that prolong them.

use chrono::{DateTime, Utc};

use crate::{AccountId, SessionId, UserId};

/// A sign-in: when it was made, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub id: SessionId,
    pub at: DateTime<Utc>,
    /// Address of the client, as far as it is known.
    pub ip_address: Option<String>,
    /// What the client calls itself, cut to [`MAX_AGENT`] characters.
    pub user_agent: Option<String>,
}

/// How much is kept of what a client calls itself, in characters.
pub const MAX_AGENT: usize = 300;

/// A stored refresh token. Only a digest of the token is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The token's `jti`.
    pub id: String,
    /// The sign-in it descends from: all tokens of a sign-in form a family.
    pub sign_in: SignIn,
    pub user_id: UserId,
    pub account_id: AccountId,
    /// SHA-256 of the whole token, in hex.
    pub digest: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// When it was used up by a rotation or revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Whether a rotation (rather than a sign-out) ended it.
    pub rotated: bool,
}
