//! Requests that were prepared with an outdated schema are prepared once again.
//!
//! Another node, or another request on this one, may change a collection between the look into the
//! catalog and the statement. Statements name the columns that they want, so the database refuses
//! what does not fit any more; then the catalog is read anew.

use bytes::Bytes;
use snackbase_domain::RecordId;

use super::update::Mode;
use super::{
    BatchDeleted, BatchRecords, Body, ListReply, ListRequest, Precondition, RecordChange, Records,
    ViewRequest,
};
use crate::ports::StoreError;
use crate::{AppError, Caller};

/// More than a pool has connections, each of which may have a statement prepared for the former columns.
pub(crate) const ATTEMPTS: u32 = 32;

impl Records {
    pub(super) async fn current<T>(
        &self,
        collection: &str,
        attempt: impl AsyncFn() -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        const CHANGED: [StoreError; 2] = [StoreError::NoTable, StoreError::Outdated];
        for _ in 0..ATTEMPTS {
            match attempt().await {
                Err(AppError::Store(error)) if CHANGED.contains(&error) => {
                    tracing::debug!(collection, "prepared with an outdated schema: once again");
                    self.catalog.reload(self.storage.read()).await?;
                }
                outcome => return outcome,
            }
        }
        Err(StoreError::Unavailable(format!("collection '{collection}' is being changed")).into())
    }

    /// A page of records.
    pub async fn list(
        &self,
        caller: &Caller,
        collection: &str,
        request: &ListRequest,
    ) -> Result<ListReply, AppError> {
        self.current(collection, async || self.attempt_list(caller, collection, request).await).await
    }

    /// A record as JSON text.
    pub async fn view(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        request: &ViewRequest,
    ) -> Result<Bytes, AppError> {
        self.current(collection, async || self.attempt_view(caller, collection, id, request).await).await
    }

    /// Creates a record; answers it as JSON text.
    pub async fn create(&self, caller: &Caller, collection: &str, body: &Body) -> Result<Bytes, AppError> {
        self.current(collection, async || self.attempt_create(caller, collection, body).await).await
    }

    pub(super) async fn change(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        body: &Body,
        mode: Mode,
        precondition: &Precondition,
    ) -> Result<Bytes, AppError> {
        let attempt = async || self.attempt_change(caller, collection, id, body, mode, precondition).await;
        self.current(collection, attempt).await
    }

    /// Deletes a record.
    pub async fn delete(&self, caller: &Caller, collection: &str, id: &RecordId) -> Result<(), AppError> {
        self.delete_if(caller, collection, id, &Precondition::None).await
    }

    /// Deletes a record if it is of a version that the caller means.
    pub async fn delete_if(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        precondition: &Precondition,
    ) -> Result<(), AppError> {
        let attempt = async || self.attempt_delete(caller, collection, id, precondition).await;
        self.current(collection, attempt).await
    }

    /// Creates records, each judged by itself.
    pub async fn create_batch(
        &self,
        caller: &Caller,
        collection: &str,
        bodies: &[Body],
    ) -> Result<BatchRecords, AppError> {
        self.current(collection, async || self.attempt_create_batch(caller, collection, bodies).await).await
    }

    /// Changes records in the order given; the same one may come again.
    pub async fn update_batch(
        &self,
        caller: &Caller,
        collection: &str,
        changes: &[RecordChange],
    ) -> Result<BatchRecords, AppError> {
        self.current(collection, async || self.attempt_update_batch(caller, collection, changes).await).await
    }

    /// Deletes records; one that is named twice is deleted and answered once.
    pub async fn delete_batch(
        &self,
        caller: &Caller,
        collection: &str,
        ids: &[RecordId],
    ) -> Result<BatchDeleted, AppError> {
        self.current(collection, async || self.attempt_delete_batch(caller, collection, ids).await).await
    }
}
