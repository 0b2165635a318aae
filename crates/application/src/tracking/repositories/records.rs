//! Records.

use async_trait::async_trait;
use bytes::Bytes;
use snackbase_domain::record::{Record, Value};
use snackbase_domain::{AccountId, RecordId};

use crate::access::Scoped;
use crate::ports::{
    AggregateQuery, Group, JsonPage, ListQuery, RecordCursor, RecordStore, Referring, SeekPage, SeekQuery,
    Sort, StoreError, StoredRecord,
};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl RecordStore for TrackedWork {
    async fn list_json(&self, scoped: &Scoped, query: &ListQuery) -> Result<JsonPage, StoreError> {
        self.plain().records().list_json(scoped, query).await
    }

    async fn list(
        &self,
        scoped: &Scoped,
        query: &ListQuery,
    ) -> Result<(Vec<StoredRecord>, Option<u64>), StoreError> {
        self.plain().records().list(scoped, query).await
    }

    async fn seek(&self, scoped: &Scoped, query: &SeekQuery) -> Result<SeekPage, StoreError> {
        self.plain().records().seek(scoped, query).await
    }

    async fn stream(&self, scoped: &Scoped, sort: &[Sort]) -> Result<Box<dyn RecordCursor>, StoreError> {
        self.plain().records().stream(scoped, sort).await
    }

    async fn view_json(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Bytes>, StoreError> {
        self.plain().records().view_json(scoped, id).await
    }

    async fn view(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        self.plain().records().view(scoped, id).await
    }

    async fn find_many(&self, scoped: &Scoped, ids: &[String]) -> Result<Vec<Record>, StoreError> {
        self.plain().records().find_many(scoped, ids).await
    }

    async fn account_of(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<AccountId>, StoreError> {
        self.plain().records().account_of(scoped, id).await
    }

    async fn shows_file(&self, scoped: &Scoped, path: &str, fields: &[&str]) -> Result<bool, StoreError> {
        self.plain().records().shows_file(scoped, path, fields).await
    }

    async fn existing(&self, scoped: &Scoped, ids: &[String]) -> Result<Vec<String>, StoreError> {
        self.plain().records().existing(scoped, ids).await
    }

    async fn scan(
        &self,
        scoped: &Scoped,
        after: Option<&RecordId>,
        limit: u64,
    ) -> Result<Vec<Record>, StoreError> {
        self.plain().records().scan(scoped, after, limit).await
    }

    async fn aggregate(&self, scoped: &Scoped, query: &AggregateQuery) -> Result<Vec<Group>, StoreError> {
        self.plain().records().aggregate(scoped, query).await
    }

    async fn take(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        self.plain().records().take(scoped, id).await
    }

    async fn take_referring(
        &self,
        scoped: &Scoped,
        field: &str,
        targets: &[String],
        limit: u64,
    ) -> Result<Vec<Referring>, StoreError> {
        self.plain().records().take_referring(scoped, field, targets, limit).await
    }

    async fn hold(&self, scoped: &Scoped, id: &RecordId) -> Result<(), StoreError> {
        self.plain().records().hold(scoped, id).await
    }

    async fn insert(&self, scoped: &Scoped, record: &Record) -> Result<(), StoreError> {
        self.plain().records().insert(scoped, record).await?;
        self.record(scoped.compiled(), None, Some(record)).await
    }

    async fn update(
        &self,
        scoped: &Scoped,
        id: &RecordId,
        changes: &[Option<Value>],
        updated_at: i64,
        updated_by: &str,
    ) -> Result<Option<Record>, StoreError> {
        // The scope's predicate holds for the row as it is now, or nothing happens.
        RecordStore::hold(self, scoped, id).await?;
        let before = self.plain().records().view(scoped, id).await?;
        let after = self.plain().records().update(scoped, id, changes, updated_at, updated_by).await?;
        if let (Some(before), Some(after)) = (&before, &after) {
            self.record(scoped.compiled(), Some(before), Some(after)).await?;
        }
        Ok(after)
    }

    fn condition(&self, scoped: &Scoped) -> String {
        self.plain().records().condition(scoped)
    }

    async fn delete(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        let deleted = self.plain().records().delete(scoped, id).await?;
        if let Some(before) = &deleted {
            self.record(scoped.compiled(), Some(before), None).await?;
        }
        Ok(deleted)
    }

    async fn clear_references(
        &self,
        scoped: &Scoped,
        fields: &[usize],
        records: &[Record],
        updated_at: i64,
        updated_by: &str,
    ) -> Result<Vec<Record>, StoreError> {
        let store = self.plain().records();
        let changed = store.clear_references(scoped, fields, records, updated_at, updated_by).await?;
        for before in records {
            let after = changed.iter().find(|after| after.id == before.id);
            if after.is_some() {
                self.record(scoped.compiled(), Some(before), after).await?;
            }
        }
        Ok(changed)
    }

    /// No change of its own: the records go.
    async fn cut_references(&self, scoped: &Scoped, field: usize, ids: &[String]) -> Result<(), StoreError> {
        self.plain().records().cut_references(scoped, field, ids).await
    }

    async fn delete_taken(&self, scoped: &Scoped, records: &[Record]) -> Result<(), StoreError> {
        self.plain().records().delete_taken(scoped, records).await?;
        for before in records {
            self.record(scoped.compiled(), Some(before), None).await?;
        }
        Ok(())
    }
}
