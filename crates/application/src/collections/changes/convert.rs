//! Values of all rows under another type, or where there were none.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use snackbase_domain::collection::{Collection, Field, FieldName, FieldType};
use snackbase_domain::file::FileMetadata;
use snackbase_domain::record::{Record, Value, check_value, convert as converted};
use snackbase_domain::{AccountId, RecordId};

use super::super::indexes;
use super::{FAILED, Step, Unfit, conflict, invalid, shown};
use crate::AppError;
use crate::access::{self, Tenant};
use crate::catalog::Compiled;
use crate::ports::{Repositories, SchemaDiff, StoreError};

/// Rows that are read and written at a time.
const PART: u64 = 500;
/// How many values that do not convert are named.
const EXAMPLES: usize = 5;

/// Calls `each` with all rows, part by part.
async fn each_part(
    store: &dyn Repositories,
    collection: &Collection,
    mut each: impl AsyncFnMut(Vec<Record>) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let scoped = access::scope_of_transfer(&Arc::new(Compiled::new(collection.clone())));
    let mut after: Option<RecordId> = None;
    loop {
        let part = store.records().scan(&scoped, after.as_ref(), PART).await?;
        let Some(last) = part.last() else { return Ok(()) };
        after = Some(last.id.clone());
        each(part).await?;
    }
}

fn position(collection: &Collection, field: &Field) -> Result<usize, AppError> {
    let position = collection.stored_fields().position(|other| other.name == field.name);
    position.ok_or_else(|| invalid(format!("Field '{}' has no values", field.name)))
}

/// How many rows have such a value.
pub(super) async fn count(
    store: &dyn Repositories,
    collection: &Collection,
    field: &Field,
    wanted: impl Fn(&Value) -> bool,
) -> Result<u64, AppError> {
    let position = position(collection, field)?;
    let mut rows = 0;
    each_part(store, collection, async |part| {
        rows += part.iter().filter(|record| wanted(&record.values[position])).count() as u64;
        Ok(())
    })
    .await?;
    Ok(rows)
}

fn refused(field: &Field, error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { .. } => conflict(format!("Field '{}' would have a value twice", field.name)),
        StoreError::ForeignKey => invalid(format!("Field '{}' would refer to nothing", field.name)),
        other => other.into(),
    }
}

/// Gives rows without a value one; answers how many.
pub(super) async fn backfill(
    store: &dyn Repositories,
    collection: &Collection,
    field: &Field,
    value: &serde_json::Value,
) -> Result<u64, AppError> {
    let position = position(collection, field)?;
    let value = check_value(&field.ty, value)
        .map_err(|fault| invalid(format!("The value for '{}': {}", field.name, fault.message)))?;
    if let Err(fault) = collection.check_indexed(field, &value) {
        return Err(invalid(format!("The value for '{}': {}", field.name, fault.message)));
    }
    let mut rows = 0;
    each_part(store, collection, async |part| {
        let empty = part.into_iter().filter(|record| record.values[position].is_null());
        let values: Vec<_> = empty.map(|record| (record.id, value.clone())).collect();
        if value.is_null() && !values.is_empty() {
            let name = &field.name;
            return Err(invalid(format!(
                "Records without a value of '{name}' need one: backfill is missing"
            )));
        }
        rows += values.len() as u64;
        store.tables().fill(collection, field, &values).await.map_err(|error| refused(field, error))
    })
    .await?;
    Ok(rows)
}

/// Converts all values of a field. Where some do not convert, the table stays as it is.
pub(super) async fn convert(
    store: &dyn Repositories,
    before: &Collection,
    old: &Field,
    new: &Field,
) -> Result<Step, AppError> {
    let mut step = Step {
        text: format!("Convert field '{}' from {} to {}", old.name, old.ty.name(), new.ty.name()),
        ..Step::default()
    };
    // A column beside the old one, which it takes the place of.
    let beside = (0..).map(|n| format!("converted_{n}"));
    let free = |name: &String| !before.fields.iter().any(|f| f.name.as_str().eq_ignore_ascii_case(name));
    let name = beside.filter(free).find_map(|name| FieldName::parse(&name));
    let name = name.ok_or_else(|| AppError::inconsistent("no name for a column"))?;
    let fresh =
        Field { name, required: false, default: serde_json::Value::Null, unique: false, ..new.clone() };
    let mut wide = before.clone();
    wide.fields.push(fresh.clone());
    let diff = SchemaDiff { before: before.clone(), after: wide.clone() };
    store.tables().alter(&diff).await?;
    let position = position(before, old)?;
    each_part(store, before, async |part| {
        let mut values = Vec::new();
        let there = targets(store, new, &part, position).await?;
        for record in part {
            let value = &record.values[position];
            let account = record.account_id;
            let fits = |value: &Value| refers(value, account, there.as_ref()) && is_own(new, value, account);
            match converted(&unwrapped(old, new, value), &new.ty).filter(fits) {
                Some(Value::Null) => {}
                Some(value) => values.push((record.id, value)),
                None => {
                    step.unfit += 1;
                    if step.examples.len() < EXAMPLES {
                        step.examples.push(Unfit { id: record.id.to_string(), value: shown(value) });
                    }
                }
            }
        }
        step.rows += values.len() as u64;
        store.tables().fill(&wide, &fresh, &values).await.map_err(|error| refused(new, error))
    })
    .await?;
    if step.unfit > 0 {
        store.tables().drop_field(&wide, before, &fresh).await?;
        return Ok(step);
    }
    // Its indexes are made anew over the new values.
    let indexes: Vec<_> = before.indexes.iter().filter(|index| !index.contains(&old.name)).cloned().collect();
    let mut without = Collection { indexes: indexes.clone(), ..wide.clone() };
    without.fields.retain(|field| field.name != old.name);
    store.tables().drop_field(&wide, &without, old).await?;
    let mut named = Collection { indexes, ..before.clone() };
    let settled = Field { unique: false, ..new.clone() };
    named.fields.iter_mut().filter(|field| field.name == old.name).for_each(|field| *field = settled.clone());
    store.tables().rename_field(&without, &named, (&fresh.name, &new.name)).await?;
    if new.unique {
        let mut unique = named.clone();
        unique.fields.iter_mut().filter(|f| f.name == new.name).for_each(|f| f.unique = true);
        if store.tables().has_duplicates(&named, &settled).await? {
            return Err(refused(new, StoreError::Conflict { constraint: new.name.to_string() }));
        }
        store.tables().alter(&SchemaDiff { before: named, after: unique.clone() }).await?;
        named = unique;
    }
    let whole = Collection { indexes: before.indexes.clone(), ..named.clone() };
    indexes::alter(store, named, &whole, FAILED).await?;
    Ok(step)
}

/// Records that references may point at.
type There = HashSet<(AccountId, String)>;

/// Which of the values of a part are records of the target in the row's account; `None` where the
/// new type is no reference.
async fn targets(
    store: &dyn Repositories,
    new: &Field,
    part: &[Record],
    position: usize,
) -> Result<Option<There>, AppError> {
    let Some(reference) = new.reference() else { return Ok(None) };
    let all = store.collections().all().await?;
    let target = all.into_iter().find(|collection| collection.name.as_str() == reference.collection);
    let target =
        target.ok_or_else(|| invalid(format!("There is no collection '{}'", reference.collection)))?;
    let target = Arc::new(Compiled::new(target));
    let mut wanted: BTreeMap<AccountId, Vec<String>> = BTreeMap::new();
    for record in part {
        if let Some(id) = record.values[position].as_text() {
            wanted.entry(record.account_id).or_default().push(id.to_owned());
        }
    }
    let mut there = There::new();
    for (account, ids) in wanted {
        let scoped = access::scope_of_existence(&target, Tenant::Account(account), 0);
        let found = store.records().existing(&scoped, &ids).await?;
        there.extend(found.into_iter().map(|id| (account, id)));
    }
    Ok(Some(there))
}

/// A value as it is converted: what a file field holds is JSON.
fn unwrapped<'v>(old: &Field, new: &Field, value: &'v Value) -> Cow<'v, Value> {
    match (&old.ty, &new.ty, value) {
        (FieldType::File, FieldType::Json, Value::Text(text)) => match serde_json::from_str(text) {
            Ok(tree) => Cow::Owned(Value::Json(tree)),
            Err(_) => Cow::Borrowed(value),
        },
        _ => Cow::Borrowed(value),
    }
}

/// Whether a value of a file field names a file of the account.
fn is_own(new: &Field, value: &Value, account: AccountId) -> bool {
    match (&new.ty, value) {
        (FieldType::File, Value::Text(text)) => {
            let path = FileMetadata::stored(text).and_then(|metadata| metadata.path());
            path.is_some_and(|path| path.account() == account)
        }
        _ => true,
    }
}

fn refers(value: &Value, account: AccountId, there: Option<&There>) -> bool {
    match (there, value.as_text()) {
        (Some(there), Some(id)) => there.contains(&(account, id.to_owned())),
        _ => true,
    }
}
