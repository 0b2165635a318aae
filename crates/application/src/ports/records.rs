//! Port: records. Every method takes a [`Scoped`] collection, which only
//! `access` can make: a query without authorisation does not compile.

use async_trait::async_trait;
use bytes::Bytes;
use snackbase_domain::record::{Record, Value};
use snackbase_domain::{AccountId, RecordId};
use snackbase_rules::{Typed, Value as SortValue};

use super::StoreError;
use crate::access::Scoped;

/// What a list is sorted by.
#[derive(Clone, Debug)]
pub enum SortBy {
    /// A system field or one with a column.
    Field(String),
    /// A computed field.
    Expression(Typed),
}

/// One sort key.
#[derive(Clone, Debug)]
pub struct Sort {
    pub by: SortBy,
    pub descending: bool,
}

/// Which part of a list, in which order. Rows with equal keys are ordered by
/// id in the direction of the first key.
#[derive(Clone, Debug)]
pub struct ListQuery {
    pub skip: u64,
    pub limit: u64,
    pub sort: Vec<Sort>,
    /// Whether to tell how many rows of the list there are in all.
    pub count: bool,
}

/// A place in a list: that of a row which is, or was, there.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// The row's value for each key of the order.
    pub keys: Vec<SortValue>,
    pub id: String,
}

/// The rows of a list next to a position, in the order of [`ListQuery`]. What is
/// inserted or deleted elsewhere in the list does not move them.
#[derive(Clone, Debug)]
pub struct SeekQuery {
    pub sort: Vec<Sort>,
    /// The moment that `now()` means in sort keys, in microseconds since the Unix
    /// epoch: the order must not change from page to page.
    pub as_of: i64,
    /// Without one, the list's beginning; backwards, its end.
    pub from: Option<Position>,
    /// Takes the rows right before the position instead of those after it.
    pub backwards: bool,
    pub limit: u64,
    /// Whether to count all rows of the list.
    pub count: bool,
}

/// The rows next to a position.
#[derive(Clone, Debug, Default)]
pub struct SeekPage {
    /// In the list's own order, also backwards.
    pub rows: Vec<StoredRecord>,
    /// Whether there are rows beyond these, in the direction of the query.
    pub more: bool,
    /// How many there are in all, where it was asked for.
    pub total: Option<u64>,
}

/// A page as JSON text.
#[derive(Clone, Debug, Default)]
pub struct JsonPage {
    /// The records, separated by commas, without the brackets.
    pub items: Bytes,
    /// How many there are in all, where it was asked for.
    pub total: Option<u64>,
}

/// A record and the name of its account, where it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRecord {
    pub record: Record,
    pub account_name: Option<String>,
}

/// What is computed over the records of a group. Values that are null do not count.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// How many records.
    Rows,
    /// How many values of an expression.
    Count(Typed),
    /// The sum of a number field, as `snackbase_rules::functions::DecimalSum` adds:
    /// infinite where no double is near it. Null where there is no value.
    Sum(String),
    /// That sum, divided by how many values there are.
    Avg(String),
    /// The least value of a field of numbers, texts or times; of times at one
    /// instant the least text.
    Min(String),
    /// The greatest, likewise.
    Max(String),
}

impl Measure {
    /// The field that the result is of the type of.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Rows | Self::Count(_) => None,
            Self::Sum(name) | Self::Avg(name) | Self::Min(name) | Self::Max(name) => Some(name),
        }
    }
}

/// What to compute for each group of records.
#[derive(Clone, Debug)]
pub struct AggregateQuery {
    /// By the keys that `having` knows them by.
    pub measures: Vec<(String, Measure)>,
    /// Fields, system fields too, whose equal values make a group; without any, all
    /// records within reach are one group, even if there is none. Times are equal
    /// when they are the same instant, JSON when the values are; null is a value.
    pub group_by: Vec<String>,
    /// What the results of a group must satisfy: its fields are keys of measures.
    pub having: Option<Typed>,
    /// Whether each group tells its first record.
    pub earliest: bool,
    /// At most this many groups.
    pub limit: u64,
}

/// A group of records.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// A result for each measure; counts are numbers.
    pub measures: Vec<Value>,
    /// A value for each field of `group_by`; JSON in its canonical form.
    pub keys: Vec<Value>,
    /// The least `created_at`, in microseconds since the Unix epoch, and the least id.
    pub earliest: Option<(i64, String)>,
}

/// A record that refers to another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Referring {
    pub id: String,
    /// The id of the other one.
    pub target: String,
}

/// Records of a list as of one moment, block by block. Dropped, it lets the database go.
#[async_trait]
pub trait RecordCursor: Send {
    /// The next block; an empty one at the end. `Unavailable` when the one before was
    /// fetched too long ago: nobody may hold an old state of the database for ever.
    async fn next(&mut self) -> Result<Vec<StoredRecord>, StoreError>;
}

/// The records of collections.
#[async_trait]
pub trait RecordStore: Send + Sync {
    /// A page as JSON text, keys as `Scoped::projection` says: for callers who see
    /// the stored values as they are.
    async fn list_json(&self, scoped: &Scoped, query: &ListQuery) -> Result<JsonPage, StoreError>;
    /// A page of records, and how many there are in all, where it was asked for.
    async fn list(
        &self,
        scoped: &Scoped,
        query: &ListQuery,
    ) -> Result<(Vec<StoredRecord>, Option<u64>), StoreError>;
    /// The records next to a position.
    async fn seek(&self, scoped: &Scoped, query: &SeekQuery) -> Result<SeekPage, StoreError>;
    /// All records of a list, in order. Not within a unit of work.
    async fn stream(&self, scoped: &Scoped, sort: &[Sort]) -> Result<Box<dyn RecordCursor>, StoreError>;
    /// A record as JSON text.
    async fn view_json(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Bytes>, StoreError>;
    /// A record.
    async fn view(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError>;
    /// Those of the records that are within reach, in no particular order.
    async fn find_many(&self, scoped: &Scoped, ids: &[String]) -> Result<Vec<Record>, StoreError>;
    /// The account of a record within reach.
    async fn account_of(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<AccountId>, StoreError>;
    /// Whether a record within reach that satisfies the predicate holds a file in one of the fields.
    async fn shows_file(&self, scoped: &Scoped, path: &str, fields: &[&str]) -> Result<bool, StoreError>;
    /// Which of the ids are records of the collection within reach. Tells nothing else of
    /// them, and is asked for references and for batches.
    async fn existing(&self, scoped: &Scoped, ids: &[String]) -> Result<Vec<String>, StoreError>;
    /// At most `limit` records behind the one with that id (from the first one on), in the order
    /// of their ids, which is that of their texts' bytes.
    async fn scan(
        &self,
        scoped: &Scoped,
        after: Option<&RecordId>,
        limit: u64,
    ) -> Result<Vec<Record>, StoreError>;
    /// Computes over groups of records, in no particular order.
    async fn aggregate(&self, scoped: &Scoped, query: &AggregateQuery) -> Result<Vec<Group>, StoreError>;
    /// A record within reach that satisfies the predicate; until the unit of work ends nobody
    /// else changes it or makes a record that refers to it.
    async fn take(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError>;
    /// At most `limit` of the records within reach whose reference field of that name holds one of
    /// the ids, in no particular order. They are taken, as by `take`.
    async fn take_referring(
        &self,
        scoped: &Scoped,
        field: &str,
        targets: &[String],
        limit: u64,
    ) -> Result<Vec<Referring>, StoreError>;
    /// Keeps others from changing a record of the accounts within reach until the unit of
    /// work ends.
    async fn hold(&self, scoped: &Scoped, id: &RecordId) -> Result<(), StoreError>;
    /// `Conflict` when the value of a unique field is taken, or the values of a unique index: it
    /// names the fields, separated by commas. `ForeignKey` when a reference's target is gone.
    async fn insert(&self, scoped: &Scoped, record: &Record) -> Result<(), StoreError>;
    /// Changes a record if it is within reach and satisfies the predicate;
    /// answers it as it is then. The moment of its last change is `updated_at`, or later
    /// where that is not after the change before. Errors as `insert`.
    async fn update(
        &self,
        scoped: &Scoped,
        id: &RecordId,
        changes: &[Option<Value>],
        updated_at: i64,
        updated_by: &str,
    ) -> Result<Option<Record>, StoreError>;
    /// The condition that the predicate is for this store; values are placeholders.
    /// Empty without a predicate.
    fn condition(&self, scoped: &Scoped) -> String;
    /// Deletes a record if it is within reach and satisfies the predicate; answers it.
    /// `ForeignKey` when a record that restricts it refers to it. Records that refer to it
    /// otherwise go or lose the reference, and nobody is told: where there may be any, a use
    /// case takes care of them before.
    async fn delete(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError>;
    /// Empties references of records that were taken, because their targets go. `fields` are
    /// positions among the stored ones. Answers the records as they are then, changed as by
    /// `update`.
    async fn clear_references(
        &self,
        scoped: &Scoped,
        fields: &[usize],
        records: &[Record],
        updated_at: i64,
        updated_by: &str,
    ) -> Result<Vec<Record>, StoreError>;
    /// Empties a reference of records that were taken and go themselves in this unit of work, so
    /// that they can go one after the other. That is no change of its own.
    async fn cut_references(&self, scoped: &Scoped, field: usize, ids: &[String]) -> Result<(), StoreError>;
    /// Deletes records that were taken. Errors as `delete`.
    async fn delete_taken(&self, scoped: &Scoped, records: &[Record]) -> Result<(), StoreError>;
}
