//! Ports: the log of what happened, in one order, and word of it from other nodes.

use async_trait::async_trait;
use snackbase_domain::{AccountId, CollectionId};

use super::StoreError;

/// What an entry tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogEntryKind {
    /// A change of a record.
    Record,
    /// Something that was said, or who is there: of no meaning to those who come later.
    Channel,
    /// The rights of somebody have changed, or a sign-in has ended.
    Access,
}

impl LogEntryKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Channel => "channel",
            Self::Access => "access",
        }
    }

    /// The kind of that word.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Record, Self::Channel, Self::Access].into_iter().find(|kind| kind.name() == name)
    }
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordOperation {
    Create,
    Update,
    Delete,
}

impl RecordOperation {
    /// In the order in which a record lives.
    pub const ALL: [Self; 3] = [Self::Create, Self::Update, Self::Delete];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The operation of that word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }
}

/// An entry that has no place yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLogEntry {
    pub kind: LogEntryKind,
    /// Whom it concerns; `None`: the whole system.
    pub account_id: Option<AccountId>,
    /// The record's collection, whatever its name is by now.
    pub collection_id: Option<CollectionId>,
    pub record_id: Option<String>,
    pub operation: Option<RecordOperation>,
    /// JSON text, of which the store knows nothing: see `realtime::change` and `realtime::access`.
    pub body: String,
    /// Microseconds since the Unix epoch.
    pub occurred_at: i64,
}

/// An entry in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Where it stands; the first has 1.
    pub position: u64,
    pub kind: LogEntryKind,
    /// Whom it concerns; `None`: the whole system.
    pub account_id: Option<AccountId>,
    /// The record's collection, whatever its name is by now.
    pub collection_id: Option<CollectionId>,
    pub record_id: Option<String>,
    pub operation: Option<RecordOperation>,
    /// JSON text.
    pub body: String,
    /// Microseconds since the Unix epoch.
    pub occurred_at: i64,
}

/// Which log it is, and how far it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogBounds {
    /// Made at random with the log: another one's positions mean nothing here.
    pub epoch: String,
    /// The oldest entry that is kept; `last + 1` where none is.
    pub first: u64,
    /// The newest entry that has its place; 0 before the first.
    pub last: u64,
}

impl LogBounds {
    /// Whether who has read up to `position` gets all that came after it.
    pub fn follows(&self, position: u64) -> bool {
        position <= self.last && position.saturating_add(1) >= self.first
    }
}

/// The log of what happened. An entry is written with its cause, in one transaction, and gets its
/// place once that is committed; then all who read see it in the same place. Places have no gaps,
/// and of two changes of one record the later one comes later.
#[async_trait]
pub trait RealtimeLog: Send + Sync {
    /// Writes entries down, within the unit of work of what they tell.
    async fn append(&self, entries: &[NewLogEntry]) -> Result<(), StoreError>;
    /// Gives at most `limit` committed entries their places, in the order in which they were written;
    /// answers how many. In a unit of work of its own, which holds up nobody who writes. Where entries
    /// have their places from the beginning there is nothing to do.
    async fn settle(&self, limit: u64) -> Result<u64, StoreError>;
    /// At most `limit` entries behind a position, in order. An entry that is there by now is not
    /// missing later.
    async fn after(&self, position: u64, limit: u64) -> Result<Vec<LogEntry>, StoreError>;
    /// How far the log reaches.
    async fn bounds(&self) -> Result<LogBounds, StoreError>;
    /// Forgets at most `limit` entries, the oldest ones, up to the last that happened before that moment
    /// (microseconds since the Unix epoch); answers how many. Places are given once.
    async fn forget_before(&self, occurred_before: i64, limit: u64) -> Result<u64, StoreError>;
}

/// Tells when to look for new entries. It may tell too often; and since word can be lost, whoever waits
/// looks by himself from time to time, too.
#[async_trait]
pub trait RealtimeSignal: Send + Sync {
    /// Returns when entries may have got places since the last call, on whatever node; also when the
    /// connection that would tell was lost and is there again. Never where there is one node only.
    async fn told(&self);
}
