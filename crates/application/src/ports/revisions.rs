//! Port: revisions of the schema.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;

/// A step of the schema: a migration of the system's tables, or a change of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaRevision {
    pub id: String,
    pub description: String,
    /// When it was applied; `None`: not yet.
    pub applied_at: Option<DateTime<Utc>>,
    /// Whether it is a change of a collection.
    pub dynamic: bool,
}

/// The revisions of the schema.
#[async_trait]
pub trait RevisionRepository: Send + Sync {
    /// All, in the order in which they were applied; those that were not come last.
    async fn all(&self) -> Result<Vec<SchemaRevision>, StoreError>;
    /// Notes a change of a collection.
    async fn insert(&self, id: &str, description: &str, at: DateTime<Utc>) -> Result<(), StoreError>;
}
