//! Use cases: create, change or delete several records, all or nothing.

use std::collections::HashSet;

use bytes::Bytes;
use snackbase_domain::{AccountId, RecordId};

use super::{Body, Precondition, Records, record_not_found};
use crate::access;
use crate::ports::Repositories;
use crate::{AppError, Caller, Kind, Refusal, Says, tx};

/// How many ids are looked up at a time.
const PART: usize = 500;

/// A change of one record of a batch.
#[derive(Clone, Debug)]
pub struct RecordChange {
    pub id: RecordId,
    pub data: Body,
}

/// The records that a batch made or changed.
#[derive(Clone, Debug)]
pub struct BatchRecords {
    /// As JSON text, separated by commas, without the brackets.
    pub items: Bytes,
    pub count: usize,
}

/// The ids of the records that a batch deleted, each once.
#[derive(Clone, Debug)]
pub struct BatchDeleted {
    pub ids: Vec<RecordId>,
}

impl Records {
    /// Creates records, each judged by itself.
    pub(super) async fn attempt_create_batch(
        &self,
        caller: &Caller,
        collection: &str,
        bodies: &[Body],
    ) -> Result<BatchRecords, AppError> {
        self.check_size(bodies.len())?;
        let account = self.anonymous_account(caller).await?;
        self.collection(collection)?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let items = self.create_all_in(work.repositories(), caller, account, collection, bodies).await;
        let outcome = items.map(|items| BatchRecords { items, count: bodies.len() });
        tx::finish(work, outcome).await
    }

    /// Creates records within a unit of work; answers them separated by commas.
    pub(super) async fn create_all_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        anonymous_account: Option<AccountId>,
        collection: &str,
        bodies: &[Body],
    ) -> Result<Bytes, AppError> {
        let mut items = Vec::new();
        for (index, body) in bodies.iter().enumerate() {
            let made = self.create_in(store, caller, anonymous_account, collection, body).await;
            append(&mut items, &made.map_err(|e| at(index, None, e))?);
        }
        Ok(items.into())
    }

    /// Changes records in the order given; the same one may come again.
    pub(super) async fn attempt_update_batch(
        &self,
        caller: &Caller,
        collection: &str,
        changes: &[RecordChange],
    ) -> Result<BatchRecords, AppError> {
        self.check_size(changes.len())?;
        let account = self.anonymous_account(caller).await?;
        self.collection(collection)?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let ids = changes.iter().map(|change| &change.id);
            self.check_existence(work.repositories(), caller, account, collection, ids).await?;
            let mut items = Vec::new();
            for (index, RecordChange { id, data }) in changes.iter().enumerate() {
                let changed = self.patch_in(work.repositories(), caller, account, collection, id, data).await;
                append(&mut items, &changed.map_err(|e| at(index, Some(id), e))?);
            }
            Ok(BatchRecords { items: items.into(), count: changes.len() })
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Deletes records; one that is named twice is deleted and answered once.
    pub(super) async fn attempt_delete_batch(
        &self,
        caller: &Caller,
        collection: &str,
        ids: &[RecordId],
    ) -> Result<BatchDeleted, AppError> {
        self.check_size(ids.len())?;
        let account = self.anonymous_account(caller).await?;
        self.collection(collection)?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            self.check_existence(work.repositories(), caller, account, collection, ids).await?;
            let mut deleted: Vec<RecordId> = Vec::new();
            for (index, id) in ids.iter().enumerate() {
                if deleted.contains(id) {
                    continue;
                }
                let store = work.repositories();
                let gone = self.delete_in(store, caller, account, collection, id, &Precondition::None).await;
                gone.map_err(|e| at(index, Some(id), e))?;
                deleted.push(id.clone());
            }
            Ok(BatchDeleted { ids: deleted })
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Refuses a batch with a record that is not there, before anything else of it is judged.
    async fn check_existence<'i>(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        anonymous_account: Option<AccountId>,
        collection: &str,
        ids: impl IntoIterator<Item = &'i RecordId>,
    ) -> Result<(), AppError> {
        let compiled = self.collection(collection)?;
        let tenant = access::tenant(caller, anonymous_account);
        let everything = access::scope_of_existence(&compiled, tenant, self.now());
        let ids: Vec<_> = ids.into_iter().collect();
        let storable = ids.iter().map(|id| id.as_str()).filter(|id| !id.contains('\0'));
        let wanted: Vec<String> = storable.map(str::to_owned).collect();
        let mut there = HashSet::new();
        for part in wanted.chunks(PART) {
            there.extend(store.records().existing(&everything, part).await?);
        }
        match ids.iter().enumerate().find(|(_, id)| !there.contains(id.as_str())) {
            Some((index, id)) => Err(at(index, Some(id), record_not_found())),
            None => Ok(()),
        }
    }

    pub(super) fn check_size(&self, size: usize) -> Result<(), AppError> {
        let most = self.limits.batch_max_size;
        if size <= most {
            return Ok(());
        }
        let message = format!("Batch size {size} exceeds maximum of {most}");
        Err(AppError::titled(Kind::Invalid, "batch_too_large", message))
    }
}

fn append(items: &mut Vec<u8>, text: &[u8]) {
    if !items.is_empty() {
        items.push(b',');
    }
    items.extend_from_slice(text);
}

/// Tells at which record of a batch a refusal happened.
pub(super) fn at(index: usize, id: Option<&RecordId>, error: AppError) -> AppError {
    match (error, id) {
        (AppError::Refused(Refusal { kind, says: Says::Faults(faults) | Says::NotUnique(faults) }), _) => {
            AppError::Refused(Refusal { kind, says: Says::BatchFaults { index, faults } })
        }
        (AppError::Refused(Refusal { kind: Kind::NotFound, .. }), Some(id)) => {
            AppError::titled(Kind::NotFound, "not_found", format!("Record '{id}' not found (index {index})"))
        }
        (error, _) => error,
    }
}
