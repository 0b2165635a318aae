//! The promises of `RecordTables`.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{ListQuery, SchemaDiff, Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::collection::{Collection, CollectionName};
use snackbase_domain::record::Value;

use super::records::{create, delete, insert, values};
use super::{commit, is_conflict, refusal, seed};
use crate::builders::{account, compiled, moment, record, within};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, ..) = seed(&storage).await;
    tables_come_count_and_go(&storage, &first, &second).await;
    a_table_that_is_set_aside_goes_in_parts(&storage, &first).await;
    fields_and_tables_change_their_names(&storage, &first).await;
    rows_get_the_defaults_of_new_fields(&storage, &first).await;
    uniqueness_comes_and_goes(&storage, &first, &second).await;
    a_reference_changes_its_mind(&storage, &first).await;
    long_names_stay_apart(&storage, &first).await;
    rows_of_an_account_go_in_parts(&storage, &first, &second).await;
    counts_follow_the_rows(&storage, &first, &second).await;
}

async fn alter(storage: &Arc<dyn Storage>, before: &Compiled, after: &Compiled) {
    commit(storage, async |store| store.tables().alter(&diff(before, after)).await).await;
}

fn diff(before: &Compiled, after: &Compiled) -> SchemaDiff {
    SchemaDiff { before: before.collection.clone(), after: after.collection.clone() }
}

async fn count(storage: &Arc<dyn Storage>, collection: &Collection) -> Result<u64, StoreError> {
    storage.read().tables().count(collection).await
}

async fn tables_come_count_and_go(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    // Every word of SQL can be a name.
    let order = compiled(json!({"name": "order", "fields": [{"name": "select", "type": "text"}]}));
    assert_eq!(count(storage, &order.collection).await, Err(StoreError::NoTable));
    create(storage, &order).await;
    assert_eq!(count(storage, &order.collection).await, Ok(0));
    insert(storage, &order, first, "1", json!({"select": "a"})).await;
    insert(storage, &order, first, "2", json!({})).await;
    assert_eq!(count(storage, &order.collection).await, Ok(2));
    let has_rows = async |account: &Account| {
        storage.read().tables().has_rows(&order.collection, account.id).await.unwrap()
    };
    assert!(has_rows(first).await);
    assert!(!has_rows(second).await);
    commit(storage, async |store| {
        store.tables().set_aside(&order.collection, "0a1b2c3d4e5f", moment(1)).await
    })
    .await;
    assert_eq!(count(storage, &order.collection).await, Err(StoreError::NoTable));
    let orphan = record(&order, first, "1", json!({}));
    let scope = within(&order, first, "");
    let error = refusal(storage, async |store| store.records().insert(&scope, &orphan).await).await;
    assert_eq!(error, StoreError::NoTable);
    // A table that was made within a unit of work goes with it.
    let work = storage.begin().await.unwrap();
    work.repositories().tables().create(&order.collection).await.unwrap();
    work.rollback().await.unwrap();
    assert_eq!(count(storage, &order.collection).await, Err(StoreError::NoTable));
}

async fn a_table_that_is_set_aside_goes_in_parts(storage: &Arc<dyn Storage>, first: &Account) {
    // A circle, which holds itself; and each kind of index.
    let fields = json!([
        {"name": "next", "type": "reference", "collection": "ring", "on_delete": "restrict"},
        {"name": "code", "type": "text", "unique": true},
        {"name": "at", "type": "date"},
    ]);
    let ring = compiled(json!({"name": "ring", "fields": fields}));
    create(storage, &ring).await;
    insert(storage, &ring, first, "a", json!({"next": "a", "code": "1"})).await;
    for (id, next) in [("b", "a"), ("c", "b")] {
        insert(storage, &ring, first, id, json!({"next": next})).await;
    }
    let aside = async || storage.read().tables().aside().await.unwrap();
    let others = aside().await.len();
    for revision in ["ffffffff0001", "ffffffff0002"] {
        let now = moment(2);
        commit(storage, async |store| store.tables().set_aside(&ring.collection, revision, now).await).await;
        assert_eq!(count(storage, &ring.collection).await, Err(StoreError::NoTable));
        // The name is free for another one with the same indexes.
        create(storage, &ring).await;
        insert(storage, &ring, first, "a", json!({"next": "a", "code": "1"})).await;
    }
    let rows = async |revision| storage.read().tables().count_aside(revision).await;
    assert_eq!((rows("ffffffff0001").await, rows("ffffffff0002").await), (Ok(3), Ok(1)));
    assert_eq!(aside().await[others..], ["ffffffff0001", "ffffffff0002"]);
    for revision in ["ffffffff0001", "ffffffff0002"] {
        let part =
            async || commit(storage, async |store| store.tables().remove_aside(revision, 2).await).await;
        let mut parts = 0;
        while !part().await {
            parts += 1;
            assert!(parts < 10, "it comes to an end");
        }
        assert_eq!(rows(revision).await, Ok(0));
        assert!(part().await, "gone is gone");
    }
    assert_eq!(aside().await.len(), others);
    assert_eq!(count(storage, &ring.collection).await, Ok(1), "the new one stays");
}

async fn fields_and_tables_change_their_names(storage: &Arc<dyn Storage>, first: &Account) {
    let target = compiled(json!({"name": "goal", "fields": [{"name": "n", "type": "number"}]}));
    let described = |fields: &[Json]| compiled(json!({"name": "shape", "fields": fields}));
    let when = |name: &str| json!({"name": name, "type": "datetime", "unique": true});
    let to = |name: &str, target: &str| json!({"name": name, "type": "reference", "collection": target, "on_delete": "restrict"});
    let gone = json!({"name": "gone", "type": "date"});
    let before = described(&[when("at"), to("to", "goal"), gone]);
    create(storage, &target).await;
    create(storage, &before).await;
    insert(storage, &target, first, "g", json!({})).await;
    let body = json!({"at": "2024-01-01", "to": "g", "gone": "2024-01-02"});
    insert(storage, &before, first, "1", body).await;

    let renamed = described(&[when("since"), to("to", "goal"), json!({"name": "gone", "type": "date"})]);
    let named = described(&[when("since"), to("goal", "goal"), json!({"name": "gone", "type": "date"})]);
    let rest = described(&[when("since"), to("goal", "goal")]);
    let name = |text: &str| snackbase_domain::collection::FieldName::parse(text).unwrap();
    commit(storage, async |store| {
        let tables = store.tables();
        tables.rename_field(&before.collection, &renamed.collection, (&name("at"), &name("since"))).await?;
        tables.rename_field(&renamed.collection, &named.collection, (&name("to"), &name("goal"))).await?;
        let gone = named.collection.field("gone").unwrap();
        tables.drop_field(&named.collection, &rest.collection, gone).await
    })
    .await;
    let at = Value::Time { text: "2024-01-01".to_owned(), micros: 1_704_067_200_000_000 };
    let kept = [at, Value::Text("g".to_owned())];
    assert_eq!(values(storage, &rest, first, "1").await.unwrap(), kept);
    let clash = record(&rest, first, "2", json!({"since": "2024-01-01T00:00:00Z"}));
    let error =
        refusal(storage, async |store| store.records().insert(&within(&rest, first, ""), &clash).await).await;
    assert_eq!(error, StoreError::Conflict { constraint: "since".to_owned() }, "still unique");

    // The table that is referred to gets another name, then the one that refers.
    let aim = compiled(json!({"name": "aim", "fields": [{"name": "n", "type": "number"}]}));
    let moved = compiled(json!({"name": "form", "fields": [when("since"), to("goal", "aim")]}));
    let (aim, moved) = (same(&target, &aim), same(&before, &moved));
    commit(storage, async |store| {
        store.tables().rename(&target.collection, &aim.collection).await?;
        let middle = described(&[when("since"), to("goal", "aim")]);
        store.tables().rename(&middle.collection, &moved.collection).await
    })
    .await;
    assert_eq!(count(storage, &before.collection).await, Err(StoreError::NoTable));
    assert_eq!(values(storage, &moved, first, "1").await.unwrap(), kept);
    assert_eq!(delete(storage, &aim, first, "g").await, Err(StoreError::ForeignKey), "still referred to");
    let goal = moved.collection.field("goal").unwrap();
    let values_of = [(snackbase_domain::RecordId::new("1"), Value::Null)];
    commit(storage, async |store| store.tables().fill(&moved.collection, goal, &values_of).await).await;
    delete(storage, &aim, first, "g").await.unwrap();
    // What is renamed can be changed as what was made so.
    let loose = compiled(json!({"name": "form", "fields": [
        {"name": "since", "type": "datetime"},
        {"name": "goal", "type": "reference", "collection": "aim", "on_delete": "cascade"},
    ]}));
    let loose = same(&before, &loose);
    alter(storage, &moved, &loose).await;
    insert(storage, &loose, first, "3", json!({"since": "2024-01-01"})).await;
    // The former names are free.
    for name in ["goal", "shape"] {
        let other =
            compiled(json!({"name": format!("other_{name}"), "fields": [{"name": "a", "type": "text"}]}));
        let again = Collection { name: CollectionName::parse(name).unwrap(), ..other.collection.clone() };
        create(storage, &Arc::new(Compiled::new(again))).await;
    }
}

/// A collection under another description: it is the same by its id.
pub(super) fn same(known: &Compiled, described: &Compiled) -> Arc<Compiled> {
    let collection = Collection { id: known.collection.id, ..described.collection.clone() };
    Arc::new(Compiled::new(collection))
}

async fn rows_get_the_defaults_of_new_fields(storage: &Arc<dyn Storage>, first: &Account) {
    let before = compiled(json!({"name": "grown", "fields": [{"name": "a", "type": "text"}]}));
    let after = compiled(json!({"name": "grown", "fields": [
        {"name": "number", "type": "number", "default": -1.5},
        {"name": "a", "type": "text"},
        {"name": "text", "type": "text", "default": "it's \"ü\"; --"},
        {"name": "flag", "type": "boolean", "default": true},
        {"name": "at", "type": "datetime", "default": "2024-01-01T00:00:00+02:00"},
        {"name": "tree", "type": "json", "default": {"k": [1, null]}},
        {"name": "none", "type": "text"},
        {"name": "ref", "type": "reference", "collection": "grown", "on_delete": "cascade"},
        {"name": "loud", "type": "computed", "expression": "upper(a)", "return_type": "text"},
    ]}));
    create(storage, &before).await;
    insert(storage, &before, first, "1", json!({"a": "x"})).await;
    alter(storage, &before, &after).await;
    let text = |text: &str| Value::Text(text.to_owned());
    let expected = [
        Value::Number(-1.5),
        text("x"),
        text("it's \"ü\"; --"),
        Value::Bool(true),
        Value::Time { text: "2024-01-01T00:00:00+02:00".to_owned(), micros: 1_704_060_000_000_000 },
        Value::Json(json!({"k": [1, null]})),
        Value::Null,
        Value::Null,
    ];
    assert_eq!(values(storage, &after, first, "1").await.unwrap(), expected);
    insert(storage, &after, first, "2", json!({"ref": "1"})).await;
}

async fn uniqueness_comes_and_goes(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let described = |unique: bool| {
        compiled(json!({"name": "codes", "fields": [
            {"name": "code", "type": "text", "unique": unique},
            {"name": "at", "type": "datetime", "unique": unique},
        ]}))
    };
    let (free, unique) = (described(false), described(true));
    create(storage, &free).await;
    for (account, id, body) in [
        (first, "1", json!({"code": "a", "at": "2024-01-01T00:00:00Z"})),
        (second, "2", json!({"code": "a", "at": "2024-01-01T00:00:00Z"})),
        (first, "3", json!({})),
        (first, "4", json!({})),
    ] {
        insert(storage, &free, account, id, body).await;
    }
    let duplicates = async |name: &str| {
        let field = free.collection.field(name).unwrap();
        storage.read().tables().has_duplicates(&free.collection, field).await.unwrap()
    };
    assert!(!duplicates("code").await, "neither in two accounts nor of nulls");
    assert!(!duplicates("at").await);
    insert(storage, &free, first, "5", json!({"code": "a", "at": "2024-01-01T01:00:00+01:00"})).await;
    assert!(duplicates("code").await);
    assert!(duplicates("at").await, "the same moment in other words");
    let error = refusal(storage, async |store| store.tables().alter(&diff(&free, &unique)).await).await;
    assert!(is_conflict(&error), "{error:?}");
    delete(storage, &free, first, "5").await.unwrap();

    alter(storage, &free, &unique).await;
    let again = record(&unique, first, "6", json!({"code": "a"}));
    let scope = within(&unique, first, "");
    let error = refusal(storage, async |store| store.records().insert(&scope, &again).await).await;
    assert_eq!(error, StoreError::Conflict { constraint: "code".to_owned() });
    alter(storage, &unique, &free).await;
    insert(storage, &free, first, "6", json!({"code": "a"})).await;

    // A new unique field with a default fits one row of an account at most.
    let wide = |name: &str| {
        let mut fields: Vec<Json> =
            vec![json!({"name": "code", "type": "text"}), json!({"name": "at", "type": "datetime"})];
        fields.push(json!({"name": name, "type": "number", "unique": true, "default": 7}));
        compiled(json!({"name": "codes", "fields": fields}))
    };
    let error = refusal(storage, async |store| store.tables().alter(&diff(&free, &wide("n"))).await).await;
    assert!(is_conflict(&error), "{error:?}");
    assert_eq!(values(storage, &free, first, "6").await.unwrap().len(), 2, "all of it was undone");
}

async fn a_reference_changes_its_mind(storage: &Arc<dyn Storage>, first: &Account) {
    let target = compiled(json!({"name": "targets", "fields": []}));
    let pointing = |on_delete: &str, unique: bool| {
        compiled(json!({"name": "pointers", "fields": [
            {"name": "before", "type": "text"},
            {"name": "to", "type": "reference", "collection": "targets", "on_delete": on_delete, "unique": unique},
            {"name": "after", "type": "text"},
        ]}))
    };
    create(storage, &target).await;
    let (restrict, set_null) = (pointing("restrict", true), pointing("set_null", true));
    create(storage, &restrict).await;
    for id in ["t1", "t2", "t3"] {
        insert(storage, &target, first, id, json!({})).await;
    }
    insert(storage, &restrict, first, "p1", json!({"before": "b", "to": "t1", "after": "a"})).await;
    assert_eq!(delete(storage, &target, first, "t1").await, Err(StoreError::ForeignKey));
    alter(storage, &restrict, &set_null).await;
    let text = |text: &str| Value::Text(text.to_owned());
    let kept = [text("b"), text("t1"), text("a")];
    assert_eq!(values(storage, &set_null, first, "p1").await.unwrap(), kept);
    let twice = record(&set_null, first, "p2", json!({"to": "t1"}));
    let scope = within(&set_null, first, "");
    let error = refusal(storage, async |store| store.records().insert(&scope, &twice).await).await;
    assert_eq!(error, StoreError::Conflict { constraint: "to".to_owned() }, "still unique");
    delete(storage, &target, first, "t1").await.unwrap();
    let kept = [text("b"), Value::Null, text("a")];
    assert_eq!(values(storage, &set_null, first, "p1").await.unwrap(), kept);

    let cascade = pointing("cascade", false);
    alter(storage, &set_null, &cascade).await;
    insert(storage, &cascade, first, "p2", json!({"to": "t2"})).await;
    insert(storage, &cascade, first, "p3", json!({"to": "t2"})).await;
    delete(storage, &target, first, "t2").await.unwrap();
    assert_eq!(values(storage, &cascade, first, "p2").await, None);
    assert!(values(storage, &cascade, first, "p1").await.is_some());
    // And with a change of uniqueness at once.
    alter(storage, &cascade, &restrict).await;
    insert(storage, &restrict, first, "p4", json!({"to": "t3"})).await;
    assert_eq!(delete(storage, &target, first, "t3").await, Err(StoreError::ForeignKey));
    let error = refusal(storage, async |store| {
        store
            .records()
            .insert(&within(&restrict, first, ""), &record(&restrict, first, "p5", json!({"to": "t3"})))
            .await
    })
    .await;
    assert_eq!(error, StoreError::Conflict { constraint: "to".to_owned() });
}

async fn long_names_stay_apart(storage: &Arc<dyn Storage>, first: &Account) {
    let (x, y) = (format!("{}x", "a".repeat(63)), format!("{}y", "a".repeat(63)));
    let described = |name: &str| {
        compiled(json!({"name": name, "fields": [
            {"name": x, "type": "datetime", "unique": true},
            {"name": y, "type": "datetime", "unique": true},
            {"name": "r".repeat(64), "type": "reference", "collection": x, "on_delete": "cascade"},
        ]}))
    };
    let (one, two) = (described(&x), described(&y));
    create(storage, &one).await;
    create(storage, &two).await;
    let body = json!({x.clone(): "2024-01-01", y.clone(): "2024-01-02"});
    insert(storage, &one, first, "1", body).await;
    assert_eq!(count(storage, &one.collection).await, Ok(1));
    assert_eq!(count(storage, &two.collection).await, Ok(0));
    let found =
        values(storage, &within(&one, first, &format!("{x} < {y}")).compiled().clone(), first, "1").await;
    let texts: Vec<_> = found
        .unwrap()
        .iter()
        .map(|value| match value {
            Value::Time { text, .. } => text.clone(),
            _ => String::new(),
        })
        .collect();
    assert_eq!(texts, ["2024-01-01", "2024-01-02", ""]);
    let clash = record(&one, first, "2", json!({y.clone(): "2024-01-02T00:00:00Z"}));
    let scope = within(&one, first, "");
    let error = refusal(storage, async |store| store.records().insert(&scope, &clash).await).await;
    assert_eq!(error, StoreError::Conflict { constraint: y });
    let before = within(&one, first, &format!("{x} < \"2024-01-02\""));
    let (found, _) = storage.read().records().list(&before, &super::records::page(0, 10, &[])).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(account(1), *first, "nothing else was touched");
}

async fn rows_of_an_account_go_in_parts(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let tree = compiled(json!({"name": "tree", "fields": [
        {"name": "parent", "type": "reference", "collection": "tree", "on_delete": "restrict"},
    ]}));
    let leaves = compiled(json!({"name": "leaves", "fields": []}));
    create(storage, &tree).await;
    create(storage, &leaves).await;
    insert(storage, &tree, first, "root", json!({})).await;
    for id in ["a", "b", "c"] {
        insert(storage, &tree, first, id, json!({"parent": "root"})).await;
    }
    insert(storage, &tree, second, "other", json!({"parent": "other"})).await;
    insert(storage, &leaves, second, "leaf", json!({})).await;
    let all = [&tree.collection, &leaves.collection];
    assert_eq!(storage.read().tables().count_all(&all).await, Ok(6));
    assert_eq!(storage.read().tables().count_all(&[]).await, Ok(0));
    let cut = async |limit| {
        let parent = tree.collection.field("parent").unwrap();
        commit(storage, async |store| {
            store.tables().cut_some(&tree.collection, parent, first.id, limit).await
        })
        .await
    };
    assert_eq!((cut(2).await, cut(2).await, cut(2).await), (2, 1, 0));
    let part = async |limit| {
        commit(storage, async |store| store.tables().delete_some(&tree.collection, first.id, limit).await)
            .await
    };
    assert_eq!((part(3).await, part(3).await, part(3).await), (3, 1, 0));
    assert_eq!(storage.read().tables().count_all(&all).await, Ok(2), "others keep theirs");
}

/// Counts follow everything that makes rows come and go, rolled back or not.
async fn counts_follow_the_rows(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let parents = compiled(json!({"name": "counted_parents", "fields": [{"name": "a", "type": "text"}]}));
    let children = compiled(json!({"name": "counted_children", "fields": [
        {"name": "parent", "type": "reference", "collection": "counted_parents", "on_delete": "cascade"},
    ]}));
    create(storage, &parents).await;
    create(storage, &children).await;
    insert(storage, &parents, first, "1", json!({})).await;
    insert(storage, &parents, second, "2", json!({})).await;
    for id in ["1", "2", "3"] {
        insert(storage, &children, first, id, json!({"parent": "1"})).await;
    }
    insert(storage, &children, second, "4", json!({"parent": "2"})).await;
    // A full page of one row tells nothing of the total.
    let total = async |of: &Arc<Compiled>, account: &Account| {
        let query = ListQuery { skip: 0, limit: 1, sort: Vec::new(), count: true };
        storage.read().records().list(&within(of, account, ""), &query).await.unwrap().1.unwrap()
    };
    assert_eq!((total(&children, first).await, total(&children, second).await), (3, 1));
    assert_eq!(count(storage, &children.collection).await, Ok(4));

    let work = storage.begin().await.unwrap();
    let late = record(&children, first, "5", json!({"parent": "1"}));
    work.repositories().records().insert(&within(&children, first, ""), &late).await.unwrap();
    work.rollback().await.unwrap();
    assert_eq!(total(&children, first).await, 3);

    delete(storage, &parents, first, "1").await.unwrap();
    assert_eq!(count(storage, &children.collection).await, Ok(1), "they went with the parent");
    assert_eq!(total(&children, second).await, 1);
    commit(storage, async |store| store.tables().fold_counts().await).await;
    assert_eq!(count(storage, &children.collection).await, Ok(1));
    commit(storage, async |store| store.tables().delete_some(&children.collection, second.id, 9).await).await;
    assert_eq!(count(storage, &children.collection).await, Ok(0));

    // A table that is made anew begins at nothing.
    insert(storage, &children, second, "6", json!({})).await;
    commit(storage, async |store| {
        store.tables().set_aside(&children.collection, "eeeeeeeeeeee", moment(3)).await
    })
    .await;
    create(storage, &children).await;
    assert_eq!(count(storage, &children.collection).await, Ok(0));
}
