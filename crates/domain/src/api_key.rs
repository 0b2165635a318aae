//! API keys: credentials of superadmins for programs.

use chrono::{DateTime, Utc};

use crate::{AccountId, ApiKeyId, UserId};

/// A stored API key. Only a digest of the key is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// For signed keys also the id within the key.
    pub id: ApiKeyId,
    pub name: String,
    pub user_id: UserId,
    pub account_id: AccountId,
    /// SHA-256 of the whole key, in hex.
    pub digest: String,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    /// False once revoked.
    pub is_active: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ApiKey {
    /// What is shown of the key: its two ends, of the digest.
    pub fn masked(&self) -> String {
        let (head, tail) = (self.digest.get(..6), self.digest.get(self.digest.len().saturating_sub(4)..));
        format!("{}...{}", head.unwrap_or_default(), tail.unwrap_or_default())
    }
}
