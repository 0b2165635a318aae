//! Use case: delete a collection with its records.

use snackbase_domain::collection::Collection;

use super::{Collections, find};
use crate::ports::Repositories;
use crate::{AppError, Kind, Principal, tx};

/// A collection that is gone.
#[derive(Clone, Debug)]
pub struct Deleted {
    pub collection: Collection,
    /// How many records went with it.
    pub records: u64,
    /// Twelve hex digits that name the change.
    pub revision: String,
}

impl Collections {
    /// Deletes a collection that no other one refers to.
    pub async fn delete(&self, by: &Principal, id: &str) -> Result<Deleted, AppError> {
        let _turn = self.changing.lock().await;
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.delete_in(work.repositories(), id).await;
        let deleted = tx::finish(work, outcome).await?;
        self.reload().await?;
        Ok(deleted)
    }

    async fn delete_in(&self, store: &dyn Repositories, id: &str) -> Result<Deleted, AppError> {
        store.collections().lock_schema().await?;
        let collection = find(store, id).await?;
        let referring: Vec<_> = store
            .collections()
            .all()
            .await?
            .iter()
            .filter(|other| other.id != collection.id)
            .flat_map(|other| {
                let name = collection.name.as_str();
                let refers = other
                    .fields
                    .iter()
                    .filter(move |f| f.reference().is_some_and(|reference| reference.collection == name));
                refers.map(|f| format!("{}.{}", other.name, f.name)).collect::<Vec<_>>()
            })
            .collect();
        if !referring.is_empty() {
            let message =
                format!("Collection '{}' is referenced by: {}", collection.name, referring.join(", "));
            return Err(AppError::titled(Kind::Conflict, "Conflict", message));
        }
        let records = store.tables().count(&collection).await?;
        store.tables().drop(&collection).await?;
        store.collections().delete(collection.id).await?;
        let revision = self.note_revision(store, format!("delete collection {}", collection.name)).await?;
        Ok(Deleted { collection, records, revision })
    }
}
