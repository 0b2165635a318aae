//! What is out of reach is neither seen nor changed.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::access::{Tenant, scope_of_existence};
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::record::Value;

use super::super::{commit, refusal};
use super::{create, ids, insert, page, values};
use crate::builders::{NOW, account, changes, compiled, everywhere, record, within};

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let tasks = compiled(json!({"name": "tasks", "fields": [
        {"name": "title", "type": "text"},
        {"name": "n", "type": "number"},
        {"name": "twice", "type": "computed", "expression": "n * 2", "return_type": "number"},
    ]}));
    create(storage, &tasks).await;
    for (account, id, body) in [
        (first, "a1", json!({"title": "one", "n": 1})),
        (first, "a2", json!({"title": "two", "n": 2})),
        (first, "a3", json!({})),
        (second, "b1", json!({"title": "one", "n": 1})),
    ] {
        insert(storage, &tasks, account, id, body).await;
    }
    reads_stay_within(storage, &tasks, first, second).await;
    updates_stay_within(storage, &tasks, first, second).await;
    deletes_stay_within(storage, &tasks, first, second).await;
    inserts_need_an_account(storage, &tasks, first).await;
}

async fn reads_stay_within(
    storage: &Arc<dyn Storage>,
    tasks: &Arc<Compiled>,
    first: &Account,
    second: &Account,
) {
    let all = page(0, 10, &["id"]);
    for (scope, expected) in [
        (within(tasks, first, ""), &["a1", "a2", "a3"][..]),
        (within(tasks, second, ""), &["b1"]),
        (within(tasks, &account(77), ""), &[]),
        (everywhere(tasks), &["a1", "a2", "a3", "b1"]),
        (within(tasks, first, "n = 1"), &["a1"]),
        (within(tasks, first, "!(n = 1)"), &["a2"]),
        (within(tasks, first, "n = 1 || title = \"two\""), &["a1", "a2"]),
        (within(tasks, first, "twice >= 4"), &["a2"]),
        (within(tasks, first, "title IS NULL"), &["a3"]),
        (within(tasks, first, "created_at <= now()"), &["a1", "a2", "a3"]),
        (within(tasks, first, "created_at < now()"), &[]),
    ] {
        assert_eq!(
            ids(storage, &scope, &all).await,
            (expected.iter().map(|id| (*id).to_owned()).collect(), expected.len() as u64),
            "{:?}",
            scope.predicate()
        );
        let records = storage.read().records();
        let asked: Vec<String> = ["a1", "a2", "a3", "b1", "none"].map(str::to_owned).to_vec();
        let mut found: Vec<_> =
            records.find_many(&scope, &asked).await.unwrap().into_iter().map(|r| r.id.to_string()).collect();
        found.sort();
        assert_eq!(found, expected);
        let mut existing = records.existing(&scope, &asked).await.unwrap();
        existing.sort();
        assert_eq!(existing, expected);
        for id in &asked {
            let reached = expected.contains(&id.as_str());
            let id = RecordId::new(id.as_str());
            assert_eq!(records.view(&scope, &id).await.unwrap().is_some(), reached, "{id}");
            assert_eq!(records.view_json(&scope, &id).await.unwrap().is_some(), reached, "{id}");
            assert_eq!(records.account_of(&scope, &id).await.unwrap().is_some(), reached, "{id}");
        }
    }
    let records = storage.read().records();
    let existence = scope_of_existence(tasks, Tenant::All, NOW);
    assert_eq!(records.account_of(&existence, &RecordId::new("b1")).await.unwrap(), Some(second.id));
    assert_eq!(records.find_many(&everywhere(tasks), &[]).await.unwrap(), []);
    assert_eq!(records.existing(&existence, &[]).await.unwrap(), [""; 0]);
}

async fn updates_stay_within(
    storage: &Arc<dyn Storage>,
    tasks: &Arc<Compiled>,
    first: &Account,
    second: &Account,
) {
    let change = changes(tasks, json!({"n": 5, "title": null}));
    let id = RecordId::new("a1");
    for (scope, id) in [
        (within(tasks, second, ""), "a1"),
        (within(tasks, first, "n = 2"), "a1"),
        (within(tasks, first, "n > 0"), "a3"),
        (within(tasks, first, ""), "none"),
    ] {
        let id = RecordId::new(id);
        let none = commit(storage, async |store| {
            store.records().update(&scope, &id, &change, NOW + 1, "changer").await
        })
        .await;
        assert_eq!(none, None, "{:?}", scope.predicate());
    }
    assert_eq!(
        values(storage, tasks, first, "a1").await.unwrap(),
        [Value::Text("one".to_owned()), Value::Number(1.0)]
    );
    // The rule judges the record as it was.
    let scope = within(tasks, first, "n = 1");
    let changed =
        commit(storage, async |store| store.records().update(&scope, &id, &change, NOW + 1, "changer").await)
            .await
            .unwrap();
    let mut expected = record(tasks, first, "a1", json!({"n": 5}));
    (expected.updated_at, expected.updated_by) = (NOW + 1, "changer".to_owned());
    assert_eq!(changed, expected);
    let found = storage.read().records().view(&within(tasks, first, ""), &id).await.unwrap();
    assert_eq!(found, Some(expected.clone()));
    // No change but of who and when.
    let scope = within(tasks, first, "");
    let touched = commit(storage, async |store| {
        store.records().update(&scope, &id, &changes(tasks, json!({})), NOW + 2, "toucher").await
    })
    .await
    .unwrap();
    (expected.updated_at, expected.updated_by) = (NOW + 2, "toucher".to_owned());
    assert_eq!(touched, expected);
}

async fn deletes_stay_within(
    storage: &Arc<dyn Storage>,
    tasks: &Arc<Compiled>,
    first: &Account,
    second: &Account,
) {
    for (scope, id, gone) in [
        (within(tasks, second, ""), "a2", false),
        (within(tasks, first, "n = 1"), "a2", false),
        (within(tasks, first, "n > 0"), "a3", false),
        (within(tasks, first, "n = 2"), "a2", true),
        (within(tasks, first, ""), "a2", false),
    ] {
        let id = RecordId::new(id);
        let deleted = commit(storage, async |store| store.records().delete(&scope, &id).await).await;
        assert_eq!(deleted.is_some(), gone, "{:?}", scope.predicate());
    }
    assert_eq!(values(storage, tasks, first, "a2").await, None);
    assert!(values(storage, tasks, first, "a3").await.is_some());
}

async fn inserts_need_an_account(storage: &Arc<dyn Storage>, tasks: &Arc<Compiled>, first: &Account) {
    let homeless = record(tasks, &account(77), "h", json!({}));
    let scope = within(tasks, &account(77), "");
    let error = refusal(storage, async |store| store.records().insert(&scope, &homeless).await).await;
    assert_eq!(error, StoreError::ForeignKey);
    let twice = record(tasks, first, "a1", json!({}));
    let scope = within(tasks, first, "");
    let error = refusal(storage, async |store| store.records().insert(&scope, &twice).await).await;
    assert!(super::super::is_conflict(&error), "{error:?}");
}
