//! References: targets must exist, and what happens when they go.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::record::Value;

use super::super::{commit, refusal};
use super::{create, delete, insert, values};
use crate::builders::{NOW, changes, compiled, record, within};

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let city = compiled(json!({"name": "city", "fields": [
        {"name": "twin", "type": "reference", "collection": "city", "on_delete": "set_null"},
    ]}));
    let person = compiled(json!({"name": "person", "fields": [
        {"name": "home", "type": "reference", "collection": "city", "on_delete": "cascade"},
        {"name": "work", "type": "reference", "collection": "city", "on_delete": "set_null"},
        {"name": "born", "type": "reference", "collection": "city", "on_delete": "restrict"},
    ]}));
    let letter = compiled(json!({"name": "letter", "fields": [
        {"name": "to", "type": "reference", "collection": "person", "on_delete": "cascade"},
        {"name": "by", "type": "reference", "collection": "person", "on_delete": "restrict"},
    ]}));
    for collection in [&city, &person, &letter] {
        create(storage, collection).await;
    }
    for id in ["c1", "c2", "c3", "c4", "c5"] {
        insert(storage, &city, first, id, json!({})).await;
    }

    let lost = record(&person, first, "p0", json!({"home": "none"}));
    let scope = within(&person, first, "");
    let error = refusal(storage, async |store| store.records().insert(&scope, &lost).await).await;
    assert_eq!(error, StoreError::ForeignKey);
    insert(storage, &person, first, "p1", json!({"home": "c1", "work": "c2", "born": "c3"})).await;
    let error = refusal(storage, async |store| {
        let change = changes(&person, json!({"work": "none"}));
        store.records().update(&scope, &RecordId::new("p1"), &change, NOW, "x").await
    })
    .await;
    assert_eq!(error, StoreError::ForeignKey);

    assert_eq!(delete(storage, &city, first, "c3").await, Err(StoreError::ForeignKey), "restrict");
    assert_eq!(delete(storage, &city, first, "c2").await, Ok(true), "set_null");
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(values(storage, &person, first, "p1").await.unwrap(), [text("c1"), Value::Null, text("c3")]);

    insert(storage, &letter, first, "l1", json!({"to": "p1"})).await;
    assert_eq!(delete(storage, &city, first, "c1").await, Ok(true), "cascade, two steps");
    assert_eq!(values(storage, &person, first, "p1").await, None);
    assert_eq!(values(storage, &letter, first, "l1").await, None);
    assert_eq!(delete(storage, &city, first, "c3").await, Ok(true), "nobody is born there any more");

    insert(storage, &person, first, "p2", json!({"home": "c4"})).await;
    insert(storage, &letter, first, "l2", json!({"by": "p2"})).await;
    assert_eq!(
        delete(storage, &city, first, "c4").await,
        Err(StoreError::ForeignKey),
        "restrict, on the way"
    );
    assert!(values(storage, &city, first, "c4").await.is_some());
    assert!(values(storage, &person, first, "p2").await.is_some());

    let change = changes(&city, json!({"twin": "c5"}));
    commit(storage, async |store| {
        store.records().update(&within(&city, first, ""), &RecordId::new("c5"), &change, NOW, "x").await
    })
    .await;
    assert_eq!(delete(storage, &city, first, "c5").await, Ok(true), "its own twin");
    an_account_goes_with_what_restricts(storage, first, second).await;
}

async fn an_account_goes_with_what_restricts(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let node = compiled(json!({"name": "node", "fields": [
        {"name": "next", "type": "reference", "collection": "node", "on_delete": "restrict"},
    ]}));
    create(storage, &node).await;
    insert(storage, &node, first, "n1", json!({})).await;
    insert(storage, &node, first, "n2", json!({"next": "n1"})).await;
    insert(storage, &node, second, "n3", json!({})).await;
    assert!(commit(storage, async |store| store.accounts().delete(first.id).await).await);
    assert_eq!(storage.read().tables().count(&node.collection).await, Ok(1));
}
