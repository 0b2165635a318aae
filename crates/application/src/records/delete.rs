//! Use case: delete a record.

use snackbase_domain::collection::Operation;
use snackbase_domain::{AccountId, RecordId};

use super::create::{write_refusal, written_scope};
use super::update::{meant, unwritten};
use super::{Precondition, Records, record_not_found};
use crate::access;
use crate::ports::Repositories;
use crate::{AppError, Caller, Kind, tx};

impl Records {
    /// Deletes a record.
    pub(super) async fn attempt_delete(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        precondition: &Precondition,
    ) -> Result<(), AppError> {
        self.collection(collection)?;
        let account = self.anonymous_account(caller).await?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let store = work.repositories();
        let outcome = self.delete_in(store, caller, account, collection, id, precondition).await;
        tx::finish(work, outcome).await
    }

    /// Deletes a record within a unit of work.
    pub(super) async fn delete_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        anonymous_account: Option<AccountId>,
        collection: &str,
        id: &RecordId,
        precondition: &Precondition,
    ) -> Result<(), AppError> {
        let now = self.now();
        let compiled = self.collection(collection)?;
        let tenant = access::tenant(caller, anonymous_account);
        let everything = access::scope_of_existence(&compiled, tenant, now);
        let account = store.records().account_of(&everything, id).await?.ok_or_else(record_not_found)?;
        let access = access::decide(&self.catalog, &compiled, Operation::Delete, caller, None, now)?;
        let scoped = written_scope(&compiled, Operation::Delete, caller, account, access, now);
        let deleted = store.records().delete(&meant(&scoped, precondition), id).await;
        match deleted.map_err(|e| write_refusal(&compiled, e, still_referenced()))? {
            true => Ok(()),
            false => Err(unwritten(store, &scoped, id, precondition).await),
        }
    }
}

fn still_referenced() -> AppError {
    AppError::titled(Kind::Conflict, "Conflict", "Cannot delete record: it is referenced by other records")
}
