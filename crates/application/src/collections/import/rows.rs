//! The records that come with imported collections.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value as Json;
use snackbase_domain::collection::{Collection, Field, Problem};
use snackbase_domain::record::{Record, Value, check_value};
use snackbase_domain::{AccountId, RecordId};
use snackbase_rules::functions::parse_instant;

use super::super::{Collections, refuse};
use super::{ImportEntry, RecordCount};
use crate::AppError;
use crate::access::{self, Tenant};
use crate::catalog::Compiled;
use crate::ports::{Repositories, StoreError};
use crate::records::Body;

/// How many ids are looked up at a time.
const PART: usize = 500;

/// An error, and at which member of the group.
type Placed<T> = Result<T, (usize, AppError)>;

/// A record of the file, and where it stands there.
struct Row {
    position: usize,
    record: Record,
}

/// Ids of records, by collection and account: references stay within both.
type Ids = HashSet<(String, AccountId, String)>;

impl Collections {
    /// Inserts the records of collections that were just made: those of accounts that are here, with
    /// their ids, times and authors. References within the group are set once both ends are there.
    pub(super) async fn insert_rows(
        &self,
        store: &dyn Repositories,
        made: &[Collection],
        group: &[ImportEntry],
        existing: &[Collection],
    ) -> Placed<Vec<Option<RecordCount>>> {
        let compiled: Vec<_> =
            made.iter().map(|collection| Arc::new(Compiled::new(collection.clone()))).collect();
        let mut accounts = HashMap::new();
        let (mut counts, mut rows, mut ids) = (Vec::new(), Vec::new(), Ids::new());
        for (index, (collection, entry)) in made.iter().zip(group).enumerate() {
            let (read, skipped) =
                read(store, collection, entry, &mut accounts).await.map_err(|e| (index, e))?;
            let count = RecordCount { inserted: read.len() as u64, skipped };
            counts.push((!entry.records.is_empty()).then_some(count));
            let named =
                |row: &Row| (collection.name.to_string(), row.record.account_id, row.record.id.to_string());
            ids.extend(read.iter().map(named));
            rows.push(read);
        }
        for (index, (compiled, rows)) in compiled.iter().zip(&rows).enumerate() {
            check_targets(store, compiled, rows, &ids, existing).await.map_err(|e| (index, e))?;
        }
        let mut there = Ids::new();
        let mut unset = Vec::new();
        for (index, (compiled, rows)) in compiled.iter().zip(rows).enumerate() {
            let scoped = access::scope_of_transfer(compiled);
            for Row { position, mut record } in rows {
                let whole = record.values.clone();
                let mut later = false;
                for (field, value) in compiled.collection.stored_fields().zip(&mut record.values) {
                    let Some(target) = target(field, value, record.account_id) else { continue };
                    if ids.contains(&target) && !there.contains(&target) {
                        *value = Value::Null;
                        later = true;
                    }
                }
                let at = record.updated_at;
                if later {
                    // The update below is the one that the record's time tells of.
                    record.updated_at = at - 1;
                }
                let inserted = store.records().insert(&scoped, &record).await;
                inserted.map_err(|error| (index, refusal(position, error)))?;
                there.insert((compiled.name().to_owned(), record.account_id, record.id.to_string()));
                if later {
                    unset.push((index, position, Record { values: whole, updated_at: at, ..record }));
                }
            }
        }
        for (index, position, record) in unset {
            let scoped = access::scope_of_transfer(&compiled[index]);
            let values: Vec<_> = record.values.into_iter().map(Some).collect();
            let (at, by) = (record.updated_at, &record.updated_by);
            let updated = store.records().update(&scoped, &record.id, &values, at, by).await;
            updated.map_err(|error| (index, refusal(position, error)))?;
        }
        Ok(counts)
    }
}

/// The record that a value refers to, if it does.
fn target(field: &Field, value: &Value, account: AccountId) -> Option<(String, AccountId, String)> {
    let reference = field.reference()?;
    Some((reference.collection.clone(), account, value.as_text()?.to_owned()))
}

fn problem(position: usize, key: &str, text: impl Into<String>) -> AppError {
    let path = format!("records[{position}].{key}");
    refuse("Validation failed", &[Problem { path, text: text.into() }])
}

fn refusal(position: usize, error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { constraint } => {
            let key = constraint.rsplit('.').next().unwrap_or("id");
            let text =
                if key.contains(',') { "Values must be unique together" } else { "Value must be unique" };
            problem(position, key, text)
        }
        other => other.into(),
    }
}

/// Reads the records of accounts that are here; answers how many others there are, too.
async fn read(
    store: &dyn Repositories,
    collection: &Collection,
    entry: &ImportEntry,
    accounts: &mut HashMap<AccountId, bool>,
) -> Result<(Vec<Row>, u64), AppError> {
    let (mut rows, mut skipped, mut ids) = (Vec::new(), 0, HashSet::new());
    for (position, body) in entry.records.iter().enumerate() {
        let record = read_row(collection, body).map_err(|(key, text)| problem(position, &key, text))?;
        let account = record.account_id;
        let is_here = match accounts.get(&account) {
            Some(known) => *known,
            None => {
                let found = store.accounts().find(account).await?.is_some();
                accounts.insert(account, found);
                found
            }
        };
        if !is_here {
            skipped += 1;
        } else if ids.insert(record.id.clone()) {
            rows.push(Row { position, record });
        } else {
            return Err(problem(position, "id", format!("Duplicate record id '{}'", record.id)));
        }
    }
    Ok((rows, skipped))
}

/// A record as an export has it. Values have to fit their types; that required ones are there is
/// not asked, since they were stored as they are.
fn read_row(collection: &Collection, body: &Body) -> Result<Record, (String, String)> {
    let fault = |key: &str, text: &str| (key.to_owned(), text.to_owned());
    let text = |key: &str| match body.get(key) {
        Some(Json::String(text)) if !text.is_empty() && !text.contains('\0') => Ok(text.as_str()),
        _ => Err(fault(key, "A text is expected")),
    };
    let time =
        |key: &str| parse_instant(text(key)?).ok_or_else(|| fault(key, "A time in ISO 8601 is expected"));
    let system = &snackbase_domain::collection::SYSTEM_FIELDS;
    let unknown = body.keys().find(|key| !system.contains(&key.as_str()) && collection.field(key).is_none());
    if let Some(key) = unknown {
        return Err(fault(key, "Unknown field not defined in collection schema"));
    }
    let values = collection.stored_fields().map(|field| {
        let name = field.name.as_str();
        let sent = body.get(name).unwrap_or(&Json::Null);
        let value = check_value(&field.ty, sent);
        let value = value.and_then(|value| collection.check_indexed(field, &value).map(|()| value));
        value.map_err(|found| fault(name, &found.message))
    });
    Ok(Record {
        id: RecordId::new(text("id")?),
        account_id: text("account_id")?.parse().map_err(|_| fault("account_id", "An id is expected"))?,
        created_at: time("created_at")?,
        created_by: text("created_by")?.to_owned(),
        updated_at: time("updated_at")?,
        updated_by: text("updated_by")?.to_owned(),
        values: values.collect::<Result<_, _>>()?,
    })
}

/// Refuses references to records that are neither in the file nor here.
async fn check_targets(
    store: &dyn Repositories,
    compiled: &Compiled,
    rows: &[Row],
    ids: &Ids,
    existing: &[Collection],
) -> Result<(), AppError> {
    for (index, field) in compiled.collection.stored_fields().enumerate() {
        let Some(reference) = field.reference() else { continue };
        let mut wanted: BTreeMap<AccountId, Vec<(usize, String)>> = BTreeMap::new();
        for Row { position, record } in rows {
            if let Some(target) = target(field, &record.values[index], record.account_id)
                && !ids.contains(&target)
            {
                wanted.entry(target.1).or_default().push((*position, target.2));
            }
        }
        let here = existing.iter().find(|other| other.name.as_str() == reference.collection);
        let here = here.map(|collection| Arc::new(Compiled::new(collection.clone())));
        for (account, wanted) in wanted {
            for part in wanted.chunks(PART) {
                let found: HashSet<_> = match &here {
                    None => HashSet::new(),
                    Some(target) => {
                        let scoped = access::scope_of_existence(target, Tenant::Account(account), 0);
                        let ids: Vec<_> = part.iter().map(|(_, id)| id.clone()).collect();
                        store.records().existing(&scoped, &ids).await?.into_iter().collect()
                    }
                };
                if let Some((position, id)) = part.iter().find(|(_, id)| !found.contains(id)) {
                    let text = format!(
                        "Referenced record '{id}' not found in collection '{}'",
                        reference.collection
                    );
                    return Err(problem(*position, field.name.as_str(), text));
                }
            }
        }
    }
    Ok(())
}
