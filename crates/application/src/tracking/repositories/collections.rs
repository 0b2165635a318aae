//! Collections and their rules.

use async_trait::async_trait;
use snackbase_domain::CollectionId;
use snackbase_domain::collection::Collection;

use crate::ports::{CollectionQuery, CollectionRepository, RuleRow, StoreError};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl CollectionRepository for TrackedWork {
    async fn all(&self) -> Result<Vec<Collection>, StoreError> {
        self.plain().collections().all().await
    }

    async fn find(&self, id: CollectionId) -> Result<Option<Collection>, StoreError> {
        self.plain().collections().find(id).await
    }

    async fn page(&self, query: &CollectionQuery) -> Result<(Vec<Collection>, u64), StoreError> {
        self.plain().collections().page(query).await
    }

    async fn insert(&self, collection: &Collection, rules_id: &str) -> Result<(), StoreError> {
        self.plain().collections().insert(collection, rules_id).await?;
        self.created(collection);
        if let Some(rules) = self.for_audit(self.plain().collections().rules(collection.id)).await? {
            self.created(&rules);
        }
        Ok(())
    }

    async fn update(&self, collection: &Collection) -> Result<(), StoreError> {
        let before = self.for_audit(self.plain().collections().find(collection.id)).await?;
        self.plain().collections().update(collection).await?;
        if let Some(before) = before {
            self.updated(&before, collection);
        }
        Ok(())
    }

    async fn delete(&self, id: CollectionId) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().collections().find(id)).await?;
        let rules = self.for_audit(self.plain().collections().rules(id)).await?;
        let deleted = self.plain().collections().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            if let Some(rules) = rules {
                self.deleted(&rules);
            }
            self.deleted(&before);
        }
        Ok(deleted)
    }

    async fn rules(&self, id: CollectionId) -> Result<Option<RuleRow>, StoreError> {
        self.plain().collections().rules(id).await
    }

    async fn update_rules(&self, row: &RuleRow) -> Result<(), StoreError> {
        let before = self.for_audit(self.plain().collections().rules(row.collection_id)).await?;
        self.plain().collections().update_rules(row).await?;
        match before {
            Some(before) => self.updated(&before, row),
            None => self.created(row),
        }
        Ok(())
    }

    async fn lock_schema(&self) -> Result<(), StoreError> {
        self.plain().collections().lock_schema().await
    }

    async fn version(&self) -> Result<u64, StoreError> {
        self.plain().collections().version().await
    }

    async fn mark_changed(&self) -> Result<(), StoreError> {
        self.plain().collections().mark_changed().await
    }
}
