//! Who may read a file: what records say of it.

use std::sync::Arc;

use snackbase_domain::collection::{FieldType, Operation};
use snackbase_domain::file::StoredFile;
use snackbase_domain::role::ADMIN;

use super::{Narrowing, Tenant, decide, masks, readable, scope};
use crate::Caller;
use crate::catalog::{Catalog, Compiled};
use crate::ports::{Repositories, StoreError};

/// Whether somebody of a file's account may read it whatever records say: admins, and who uploaded it.
pub(crate) fn owns_file(caller: &Caller, file: &StoredFile) -> bool {
    rules_over_files(caller) || caller.identity().is_some_and(|identity| identity.user_id == file.uploaded_by)
}

/// Whether a caller may read all files within his reach.
pub(crate) fn rules_over_files(caller: &Caller) -> bool {
    caller.identity().is_some_and(|identity| identity.is_superadmin() || identity.role == ADMIN)
}

/// Whether a record of a collection shows a file to a caller: one that he may view, in a field that
/// views have and that is not masked.
pub(crate) async fn shows_file(
    catalog: &Catalog,
    store: &dyn Repositories,
    compiled: &Arc<Compiled>,
    caller: &Caller,
    tenant: Tenant,
    path: &str,
    now: i64,
) -> Result<bool, StoreError> {
    let readable = readable(compiled, Operation::View, caller);
    let masks = masks(compiled, caller);
    let fields = compiled.collection.fields.iter().zip(&masks);
    let shown = fields.filter(|(field, mask)| {
        field.ty == FieldType::File && mask.is_none() && readable.contains(field.name.as_str())
    });
    let shown: Vec<_> = shown.map(|(field, _)| field.name.as_str()).collect();
    if shown.is_empty() {
        return Ok(false);
    }
    let Ok(access) = decide(catalog, compiled, Operation::View, caller, None, now) else {
        return Ok(false);
    };
    let scoped = scope(compiled, Operation::View, caller, tenant, access, Narrowing::default(), now);
    store.records().shows_file(&scoped, path, &shown).await
}
