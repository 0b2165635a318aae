//! Sign-ins and the refresh tokens that prolong them.

use chrono::{DateTime, Utc};

use crate::{AccountId, SessionId, UserId};

/// A stored refresh token. Only a digest of the token is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The token's `jti`.
    pub id: String,
    /// The sign-in it descends from: all tokens of a sign-in form a family.
    pub session_id: SessionId,
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
