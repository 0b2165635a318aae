//! Stored macros.

use async_trait::async_trait;
use snackbase_domain::stored_macro::StoredMacro;

use crate::ports::{MacroCall, MacroRepository, StoreError};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl MacroRepository for TrackedWork {
    async fn all(&self) -> Result<Vec<StoredMacro>, StoreError> {
        self.plain().macros().all().await
    }

    async fn page(&self, skip: u64, limit: u64) -> Result<Vec<StoredMacro>, StoreError> {
        self.plain().macros().page(skip, limit).await
    }

    async fn find(&self, id: i64) -> Result<Option<StoredMacro>, StoreError> {
        self.plain().macros().find(id).await
    }

    async fn insert(&self, new: &StoredMacro) -> Result<StoredMacro, StoreError> {
        let made = self.plain().macros().insert(new).await?;
        self.created(&made);
        Ok(made)
    }

    async fn update(&self, changed: &StoredMacro) -> Result<(), StoreError> {
        let before = self.for_audit(self.plain().macros().find(changed.id)).await?;
        self.plain().macros().update(changed).await?;
        if let Some(before) = before {
            self.updated(&before, changed);
        }
        Ok(())
    }

    async fn delete(&self, id: i64) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().macros().find(id)).await?;
        let deleted = self.plain().macros().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }

    async fn holds(&self, call: &MacroCall<'_>) -> Result<Option<bool>, StoreError> {
        self.plain().macros().holds(call).await
    }

    async fn answer(&self, call: &MacroCall<'_>) -> Result<Option<String>, StoreError> {
        self.plain().macros().answer(call).await
    }
}
