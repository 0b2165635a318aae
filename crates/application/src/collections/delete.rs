//! Use case: delete a collection with its records.
//!
//! A short transaction sets the table aside: the collection is gone for everybody,
//! and its name is free. Then the rows go, without a lock that others would feel,
//! and the table last. What a stop of the server leaves of that is done later, by
//! [`Collections::finish_deletions`].

use snackbase_domain::collection::Collection;

use super::{Collections, find};
use crate::ports::{Repositories, StoreError};
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

/// Rows of a part: some milliseconds of work.
const PART: u64 = 1000;
/// Parts after which the caller does not wait any longer.
const PARTS_WAITED_FOR: u32 = 40;
/// How often a table is tried that others use what it refers to.
const ATTEMPTS: u32 = 10;

impl Collections {
    /// Deletes a collection that no other one refers to. The rows of a large one are out of reach
    /// when this returns, and gone some time later.
    pub async fn delete(&self, by: &Principal, id: &str) -> Result<Deleted, AppError> {
        let (collection, revision) = {
            let _turn = self.changing.lock().await;
            let work = self.storage.begin_as(by.actor()).await?;
            let outcome = self.delete_in(work.repositories(), id).await;
            let gone = tx::finish(work, outcome).await?;
            self.reload().await?;
            gone
        };
        // Nobody adds to them any more.
        let records = self.storage.read().tables().count_aside(&revision).await?;
        match self.remove_aside(&revision, PARTS_WAITED_FOR).await {
            Ok(true) => {}
            Ok(false) => self.rows_left.notify_one(),
            Err(error) => {
                tracing::warn!(%error, collection = %collection.name, "a deleted table is dropped later");
                self.rows_left.notify_one();
            }
        }
        Ok(Deleted { collection, records, revision })
    }

    /// Drops the tables of collections that were being deleted; answers how many.
    pub async fn finish_deletions(&self) -> Result<u64, AppError> {
        let mut gone = 0;
        for revision in self.storage.read().tables().aside().await? {
            self.remove_aside(&revision, u32::MAX).await?;
            gone += 1;
        }
        Ok(gone)
    }

    /// Returns when a deletion has left a table for later.
    pub async fn rows_left(&self) {
        self.rows_left.notified().await;
    }

    /// Removes a table that is set aside, at most so many parts of it; whether it is gone.
    async fn remove_aside(&self, revision: &str, parts: u32) -> Result<bool, AppError> {
        let mut attempts = ATTEMPTS;
        for _ in 0..parts {
            let work = self.storage.begin().await?;
            let removed = work.repositories().tables().remove_aside(revision, PART).await;
            match tx::finish(work, removed.map_err(AppError::from)).await {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(AppError::Store(StoreError::Unavailable(_))) if attempts > 1 => attempts -= 1,
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Sets the table of a collection aside; answers what it goes by, too.
    async fn delete_in(&self, store: &dyn Repositories, id: &str) -> Result<(Collection, String), AppError> {
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
        let revision = self.note_revision(store, format!("delete collection {}", collection.name)).await?;
        store.tables().set_aside(&collection, &revision, self.clock.now()).await?;
        store.collections().delete(collection.id).await?;
        Ok((collection, revision))
    }
}
