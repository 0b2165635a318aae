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
    json_is_compared_by_value(storage, first, second).await;
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

/// Equal values are those that grouping takes for equal, however they are written.
async fn json_is_compared_by_value(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let field = |unique: bool| json!([{"name": "data", "type": "json", "unique": unique}]);
    let shapes = compiled(json!({"name": "shapes", "fields": field(true)}));
    create(storage, &shapes).await;
    let scope = within(&shapes, first, "");
    let long = "x".repeat(10_000);
    let values = [
        json!({"a": 1, "b": [2.0, {"z": null, "y": "1.0"}], "ü": true, "Z": -0.0}),
        json!([1, 2]),
        json!("a"),
        json!(1.0),
        json!({"long": long}),
    ];
    for (n, value) in values.iter().enumerate() {
        insert(storage, &shapes, first, &format!("s{n}"), json!({"data": value})).await;
        insert(storage, &shapes, second, &format!("t{n}"), json!({"data": value})).await;
    }
    let same = [
        json!({"ü": true, "b": [2, {"y": "1.0", "z": null}], "Z": 0, "a": 1.0}),
        json!([1.0, 2]),
        json!("a"),
        json!(1),
        json!({"long": long}),
    ];
    for value in same {
        let new = record(&shapes, first, "new", json!({"data": value.clone()}));
        let error = refusal(storage, async |store| store.records().insert(&scope, &new).await).await;
        assert_eq!(error, StoreError::Conflict { constraint: "data".to_owned() }, "{value}");
    }
    for (n, value) in [
        json!({"a": 1, "b": [{"z": null, "y": "1.0"}, 2.0], "ü": true, "Z": 0}),
        json!({"a": 1, "b": [2.0, {"z": null, "y": "1"}], "ü": true, "Z": 0}),
        json!([2, 1]),
        json!("A"),
        json!("1"),
        json!({}),
        json!([]),
    ]
    .into_iter()
    .enumerate()
    {
        insert(storage, &shapes, first, &format!("u{n}"), json!({"data": value})).await;
    }
    for id in ["null", "none"] {
        insert(storage, &shapes, first, id, json!({"data": null})).await;
    }
    // Stored values collide by the same measure.
    let loose = compiled(json!({"name": "loose", "fields": field(false)}));
    create(storage, &loose).await;
    insert(storage, &loose, first, "l1", json!({"data": {"a": 1, "b": 2}})).await;
    let has_duplicates = async || {
        let tables = storage.read().tables();
        tables.has_duplicates(&loose.collection, &loose.collection.fields[0]).await.unwrap()
    };
    insert(storage, &loose, second, "l2", json!({"data": {"b": 2, "a": 1}})).await;
    assert!(!has_duplicates().await);
    insert(storage, &loose, first, "l3", json!({"data": {"b": 2.0, "a": 1}})).await;
    assert!(has_duplicates().await);
}
