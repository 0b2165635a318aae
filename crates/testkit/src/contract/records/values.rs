//! What is stored comes back as it was.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::{Value as Json, json};
use snackbase_application::access::{AccountName, Tenant};
use snackbase_application::ports::Storage;
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::collection::Operation;

use super::{as_list, create, insert, page, parsed};
use crate::builders::{compiled, everywhere, member, scope_of, superadmin, within};

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account) {
    every_type_comes_back(storage, first).await;
    keys_are_those_of_the_projection(storage, first).await;
}

async fn every_type_comes_back(storage: &Arc<dyn Storage>, first: &Account) {
    let kinds = compiled(json!({"name": "kinds", "fields": [
        {"name": "text", "type": "text"},
        {"name": "number", "type": "number"},
        {"name": "boolean", "type": "boolean"},
        {"name": "datetime", "type": "datetime"},
        {"name": "email", "type": "email"},
        {"name": "url", "type": "url"},
        {"name": "json", "type": "json"},
        {"name": "self", "type": "reference", "collection": "kinds", "on_delete": "cascade"},
        {"name": "file", "type": "file"},
        {"name": "date", "type": "date"},
        {"name": "computed", "type": "computed", "expression": "number + 1", "return_type": "number"},
    ]}));
    create(storage, &kinds).await;
    // As it is shown.
    let file = "{\"filename\": \"\\u00fc.txt\", \"size\": 3, \"mime_type\": \"t\", \"path\": \"p\"}";
    let bodies = [
        json!({}),
        json!({
            "text": "x", "number": 1, "boolean": true, "datetime": "2024-02-29T12:00:00.123456+02:00",
            "email": "A.b@Example.org", "url": "HTTPS://x.y/ü?q=1#f", "json": {"b": 1, "a": [true, null, "ü"]},
            "file": file, "date": "2024-02-29",
        }),
        json!({
            "text": "", "number": 0, "boolean": false, "datetime": "1969-12-31 23:59:59", "json": [],
            "date": "0001-01-01",
        }),
        json!({"text": "日本語 🦀 e\u{301} \"\\/\u{1}\n'; DROP TABLE kinds; -- %_?$1 :a @b", "number": 1.0e300}),
        json!({"number": 9_007_199_254_740_991_u64, "json": "text", "datetime": "2024-01-01"}),
        json!({"number": -0.1, "json": 1.5e-7, "datetime": "9999-12-31T23:59:59.999999Z"}),
        json!({"number": 5e-324, "json": {"deep": {"er": [[[{}]]]}}, "text": "t".repeat(100_000)}),
        json!({"number": f64::MIN, "json": 9_007_199_254_740_993_u64, "self": "r0"}),
        json!({"number": 1e15, "json": false, "self": "r7"}),
    ];
    let (whole, all) = (within(&kinds, first, ""), page(0, 100, &["id"]));
    let mut records = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        let made = insert(storage, &kinds, first, &format!("r{n}"), body.clone()).await;
        let found = storage.read().records().view(&whole, &made.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&made));
        records.push(made);
    }
    let (rows, total) = storage.read().records().list(&whole, &all).await.unwrap();
    assert_eq!(total, Some(records.len() as u64));
    assert_eq!(rows.into_iter().map(|row| row.record).collect::<Vec<_>>(), records);

    let listed = storage.read().records().list_json(&whole, &all).await.unwrap().items;
    let in_json = parsed(&listed);
    let listed = as_list(&listed);
    let raw: Vec<HashMap<&str, &RawValue>> = serde_json::from_str(&listed).unwrap();
    let raw: Vec<_> = raw.iter().map(|object| object["number"].get()).collect();
    assert_eq!(
        raw,
        [
            "null",
            "1",
            "0",
            "1e+300",
            "9007199254740991.0",
            "-0.1",
            "5e-324",
            "-1.7976931348623157e+308",
            "1000000000000000.0"
        ]
    );
    for (n, (object, body)) in in_json.iter().zip(&bodies).enumerate() {
        for field in kinds.collection.stored_fields() {
            let name = field.name.as_str();
            match (&object[name], &body[name]) {
                // Compared above, digit by digit.
                _ if name == "number" => {}
                // An unset boolean reads false.
                (found, Json::Null) if name == "boolean" => assert_eq!(found, &json!(false), "{n}"),
                (found, sent) => assert_eq!(found, sent, "{n}: {name}"),
            }
        }
    }
    let one = storage.read().records().view_json(&whole, &RecordId::new("r1")).await.unwrap().unwrap();
    assert_eq!(parsed(&one), [in_json[1].clone()]);
    assert!(storage.read().records().view_json(&whole, &RecordId::new("none")).await.unwrap().is_none());
    let empty = page(100, 10, &["id"]);
    assert!(storage.read().records().list_json(&whole, &empty).await.unwrap().items.is_empty());
}

async fn keys_are_those_of_the_projection(storage: &Arc<dyn Storage>, first: &Account) {
    let notes = compiled(json!({
        "name": "notes",
        "fields": [{"name": "a", "type": "text"}, {"name": "b", "type": "number"}, {"name": "c", "type": "text"}],
        "list_fields": ["c", "a"], "view_fields": [],
    }));
    create(storage, &notes).await;
    insert(storage, &notes, first, "1", json!({"a": "x", "b": 1})).await;
    let system = ["id", "account_id", "created_at", "created_by", "updated_at", "updated_by"];
    let caller = member(first, 1);
    let records = storage.read().records();
    let keys = |object: &Json| object.as_object().unwrap().keys().cloned().collect::<Vec<_>>();

    let list = scope_of(&notes, Operation::List, &caller, Tenant::Account(first.id), "");
    let listed = parsed(&records.list_json(&list, &page(0, 1, &[])).await.unwrap().items).remove(0);
    assert_eq!(keys(&listed), [&system[..], &["account_name", "a", "c"]].concat());
    assert_eq!(listed["account_name"], json!(first.name));
    assert_eq!(listed["account_id"], json!(first.id.to_string()));
    assert_eq!(listed["created_at"], json!("2027-01-15T08:00:00.000001Z"));
    assert_eq!(listed["created_by"], json!("maker"));

    let view = scope_of(&notes, Operation::View, &caller, Tenant::Account(first.id), "");
    let viewed = records.view_json(&view, &RecordId::new("1")).await.unwrap().unwrap();
    let viewed = parsed(&viewed).remove(0);
    assert_eq!(keys(&viewed), [&system[..], &["account_name"]].concat());
    assert_eq!(viewed["account_name"], Json::Null);

    let of_each = scope_of(&notes, Operation::List, &superadmin(), Tenant::All, "");
    assert_eq!(of_each.projection().account_name, AccountName::OfEach);
    let listed = parsed(&records.list_json(&of_each, &page(0, 1, &["-id"])).await.unwrap().items).remove(0);
    assert_eq!(listed["account_name"], json!(first.name));
    assert_eq!(keys(&listed), [&system[..], &["account_name", "a", "b", "c"]].concat());
    let (rows, _) = records.list(&of_each, &page(0, 1, &["-id"])).await.unwrap();
    assert_eq!(rows[0].account_name.as_ref(), Some(&first.name));
    let (rows, _) = records.list(&everywhere(&notes), &page(0, 1, &[])).await.unwrap();
    assert_eq!(rows[0].account_name, None, "not asked for");
}
