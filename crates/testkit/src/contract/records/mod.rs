//! The promises of `RecordStore`.

mod aggregate;
mod order;
mod races;
mod reach;
mod references;
mod seek;
mod through;
mod unique;
mod values;

use std::sync::Arc;

use serde_json::Value as Json;
use snackbase_application::access::Scoped;
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{ListQuery, Sort, SortBy, Storage, StoreError};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::record::{Record, Value};

use super::{commit, seed};
use crate::builders::{record, within};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, ..) = seed(&storage).await;
    values::suite(&storage, &first).await;
    reach::suite(&storage, &first, &second).await;
    order::suite(&storage, &first, &second).await;
    aggregate::suite(&storage, &first, &second).await;
    seek::suite(&storage, &first, &second).await;
    unique::suite(&storage, &first, &second).await;
    races::suite(&storage, &first).await;
    through::suite(&storage, &first, &second).await;
    references::suite(&storage, &first, &second).await;
}

/// Makes the table of a collection.
pub(super) async fn create(storage: &Arc<dyn Storage>, compiled: &Compiled) {
    commit(storage, async |store| store.tables().create(&compiled.collection).await).await;
}

/// Makes a record.
pub(super) async fn insert(
    storage: &Arc<dyn Storage>,
    compiled: &Arc<Compiled>,
    account: &Account,
    id: &str,
    body: Json,
) -> Record {
    let record = record(compiled, account, id, body);
    let scope = within(compiled, account, "");
    commit(storage, async |store| store.records().insert(&scope, &record).await).await;
    record
}

/// Tries to delete a record of an account.
pub(super) async fn delete(
    storage: &Arc<dyn Storage>,
    compiled: &Arc<Compiled>,
    account: &Account,
    id: &str,
) -> Result<bool, StoreError> {
    let work = storage.begin().await.unwrap();
    let scope = within(compiled, account, "");
    let outcome = work.repositories().records().delete(&scope, &RecordId::new(id)).await;
    match outcome {
        Ok(_) => work.commit().await.unwrap(),
        Err(_) => work.rollback().await.unwrap(),
    }
    outcome.map(|deleted| deleted.is_some())
}

/// The values of a record of an account.
pub(super) async fn values(
    storage: &Arc<dyn Storage>,
    compiled: &Arc<Compiled>,
    account: &Account,
    id: &str,
) -> Option<Vec<Value>> {
    let scope = within(compiled, account, "");
    let found = storage.read().records().view(&scope, &RecordId::new(id)).await.unwrap();
    found.map(|record| record.values)
}

/// A page, sorted by fields; a name with `-` is descending.
pub(super) fn page(skip: u64, limit: u64, sort: &[&str]) -> ListQuery {
    let key = |name: &&str| Sort {
        by: SortBy::Field(name.trim_start_matches('-').to_owned()),
        descending: name.starts_with('-'),
    };
    ListQuery { skip, limit, sort: sort.iter().map(key).collect(), count: true }
}

/// The ids of a page and how many there are in all, asked for in both forms.
async fn ids(storage: &Arc<dyn Storage>, scope: &Scoped, query: &ListQuery) -> (Vec<String>, u64) {
    let records = storage.read().records();
    let (rows, total) = records.list(scope, query).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| row.record.id.to_string()).collect();
    let json = records.list_json(scope, query).await.unwrap();
    let objects = parsed(&json.items);
    let in_json: Vec<_> = objects.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!((&in_json, json.total), (&found, total), "both forms of a page agree");
    let uncounted = ListQuery { count: false, ..query.clone() };
    let json = records.list_json(scope, &uncounted).await.unwrap();
    assert_eq!((parsed(&json.items), json.total), (objects, None), "the same rows, nothing counted");
    assert_eq!(records.list(scope, &uncounted).await.unwrap(), (rows, None));
    (found, total.unwrap())
}

/// Objects that are separated by commas.
fn parsed(items: &[u8]) -> Vec<Json> {
    serde_json::from_str(&as_list(items)).unwrap()
}

fn as_list(items: &[u8]) -> String {
    format!("[{}]", std::str::from_utf8(items).unwrap())
}
