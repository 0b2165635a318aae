//! Requests that were prepared with an outdated schema are prepared once again.
//!
//! Another node, or another request on this one, may change a collection between the look into the
//! catalog and the statement. Statements name the columns that they want, so the database refuses
//! what does not fit any more; then the catalog is read anew.

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use snackbase_domain::RecordId;

use super::update::Mode;
use super::{
    AggregateReply, AggregateRequest, BatchDeleted, BatchRecords, Body, Export, ExportFormat, ListReply,
    ListRequest, Precondition, RecordChange, Records, ViewRequest, WalkReply, WalkRequest,
};
use crate::ports::StoreError;
use crate::{AppError, Caller};

/// More than a pool has connections, each of which may have a statement prepared for the former columns.
pub(crate) const ATTEMPTS: u32 = 32;

impl Records {
    pub(super) async fn current<'a, T>(
        &'a self,
        collection: &str,
        attempt: impl Fn() -> BoxFuture<'a, Result<T, AppError>> + Send,
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
        self.current(collection, || self.attempt_list(caller, collection, request).boxed()).await
    }

    /// The records next to a cursor.
    pub async fn walk(
        &self,
        caller: &Caller,
        collection: &str,
        request: &ListRequest,
        walk: &WalkRequest,
    ) -> Result<WalkReply, AppError> {
        let attempt = || self.attempt_walk(caller, collection, request, walk).boxed();
        self.current(collection, attempt).await
    }

    /// Computes over the records that the caller may list.
    pub async fn aggregate(
        &self,
        caller: &Caller,
        collection: &str,
        request: &AggregateRequest,
    ) -> Result<AggregateReply, AppError> {
        self.current(collection, || self.attempt_aggregate(caller, collection, request).boxed()).await
    }

    /// Exports the records of a list, all as of one moment. Parts of the request that
    /// are about pages do not matter.
    pub async fn export(
        &self,
        caller: &Caller,
        collection: &str,
        request: &ListRequest,
        format: ExportFormat,
    ) -> Result<Export, AppError> {
        self.current(collection, || self.attempt_export(caller, collection, request, format).boxed()).await
    }

    /// A record as JSON text.
    pub async fn view(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        request: &ViewRequest,
    ) -> Result<Bytes, AppError> {
        self.current(collection, || self.attempt_view(caller, collection, id, request).boxed()).await
    }

    /// Creates a record; answers it as JSON text.
    pub async fn create(&self, caller: &Caller, collection: &str, body: &Body) -> Result<Bytes, AppError> {
        self.current(collection, || self.attempt_create(caller, collection, body).boxed()).await
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
        let attempt = || self.attempt_change(caller, collection, id, body, mode, precondition).boxed();
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
        let attempt = || self.attempt_delete(caller, collection, id, precondition).boxed();
        self.current(collection, attempt).await
    }

    /// Creates records, each judged by itself.
    pub async fn create_batch(
        &self,
        caller: &Caller,
        collection: &str,
        bodies: &[Body],
    ) -> Result<BatchRecords, AppError> {
        self.current(collection, || self.attempt_create_batch(caller, collection, bodies).boxed()).await
    }

    /// Changes records in the order given; the same one may come again.
    pub async fn update_batch(
        &self,
        caller: &Caller,
        collection: &str,
        changes: &[RecordChange],
    ) -> Result<BatchRecords, AppError> {
        self.current(collection, || self.attempt_update_batch(caller, collection, changes).boxed()).await
    }

    /// Deletes records; one that is named twice is deleted and answered once.
    pub async fn delete_batch(
        &self,
        caller: &Caller,
        collection: &str,
        ids: &[RecordId],
    ) -> Result<BatchDeleted, AppError> {
        self.current(collection, || self.attempt_delete_batch(caller, collection, ids).boxed()).await
    }
}
