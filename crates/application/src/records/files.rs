//! Which files a record may hold.

use snackbase_domain::collection::{Collection, FieldType};
use snackbase_domain::file::FileMetadata;
use snackbase_domain::record::{Draft, Value, foreign_files};
use snackbase_domain::{AccountId, FieldFault, RecordId};

use super::Records;
use crate::access::{self, Scoped, Tenant};
use crate::catalog::Compiled;
use crate::ports::Repositories;
use crate::{AppError, Caller};

/// The paths that a draft would put into fields, with the fields' names.
fn paths<'a>(collection: &'a Collection, draft: &'a Draft) -> impl Iterator<Item = (&'a str, String)> {
    let files =
        collection.stored_fields().zip(&draft.values).filter(|(field, _)| field.ty == FieldType::File);
    files.filter_map(|(field, value)| {
        let metadata = value.as_ref().and_then(Value::as_text).and_then(FileMetadata::stored)?;
        Some((field.name.as_str(), metadata.path_text().to_owned()))
    })
}

impl Records {
    /// The faults of files that a record may not hold: those of other accounts, and those that
    /// the caller may not read himself, for who views a record may read its files. One that the
    /// record that is changed (`changed`, with the scope of the change) holds there already may
    /// stay. Of a record out of scope nothing is told.
    #[expect(clippy::too_many_arguments, reason = "who, where and what of one change")]
    pub(super) async fn unreadable_files(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        compiled: &Compiled,
        draft: &Draft,
        account: AccountId,
        changed: Option<(&Scoped, &RecordId)>,
        now: i64,
    ) -> Result<Vec<FieldFault>, AppError> {
        let collection = &compiled.collection;
        let mut faults = foreign_files(collection, draft, account);
        if access::rules_over_files(caller) {
            return Ok(faults);
        }
        for (field, path) in paths(collection, draft) {
            if faults.iter().any(|fault| fault.field == field) {
                continue;
            }
            if self.may_attach(store, caller, account, &path, now).await? {
                continue;
            }
            if let Some((scoped, id)) = changed {
                let within = store.records().take(scoped, id).await?;
                if within.is_none() || store.files().is_held_by(&path, collection.id, id, field).await? {
                    continue;
                }
            }
            let message = "File is not one that you may read";
            faults.push(FieldFault::new(field, message, "invalid_file_metadata"));
        }
        Ok(faults)
    }

    async fn may_attach(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        account: AccountId,
        path: &str,
        now: i64,
    ) -> Result<bool, AppError> {
        // What is not there cannot be read by whoever holds it, and its path is never given again.
        let Some(file) = store.files().find(path).await? else {
            return Ok(true);
        };
        if access::owns_file(caller, &file) {
            return Ok(true);
        }
        if !store.files().is_held(path).await? {
            return Ok(caller.identity().is_some());
        }
        for compiled in self.catalog.all() {
            let tenant = Tenant::Account(account);
            if access::shows_file(&self.catalog, store, &compiled, caller, tenant, path, now).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
