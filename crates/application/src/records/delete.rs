//! Use case: delete a record.

use snackbase_domain::collection::Operation;
use snackbase_domain::{AccountId, RecordId};

use super::create::written_scope;
use super::deletion::Deletion;
use super::update::{meant, unwritten};
use super::{Precondition, Records, author, record_not_found};
use crate::access;
use crate::ports::Repositories;
use crate::{AppError, Caller, tx};

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
        let meant = meant(&scoped, precondition);
        let deletion = Deletion::begin(store, &self.catalog, &meant, id, author(caller)).await?;
        let Some(mut deletion) = deletion else {
            return Err(unwritten(store, &scoped, id, precondition).await);
        };
        while deletion.step(store).await?.is_some() {}
        Ok(())
    }
}
