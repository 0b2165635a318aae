//! Unique fields are unique within an account.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;

use super::super::{commit, refusal};
use super::{create, insert};
use crate::builders::{NOW, changes, compiled, record, within};

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let keys = compiled(json!({"name": "keys", "fields": [
        {"name": "code", "type": "text", "unique": true},
        {"name": "n", "type": "number", "unique": true},
        {"name": "at", "type": "datetime", "unique": true},
        {"name": "day", "type": "date", "unique": true},
        {"name": "ok", "type": "boolean", "unique": true},
        {"name": "barcode", "type": "text"},
    ]}));
    create(storage, &keys).await;
    let full = json!({
        "code": "x", "n": 1, "at": "2024-01-01T00:00:00Z", "day": "2024-01-01", "ok": true, "barcode": "x",
    });
    insert(storage, &keys, first, "1", full.clone()).await;
    insert(storage, &keys, second, "2", full.clone()).await;
    for id in ["3", "4"] {
        insert(storage, &keys, first, id, json!({"barcode": "x"})).await;
    }
    let scope = within(&keys, first, "");
    for (field, value) in [
        ("code", json!("x")),
        ("n", json!(1.0)),
        ("at", json!("2024-01-01T01:00:00+01:00")),
        ("day", json!("2024-01-01")),
        ("ok", json!(true)),
    ] {
        let taken = StoreError::Conflict { constraint: field.to_owned() };
        let body: Json = [(field.to_owned(), value)].into_iter().collect::<serde_json::Map<_, _>>().into();
        let new = record(&keys, first, "5", body.clone());
        let error = refusal(storage, async |store| store.records().insert(&scope, &new).await).await;
        assert_eq!(error, taken, "insert");
        let error = refusal(storage, async |store| {
            let id = RecordId::new("3");
            store.records().update(&scope, &id, &changes(&keys, body), NOW, "x").await
        })
        .await;
        assert_eq!(error, taken, "update");
    }
    // A record is not in its own way, and what is given up is free.
    let own = commit(storage, async |store| {
        let id = RecordId::new("1");
        store.records().update(&scope, &id, &changes(&keys, full.clone()), NOW, "x").await
    });
    assert!(own.await.is_some());
    assert!(super::delete(storage, &keys, first, "1").await.unwrap());
    insert(storage, &keys, first, "5", full).await;
    insert(storage, &keys, first, "6", json!({"code": "X", "n": 2, "ok": false})).await;
}
