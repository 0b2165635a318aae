//! Invitations: somebody with an e-mail address may become a user of an account.

use chrono::{DateTime, TimeDelta, Utc};

use crate::email::Email;
use crate::role::RoleId;
use crate::{AccountId, GroupId, InvitationId, UserId};

/// How long an invitation can be accepted.
pub const LIFETIME: TimeDelta = TimeDelta::hours(48);

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Pending,
    Accepted,
    Expired,
}

impl Status {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Expired => "expired",
        }
    }
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub account_id: AccountId,
    pub email: Email,
    /// The role to get; without one, that of ordinary users.
    pub role_id: Option<RoleId>,
    /// The groups to be put in.
    pub group_ids: Vec<GroupId>,
    pub invited_by: UserId,
    /// SHA-256 of the token, in hex: what it is found by.
    pub digest: String,
    /// The token, sealed: admins may see it and send it again.
    pub sealed_token: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was mailed last.
    pub email_sent_at: Option<DateTime<Utc>>,
}

impl Invitation {
    /// Where it stands.
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        match self.accepted_at {
            Some(_) => Status::Accepted,
            None if self.expires_at <= now => Status::Expired,
            None => Status::Pending,
        }
    }
}
