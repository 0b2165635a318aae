//! The promises of `CollectionRepository`.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::ports::{CollectionQuery, CollectionSort, Storage};
use snackbase_domain::collection::Collection;

use super::{commit, is_conflict, refusal};
use crate::builders::{collection, moment};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let full = every_kind_of_field();
    let named = |name: &str, n| Collection {
        created_at: moment(n),
        updated_at: moment(-n),
        ..collection(json!({"name": name, "fields": []}))
    };
    commit(&storage, async |store| {
        store.collections().lock_schema().await?;
        store.collections().insert(&full, "rules-1").await?;
        store.collections().insert(&named("a_b", 2), "rules-2").await?;
        store.collections().insert(&named("aXb", 1), "rules-3").await
    })
    .await;
    let collections = || storage.read().collections();
    assert_eq!(collections().find(full.id).await.unwrap().as_ref(), Some(&full));
    assert_eq!(collections().find(named("other", 0).id).await.unwrap(), None);
    let all = collections().all().await.unwrap();
    assert_eq!(all, [named("aXb", 1), named("a_b", 2), full.clone()], "by name, with their rules");

    let error =
        refusal(&storage, async |store| store.collections().insert(&named("EVERYTHING", 5), "r").await).await;
    assert!(is_conflict(&error), "names differ in more than case: {error:?}");
    pages_are_searched_and_sorted(&storage).await;
    fields_and_rules_change(&storage, &full).await;

    every_change_raises_the_version(&storage, &full).await;
    assert!(commit(&storage, async |store| store.collections().delete(full.id).await).await);
    assert!(!commit(&storage, async |store| store.collections().delete(full.id).await).await);
    assert_eq!(collections().rules(full.id).await.unwrap(), None);
}

async fn every_change_raises_the_version(storage: &Arc<dyn Storage>, full: &Collection) {
    let version = async || storage.read().collections().version().await.unwrap();
    let before = version().await;
    commit(storage, async |store| store.collections().update(full).await).await;
    let updated = version().await;
    let row = storage.read().collections().rules(full.id).await.unwrap().unwrap();
    commit(storage, async |store| store.collections().update_rules(&row).await).await;
    let ruled = version().await;
    commit(storage, async |store| store.collections().mark_changed().await).await;
    let marked = version().await;
    assert!(before < updated && updated < ruled && ruled < marked);
    let work = storage.begin().await.unwrap();
    work.repositories().collections().mark_changed().await.unwrap();
    work.rollback().await.unwrap();
    assert_eq!(version().await, marked, "what is undone counts for nothing");
}

fn every_kind_of_field() -> Collection {
    collection(json!({
        "name": "everything",
        "fields": [
            {"name": "text", "type": "text", "required": true, "default": "ü", "options": {"b": 1, "a": [2]}},
            {"name": "number", "type": "number", "unique": true, "default": 1.5},
            {"name": "boolean", "type": "boolean", "default": false},
            {"name": "datetime", "type": "datetime"},
            {"name": "email", "type": "email", "pii": true, "mask_type": "email"},
            {"name": "url", "type": "url", "pii": true},
            {"name": "json", "type": "json", "default": {"k": [null]}},
            {"name": "ref", "type": "reference", "collection": "everything", "on_delete": "set_null"},
            {"name": "file", "type": "file"},
            {"name": "date", "type": "date"},
            {"name": "double", "type": "computed", "expression": "number * 2", "return_type": "number"},
        ],
        "list_rule": "", "view_rule": "number > 1", "create_rule": "@request.auth.id != \"\"",
        "list_fields": ["text", "number"], "update_fields": [],
    }))
}

async fn pages_are_searched_and_sorted(storage: &Arc<dyn Storage>) {
    let query = |sort, descending, search: Option<&str>| CollectionQuery {
        skip: 0,
        limit: 10,
        sort,
        descending,
        search: search.map(str::to_owned),
    };
    let names = async |query: &CollectionQuery| -> (Vec<String>, u64) {
        let (page, total) = storage.read().collections().page(query).await.unwrap();
        (page.iter().map(|c| c.name.to_string()).collect(), total)
    };
    for (sort, expected) in [
        (CollectionSort::Name, ["aXb", "a_b", "everything"]),
        (CollectionSort::CreatedAt, ["everything", "aXb", "a_b"]),
        (CollectionSort::UpdatedAt, ["a_b", "aXb", "everything"]),
    ] {
        let (mut found, total) = names(&query(sort, false, None)).await;
        assert_eq!((found.clone(), total), (expected.map(str::to_owned).to_vec(), 3), "{sort:?}");
        found.reverse();
        assert_eq!(names(&query(sort, true, None)).await.0, found, "{sort:?}, descending");
    }
    for (search, expected) in
        [("a_b", &["a_b"][..]), ("AXB", &["aXb"]), ("%", &[]), ("RYTH", &["everything"])]
    {
        let (found, total) = names(&query(CollectionSort::Name, false, Some(search))).await;
        assert_eq!(
            (found, total),
            (expected.iter().map(|n| (*n).to_owned()).collect(), expected.len() as u64)
        );
    }
    let second = CollectionQuery { skip: 1, limit: 1, ..query(CollectionSort::Name, false, None) };
    assert_eq!(names(&second).await, (vec!["a_b".to_owned()], 3));
}

async fn fields_and_rules_change(storage: &Arc<dyn Storage>, full: &Collection) {
    let collections = || storage.read().collections();
    let mut changed = full.clone();
    changed.fields.truncate(2);
    changed.updated_at = moment(9);
    commit(storage, async |store| store.collections().update(&changed).await).await;
    assert_eq!(collections().find(full.id).await.unwrap(), Some(changed));
    let mut row = collections().rules(full.id).await.unwrap().unwrap();
    assert_eq!((row.id.as_str(), &row.rules), ("rules-1", &full.rules));
    row.rules.delete_rule = Some("text = \"ü\"".to_owned());
    row.rules.list_rule = None;
    row.rules.update_check_rule = Some("text != \"\"".to_owned());
    row.rules.view_fields = "[]".to_owned();
    row.updated_at = moment(10);
    commit(storage, async |store| store.collections().update_rules(&row).await).await;
    assert_eq!(collections().rules(full.id).await.unwrap().as_ref(), Some(&row));
    assert_eq!(collections().find(full.id).await.unwrap().map(|c| c.rules), Some(row.rules));
}
