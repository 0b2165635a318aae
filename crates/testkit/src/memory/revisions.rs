//! The revisions of the schema: changes of collections only, since there are no tables to migrate.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{RevisionRepository, SchemaRevision, StoreError};

use super::Memory;

#[async_trait]
impl RevisionRepository for Memory {
    async fn all(&self) -> Result<Vec<SchemaRevision>, StoreError> {
        let mut all = self.state().revisions.clone();
        all.sort_by_key(|revision| revision.applied_at);
        Ok(all)
    }

    async fn insert(&self, id: &str, description: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.state().revisions.push(SchemaRevision {
            id: id.to_owned(),
            description: description.to_owned(),
            applied_at: Some(at),
            dynamic: true,
        });
        Ok(())
    }
}
