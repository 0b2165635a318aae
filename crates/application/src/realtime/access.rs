//! Changes of who may do what, as the log tells them to other nodes.

use serde_json::{Value as Json, json};
use snackbase_domain::{ApiKeyId, UserId};

use crate::ports::{LogEntryKind, NewLogEntry};

/// Whose rights or sign-ins have changed, so that what is known of them must be asked for anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessChange {
    /// A user: role, groups, password, address, sign-ins.
    User(UserId),
    /// An API key.
    Key(ApiKeyId),
    /// Many at once: a role, a group or an account.
    All,
}

impl AccessChange {
    /// The log's entry: `{"user_id":…}`, `{"key_id":…}` or `{"all":true}`.
    pub fn entry(self, occurred_at: i64) -> NewLogEntry {
        let body = match self {
            Self::User(id) => json!({"user_id": id}),
            Self::Key(id) => json!({"key_id": id}),
            Self::All => json!({"all": true}),
        };
        NewLogEntry {
            kind: LogEntryKind::Access,
            account_id: None,
            collection_id: None,
            record_id: None,
            operation: None,
            body: body.to_string(),
            occurred_at,
        }
    }

    /// Reads an entry's body. What is not understood, maybe from a newer program, may concern anybody.
    pub fn read(body: &str) -> Self {
        let told: Json = serde_json::from_str(body).unwrap_or_default();
        let id = |name: &str| told.get(name)?.as_str();
        if let Some(user) = id("user_id").and_then(|id| id.parse().ok()) {
            Self::User(user)
        } else if let Some(key) = id("key_id").and_then(|id| id.parse().ok()) {
            Self::Key(key)
        } else {
            Self::All
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_told_is_read() {
        let id = Uuid::from_u128(7);
        for change in
            [AccessChange::User(UserId::new(id)), AccessChange::Key(ApiKeyId::new(id)), AccessChange::All]
        {
            assert_eq!(AccessChange::read(&change.entry(0).body), change);
        }
    }

    #[test]
    fn what_nobody_understands_concerns_all() {
        for body in ["", "[]", "{\"user_id\": 5}", "{\"device_id\": \"x\"}"] {
            assert_eq!(AccessChange::read(body), AccessChange::All, "{body}");
        }
    }
}
