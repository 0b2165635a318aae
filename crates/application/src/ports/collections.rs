//! Ports: collections and their tables.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::collection::{Collection, Field, RuleSet};
use snackbase_domain::{AccountId, CollectionId};

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
    /// Stores fields and `updated_at`.
    async fn update(&self, collection: &Collection) -> Result<(), StoreError>;
    async fn delete(&self, id: CollectionId) -> Result<bool, StoreError>;
    async fn rules(&self, id: CollectionId) -> Result<Option<RuleRow>, StoreError>;
    async fn update_rules(&self, row: &RuleRow) -> Result<(), StoreError>;
    /// Keeps other changes of schemas out until the unit of work ends.
    async fn lock_schema(&self) -> Result<(), StoreError>;
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

/// The tables that hold records.
#[async_trait]
pub trait RecordTables: Send + Sync {
    /// Makes the table with its indexes and foreign keys.
    async fn create(&self, collection: &Collection) -> Result<(), StoreError>;
    /// Changes the table; existing rows get the defaults of new fields.
    /// `Conflict` when stored values forbid a new unique index.
    async fn alter(&self, diff: &SchemaDiff) -> Result<(), StoreError>;
    /// Drops the table.
    async fn drop(&self, collection: &Collection) -> Result<(), StoreError>;
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
    /// Whether an account has rows.
    async fn has_rows(&self, collection: &Collection, account: AccountId) -> Result<bool, StoreError>;
}
