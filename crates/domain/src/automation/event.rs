//! What hooks, webhooks and workflows wait for.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{AccountId, AutomationEventId, UserId};

/// How many automatic steps may follow from one another; at this depth nothing runs any more.
pub const MAX_DEPTH: u32 = 5;

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    RecordCreated,
    RecordUpdated,
    RecordDeleted,
    /// Somebody signed in.
    SignedIn,
    /// Somebody registered or accepted an invitation.
    Registered,
}

impl EventKind {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 5] =
        [Self::SignedIn, Self::Registered, Self::RecordCreated, Self::RecordDeleted, Self::RecordUpdated];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecordCreated => "records.create",
            Self::RecordUpdated => "records.update",
            Self::RecordDeleted => "records.delete",
            Self::SignedIn => "auth.login",
            Self::Registered => "auth.register",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// On whose behalf something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActingUser {
    pub id: UserId,
    pub email: String,
}

/// Something that has happened in an account and is committed.
#[derive(Clone, Debug, PartialEq)]
pub struct AutomationEvent {
    /// The same however often it is handed on.
    pub id: AutomationEventId,
    pub account_id: AccountId,
    pub kind: EventKind,
    /// The name of the record's collection; `None` for what users do.
    pub collection: Option<String>,
    /// The record as the API shows it, hidden fields left out: after the change, or, once deleted, as
    /// it was. What users do has an object of its own.
    pub record: Map<String, Value>,
    /// The record before an update or a deletion.
    pub previous: Option<Map<String, Value>>,
    /// Who did it, when somebody signed in did.
    pub user: Option<ActingUser>,
    /// How many automatic steps led to it; 0 for what a client did.
    pub depth: u32,
    pub occurred_at: DateTime<Utc>,
}
