//! Which fields of records a caller sees, how, and which he may write.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use snackbase_domain::collection::{FieldList, MaskType, Operation, SYSTEM_FIELDS};
use snackbase_rules as rules;

use super::{Access, decide};
use crate::catalog::{Catalog, Compiled};
use crate::{AppError, Caller, FieldAccess, Identity, Kind, Refusal, Says};

/// The schema as a caller of an operation sees it: fields that he may not see do not
/// exist for him, and masked ones may only be compared for equality. `names` are the
/// names that he uses; those with dots lead to what references would show him when they
/// are expanded: fields that views have, of records that he may view.
pub fn visible_schema<'a>(
    catalog: &Catalog,
    compiled: &'a Compiled,
    operation: Operation,
    caller: &Caller,
    names: impl IntoIterator<Item = &'a str>,
    now: i64,
) -> Cow<'a, rules::Schema> {
    let own = own_schema(compiled, operation, caller);
    let paths: Vec<_> = names.into_iter().filter(|name| name.contains('.')).collect();
    if paths.is_empty() {
        return own;
    }
    if caller.is_above_rules() {
        return Cow::Owned(own.into_owned().with_targets(catalog.targets()));
    }
    let mut targets = rules::Targets::new();
    for path in paths {
        let mut next = collection_behind(catalog, compiled, path.split('.').next());
        for part in path.split('.').skip(1).take(rules::MAX_REFERENCES) {
            let Some(target) = next else { break };
            if !targets.contains_key(target.name()) {
                let Ok(access) = decide(catalog, &target, Operation::View, caller, None, now) else { break };
                let schema = own_schema(&target, Operation::View, caller).into_owned();
                let guard = match access {
                    Access::All => None,
                    Access::When(bound) => Some(bound.condition),
                };
                targets.insert(target.name().to_owned(), rules::Target { schema, guard });
            }
            next = collection_behind(catalog, &target, Some(part));
        }
    }
    Cow::Owned(own.into_owned().with_targets(Arc::new(targets)))
}

/// The collection that a reference leads to.
fn collection_behind(catalog: &Catalog, compiled: &Compiled, field: Option<&str>) -> Option<Arc<Compiled>> {
    catalog.get(&compiled.collection.field(field?)?.reference()?.collection)
}

fn own_schema<'a>(compiled: &'a Compiled, operation: Operation, caller: &Caller) -> Cow<'a, rules::Schema> {
    let readable = readable(compiled, operation, caller);
    let masks = masks(compiled, caller);
    if *readable == FieldList::All && masks.iter().all(Option::is_none) {
        return Cow::Borrowed(&compiled.schema);
    }
    let fields = || compiled.collection.fields.iter();
    let hidden: Vec<_> = fields().map(|f| f.name.as_str()).filter(|name| !readable.contains(name)).collect();
    let masked = fields().zip(&masks).filter(|(_, mask)| mask.is_some());
    let masked: Vec<_> = masked.map(|(field, _)| field.name.as_str()).collect();
    Cow::Owned(compiled.schema.clone().with_hidden(hidden).with_masked(masked))
}

/// How each field of a collection is masked for a caller. Superadmins and the
/// members of the account's group `pii_access` see everything.
pub fn masks(compiled: &Compiled, caller: &Caller) -> Vec<Option<MaskType>> {
    let sees_all = |identity: &Identity| identity.sees_personal_data();
    match caller.identity().is_some_and(sees_all) {
        true => vec![None; compiled.masks.len()],
        false => compiled.masks.clone(),
    }
}

/// The fields that replies of an operation may show to a caller.
pub fn readable<'a>(compiled: &'a Compiled, operation: Operation, caller: &Caller) -> &'a FieldList {
    static EVERY: FieldList = FieldList::All;
    if caller.is_above_rules() { &EVERY } else { compiled.fields(operation) }
}

/// Refuses fields that a caller may not write: system fields always (but
/// `account_id` for superadmins who create), others by the field list.
pub fn check_writable(
    compiled: &Compiled,
    operation: Operation,
    caller: &Caller,
    body: &Map<String, Json>,
) -> Result<(), AppError> {
    let verb = operation.as_str();
    let refuse = |message: String, mut unauthorized: Vec<String>, allowed| {
        unauthorized.sort();
        let says = Says::FieldAccess(FieldAccess {
            message: format!("{message}: {}", unauthorized.join(", ")),
            unauthorized,
            allowed,
        });
        Err(AppError::Refused(Refusal { kind: Kind::Unprocessable, says }))
    };
    let own_account = caller.is_superadmin() && operation == Operation::Create;
    let system: Vec<_> = body
        .keys()
        .filter(|key| SYSTEM_FIELDS.contains(&key.as_str()) && !(own_account && *key == "account_id"))
        .cloned()
        .collect();
    if !system.is_empty() {
        return refuse(format!("Cannot {verb} system fields via API"), system, None);
    }
    if caller.is_above_rules() {
        return Ok(());
    }
    if let FieldList::Only(names) = compiled.fields(operation) {
        let others: Vec<_> = body.keys().filter(|key| !names.contains(*key)).cloned().collect();
        if !others.is_empty() {
            let allowed = names.iter().cloned().collect();
            return refuse(format!("Permission denied to {verb} fields"), others, Some(allowed));
        }
    }
    Ok(())
}
