//! Groups of users within an account.

use chrono::{DateTime, Utc};

use crate::{AccountId, GroupId};

/// The group whose members see personal data unmasked.
pub const PII_ACCESS: &str = "pii_access";
/// What the description of that group says when we make it.
pub const PII_ACCESS_DESCRIPTION: &str = "Users in this group can view unmasked PII data";

/// A group of users of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub account_id: AccountId,
    pub name: String,
    pub description: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
