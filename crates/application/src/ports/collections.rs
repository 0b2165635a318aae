//! Ports: collections and their tables.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::collection::{Collection, Field, FieldName, Index, RuleSet};
use snackbase_domain::record::Value;
use snackbase_domain::{AccountId, CollectionId, RecordId};

use super::StoreError;

/// What collections can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CollectionSort {
    Id,
    Name,
    #[default]
    CreatedAt,
    UpdatedAt,
}

/// Which collections to list.
#[derive(Clone, Debug)]
pub struct CollectionQuery {
    pub skip: u64,
    pub limit: u64,
    pub sort: CollectionSort,
    pub descending: bool,
    /// Part of name or id, in any case.
    pub search: Option<String>,
}

/// A collection in a list.
#[derive(Clone, Debug)]
pub struct CollectionListItem {
    pub collection: Collection,
    /// Rows of all accounts.
    pub records_count: u64,
}

/// The rules of a collection as a row of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRow {
    pub id: String,
    pub collection_id: CollectionId,
    pub rules: RuleSet,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The descriptions of collections.
#[async_trait]
pub trait CollectionRepository: Send + Sync {
    /// All collections with their rules, by name.
    async fn all(&self) -> Result<Vec<Collection>, StoreError>;
    async fn find(&self, id: CollectionId) -> Result<Option<Collection>, StoreError>;
    /// A page of collections, and how many match.
    async fn page(&self, query: &CollectionQuery) -> Result<(Vec<Collection>, u64), StoreError>;
    /// `Conflict` when the name (in any case) is taken.
    async fn insert(&self, collection: &Collection, rules_id: &str) -> Result<(), StoreError>;
    /// Stores name, fields, indexes and `updated_at`. `Conflict` when the name is taken.
    async fn update(&self, collection: &Collection) -> Result<(), StoreError>;
    async fn delete(&self, id: CollectionId) -> Result<bool, StoreError>;
    async fn rules(&self, id: CollectionId) -> Result<Option<RuleRow>, StoreError>;
    /// Stores the rules of a collection; makes the row where there is none of its id.
    async fn update_rules(&self, row: &RuleRow) -> Result<(), StoreError>;
    /// Keeps other changes of schemas and rules out until the unit of work ends.
    async fn lock_schema(&self) -> Result<(), StoreError>;
    /// A number that every committed change of a collection or its rules raises.
    async fn version(&self) -> Result<u64, StoreError>;
    /// Raises the number, and has other nodes told of it at the commit. `insert`, `update`, `delete`
    /// and `update_rules` do so by themselves; this is for what else the catalog is made of.
    async fn mark_changed(&self) -> Result<(), StoreError>;
}

/// How a table has to change.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaDiff {
    pub before: Collection,
    pub after: Collection,
}

impl SchemaDiff {
    /// Stored fields that are new.
    pub fn added(&self) -> impl Iterator<Item = &Field> {
        self.after.stored_fields().filter(|f| self.before.field(f.name.as_str()).is_none())
    }

    /// Whether other fields are searchable than before.
    pub fn changes_words(&self) -> bool {
        let names = |c: &Collection| c.searchable_fields().map(|f| f.name.clone()).collect::<Vec<_>>();
        names(&self.before) != names(&self.after)
    }

    /// Stored fields in both, as (before, after).
    pub fn kept(&self) -> impl Iterator<Item = (&Field, &Field)> {
        self.after
            .stored_fields()
            .filter_map(|after| self.before.field(after.name.as_str()).map(|before| (before, after)))
    }
}

/// Rows that something is the matter with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsFound {
    pub count: u64,
    /// The ids of the oldest ones, five at the most.
    pub first: Vec<String>,
}

/// The tables that hold records.
#[async_trait]
pub trait RecordTables: Send + Sync {
    /// Makes the table with its indexes and foreign keys.
    async fn create(&self, collection: &Collection) -> Result<(), StoreError>;
    /// Changes the table; existing rows get the defaults of new fields.
    /// `Conflict` when stored values forbid a new unique index. Of an index that is new, texts are
    /// no longer than [`Index::text_limit`].
    async fn alter(&self, diff: &SchemaDiff) -> Result<(), StoreError>;
    /// Gives a stored field another name. `before` and `after` differ in nothing else.
    async fn rename_field(
        &self,
        before: &Collection,
        after: &Collection,
        names: (&FieldName, &FieldName),
    ) -> Result<(), StoreError>;
    /// Drops the columns of a stored field, which `after` has no more, and the indexes that `after`
    /// has no more.
    async fn drop_field(
        &self,
        before: &Collection,
        after: &Collection,
        field: &Field,
    ) -> Result<(), StoreError>;
    /// Gives the table the name of `after`, which differs in nothing else. References follow.
    async fn rename(&self, before: &Collection, after: &Collection) -> Result<(), StoreError>;
    /// Sets a stored field of some rows, whichever account they are of. `Conflict` when a value is taken,
    /// `ForeignKey` when the target of a reference is not there.
    async fn fill(
        &self,
        collection: &Collection,
        field: &Field,
        values: &[(RecordId, Value)],
    ) -> Result<(), StoreError>;
    /// Takes the table out of the way for good: its name is free, and nothing finds its rows any
    /// more. `revision`, some hex digits, is what it goes by from now on.
    async fn set_aside(
        &self,
        collection: &Collection,
        revision: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// What is set aside, oldest first.
    async fn aside(&self) -> Result<Vec<String>, StoreError>;
    /// The rows of a table that is set aside; none when it is gone.
    async fn count_aside(&self, revision: &str) -> Result<u64, StoreError>;
    /// Removes a part of a table that is set aside, about `limit` rows where more would keep others
    /// waiting; answers whether all of it is gone. `Unavailable` when others use what it refers to just now.
    async fn remove_aside(&self, revision: &str, limit: u64) -> Result<bool, StoreError>;
    /// Rows of all accounts.
    async fn count(&self, collection: &Collection) -> Result<u64, StoreError>;
    /// Rows of all accounts in all of the collections.
    async fn count_all(&self, collections: &[&Collection]) -> Result<u64, StoreError>;
    /// Tidies up what the adapter keeps of counts; from time to time.
    async fn fold_counts(&self) -> Result<(), StoreError>;
    /// Removes at most `limit` rows of an account, past all rules; answers how many.
    async fn delete_some(
        &self,
        collection: &Collection,
        account: AccountId,
        limit: u64,
    ) -> Result<u64, StoreError>;
    /// Sets a reference to null in at most `limit` rows of an account that have it; answers in
    /// how many.
    async fn cut_some(
        &self,
        collection: &Collection,
        field: &Field,
        account: AccountId,
        limit: u64,
    ) -> Result<u64, StoreError>;
    /// Whether two rows of an account have the same value in a field.
    async fn has_duplicates(&self, collection: &Collection, field: &Field) -> Result<bool, StoreError>;
    /// Rows that have all values of an index in common with another row of their account. A row
    /// where one of them is null has none in common.
    async fn collisions(&self, collection: &Collection, index: &Index) -> Result<RowsFound, StoreError>;
    /// Rows with a text in a field of an index that is longer than [`Index::text_limit`].
    async fn overlong(&self, collection: &Collection, index: &Index) -> Result<RowsFound, StoreError>;
    /// Whether an account has rows.
    async fn has_rows(&self, collection: &Collection, account: AccountId) -> Result<bool, StoreError>;
}
