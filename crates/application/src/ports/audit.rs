//! Ports: the audit log and the keys that seal it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::AccountId;
use snackbase_domain::audit::{Cell, ChainHead, Change};

use super::StoreError;

/// What entries can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuditSort {
    Id,
    #[default]
    OccurredAt,
    AccountId,
    Operation,
    TableName,
    RecordId,
    ColumnName,
    UserId,
    UserEmail,
}

/// Which entries are meant; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Id of the account; any text may be asked for.
    pub account_id: Option<String>,
    pub table_name: Option<String>,
    pub record_id: Option<String>,
    pub user_id: Option<String>,
    /// The word; one that is no operation has no entries.
    pub operation: Option<String>,
    /// Inclusive.
    pub from: Option<DateTime<Utc>>,
    /// Inclusive.
    pub to: Option<DateTime<Utc>>,
}

/// A page of entries.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    pub filter: AuditFilter,
    pub skip: u64,
    pub limit: u64,
    pub sort: AuditSort,
    pub descending: bool,
}

/// An entry of the log: a cell with its change (whose `cells` are left empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub change: Change,
    pub cell: Cell,
    /// Checksum of the entry before; `None` for the first.
    pub previous_hash: Option<String>,
}

/// How much the log holds, and how much its head tells, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditExtent {
    pub changes: i64,
    pub entries: i64,
    /// Number of entries that the changes say they have.
    pub entries_of_changes: i64,
    /// Number of changes that the whole log's head tells.
    pub head_changes: i64,
    /// Number of entries that the whole log's head tells.
    pub head_entries: i64,
}

/// A change that was written down with its cause and waits for its place in the
/// chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedChange {
    /// Given by the store; of no meaning before.
    pub id: i64,
    /// The change, as JSON.
    pub payload: String,
    /// Keyed; of the payload.
    pub seal: String,
}

/// The audit log.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Lets changes wait for their places.
    async fn queue(&self, changes: &[QueuedChange]) -> Result<(), StoreError>;
    /// The changes that wait, after an id and in the order of their ids.
    async fn queued(&self, after: i64, limit: u64) -> Result<Vec<QueuedChange>, StoreError>;
    /// Takes changes out of the queue: they have their places.
    async fn remove_queued(&self, ids: &[i64]) -> Result<(), StoreError>;
    /// Keeps others from changing the row of a table until the unit of work ends, so
    /// that what is read of it now is what the next change changes. A row that is not
    /// there is nothing to keep.
    async fn hold_row(&self, table: &str, id: &str) -> Result<(), StoreError>;
    /// The heads of the whole log and of the accounts, empty ones where there are
    /// none yet; the whole log's comes first. Until the unit of work ends nobody
    /// else gets them.
    async fn lock_heads(&self, accounts: &[AccountId]) -> Result<Vec<ChainHead>, StoreError>;
    /// Adds changes, and stores the heads as they are then.
    async fn append(&self, changes: &[Change], heads: &[ChainHead]) -> Result<(), StoreError>;
    /// An entry.
    async fn find(&self, id: i64) -> Result<Option<AuditEntry>, StoreError>;
    /// A page of entries; equal ones by id, descending.
    async fn page(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>, StoreError>;
    /// How many entries there are.
    async fn count(&self, filter: &AuditFilter) -> Result<u64, StoreError>;
    /// All heads as of one moment; the whole log's first, which is there from the
    /// beginning.
    async fn heads(&self) -> Result<Vec<ChainHead>, StoreError>;
    /// Entries after an id, by id; `StoreError::Inconsistent` when one of them is not
    /// what was written.
    async fn entries_after(&self, id: i64, limit: u64) -> Result<Vec<AuditEntry>, StoreError>;
    /// How much there is, of all accounts.
    async fn extent(&self) -> Result<AuditExtent, StoreError>;
}

/// Makes and checks the checksums and seals of the log.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait AuditSealer: Send + Sync {
    /// SHA-256 in hex.
    fn checksum(&self, text: &str) -> String;
    /// A seal of a text with the present key.
    fn seal(&self, text: &str) -> String;
    /// Whether the seal is of the text, by the present key or one of those before.
    fn verify(&self, text: &str, seal: &str) -> bool;
}
