//! Users.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::email::Email;
use crate::role::RoleId;
use crate::{AccountId, UserId};

/// How a user signs in when nothing else is configured.
pub const PASSWORD_PROVIDER: &str = "password";

/// A user of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    pub id: UserId,
    pub account_id: AccountId,
    pub email: Email,
    /// PHC string of the password's hash.
    pub password_hash: String,
    pub role_id: RoleId,
    pub is_active: bool,
    pub auth_provider: String,
    pub auth_provider_name: Option<String>,
    pub external_id: Option<String>,
    pub external_email: Option<String>,
    pub profile_data: Option<Value>,
    pub email_verified: bool,
    pub email_verified_at: Option<DateTime<Utc>>,
    /// Tokens issued before this moment are void.
    pub password_changed_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub last_login: Option<DateTime<Utc>>,
}

impl User {
    /// Whether the user belongs to the system account.
    pub fn is_superadmin(&self) -> bool {
        self.account_id.is_system()
    }
}
