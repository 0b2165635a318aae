//! Use case: read one record.

use bytes::Bytes;
use snackbase_domain::RecordId;
use snackbase_domain::collection::{FieldList, Operation};

use super::expand::ExpandTree;
use super::{Records, record_not_found, render};
use crate::access::{self, Narrowing, Scoped};
use crate::{AppError, Caller};

/// What to read of a record.
#[derive(Clone, Debug, Default)]
pub struct ViewRequest {
    /// Names of fields, separated by commas.
    pub fields: Option<String>,
    /// References to expand.
    pub expand: Option<String>,
}

impl Records {
    /// A record as JSON text.
    pub(super) async fn attempt_view(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        request: &ViewRequest,
    ) -> Result<Bytes, AppError> {
        let now = self.now();
        let compiled = self.collection(collection)?;
        let access = access::decide(&self.catalog, &compiled, Operation::View, caller, None, now)?;
        let account = self.anonymous_account(caller).await?;
        let tree = ExpandTree::parse(&compiled, request.expand.as_deref())?;
        let narrowing =
            Narrowing { fields: wanted_fields(request.fields.as_deref()), ..Narrowing::default() };
        let tenant = access::tenant(caller, account);
        let scoped = access::scope(&compiled, Operation::View, caller, tenant, access, narrowing, now);
        let records = self.storage.read().records();
        if tree.is_empty() && as_stored(&scoped) {
            return records.view_json(&scoped, id).await?.ok_or_else(record_not_found);
        }
        let found = [records.view(&scoped, id).await?.ok_or_else(record_not_found)?];
        let expansions = self.expansions(caller, &scoped, &tree, &found).await?;
        let mut out = Vec::new();
        render::record(&mut out, &compiled, &found[0], None, scoped.projection(), &expansions, now);
        Ok(out.into())
    }
}

/// Whether replies can be written straight from the row.
pub(super) fn as_stored(scoped: &Scoped) -> bool {
    let shown = &scoped.projection().fields;
    let computed = scoped.compiled().computed.iter().any(|c| shown.get(c.index).copied().unwrap_or(false));
    !computed && scoped.projection().masks.iter().all(Option::is_none)
}

/// Reads the `fields` parameter; empty and `*` mean all.
pub(super) fn wanted_fields(text: Option<&str>) -> Option<FieldList> {
    let names: std::collections::BTreeSet<_> =
        text?.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    (!names.is_empty() && !names.contains(FieldList::ALL)).then_some(FieldList::Only(names))
}
