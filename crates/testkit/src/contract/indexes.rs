//! The promises of `RecordTables` and `RecordStore` about the indexes of a collection.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{RowsFound, SchemaDiff, Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::collection::{Collection, FieldName};

use super::records::{create, insert, values};
use super::{commit, is_conflict, refusal, seed};
use crate::builders::{changes, collection, compiled, moment, record, within};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, ..) = seed(&storage).await;
    descriptions_keep_their_indexes(&storage).await;
    values_are_unique_together(&storage, &first, &second).await;
    rows_that_are_in_the_way_are_named(&storage, &first, &second).await;
    every_kind_of_field_is_indexed(&storage, &first).await;
    indexes_follow_names(&storage, &first).await;
    indexes_stand_where_columns_are_replaced(&storage, &first).await;
    no_two_share_a_name(&storage).await;
}

async fn no_two_share_a_name(storage: &Arc<dyn Storage>) {
    for (name, field) in [("post", "tag_name"), ("post_tag", "name"), ("post_tag_name", "account_created")] {
        let unique = json!({"name": field, "type": "text", "unique": true});
        let to = json!({"name": format!("{field}_to"), "type": "reference", "collection": name, "on_delete": "cascade"});
        let indexes = json!([{"name": field, "fields": [field]}]);
        let of = compiled(json!({"name": name, "fields": [unique, to], "indexes": indexes}));
        create(storage, &of).await;
    }
}

async fn alter(storage: &Arc<dyn Storage>, before: &Compiled, after: &Compiled) {
    commit(storage, async |store| store.tables().alter(&diff(before, after)).await).await;
}

fn diff(before: &Compiled, after: &Compiled) -> SchemaDiff {
    SchemaDiff { before: before.collection.clone(), after: after.collection.clone() }
}

/// What refuses a row, if something does.
async fn tried(
    storage: &Arc<dyn Storage>,
    compiled: &Arc<Compiled>,
    account: &Account,
    id: &str,
    body: Json,
) -> Result<(), StoreError> {
    let (row, scope) = (record(compiled, account, id, body), within(compiled, account, ""));
    let work = storage.begin().await.unwrap();
    match work.repositories().records().insert(&scope, &row).await {
        Ok(()) => {
            work.commit().await.unwrap();
            Ok(())
        }
        Err(error) => {
            work.rollback().await.unwrap();
            Err(error)
        }
    }
}

fn taken(fields: &str) -> Result<(), StoreError> {
    Err(StoreError::Conflict { constraint: fields.to_owned() })
}

async fn descriptions_keep_their_indexes(storage: &Arc<dyn Storage>) {
    let described = |indexes: Json| {
        collection(json!({"name": "described", "indexes": indexes, "fields": [
            {"name": "a", "type": "text"}, {"name": "b", "type": "number"},
        ]}))
    };
    let some =
        described(json!([{"fields": ["a", "-b"], "unique": true}, {"name": "x", "fields": ["-created_at"]}]));
    commit(storage, async |store| store.collections().insert(&some, "rules-of-described").await).await;
    let stored = async || storage.read().collections().find(some.id).await.unwrap().unwrap().indexes;
    assert_eq!(stored().await, some.indexes);
    for indexes in [json!([{"fields": ["b"]}]), json!([])] {
        let changed = described(indexes);
        commit(storage, async |store| store.collections().update(&changed).await).await;
        assert_eq!(stored().await, changed.indexes);
    }
}

async fn values_are_unique_together(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let seats = compiled(json!({"name": "seats", "fields": [
        {"name": "row", "type": "text"}, {"name": "seat", "type": "number"},
        {"name": "at", "type": "datetime"}, {"name": "code", "type": "text", "unique": true},
    ], "indexes": [{"fields": ["row", "-seat", "at"], "unique": true}, {"fields": ["seat", "code"], "unique": true}]}));
    create(storage, &seats).await;
    let body = json!({"row": "A", "seat": 1, "at": "2024-01-01T00:00:00Z", "code": "x"});
    insert(storage, &seats, first, "1", body.clone()).await;
    insert(storage, &seats, second, "2", body).await;
    let same_moment = json!({"row": "A", "seat": 1, "at": "2024-01-01T01:00:00+01:00"});
    assert_eq!(tried(storage, &seats, first, "3", same_moment).await, taken("row,seat,at"));
    assert_eq!(tried(storage, &seats, first, "3", json!({"code": "x"})).await, taken("code"));
    // A null has nothing in common with another.
    for id in ["4", "5"] {
        insert(storage, &seats, first, id, json!({"row": "A", "seat": 1})).await;
    }
    let scope = within(&seats, first, "");
    let moved = changes(&seats, json!({"at": "2024-01-01"}));
    let update = async |id: &str| {
        let id = snackbase_domain::RecordId::new(id);
        refusal(storage, async |store| store.records().update(&scope, &id, &moved, 1, "x").await).await
    };
    assert_eq!(update("4").await, StoreError::Conflict { constraint: "row,seat,at".to_owned() });
}

async fn rows_that_are_in_the_way_are_named(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let described = |indexes: Json| {
        compiled(json!({"name": "crowd", "indexes": indexes, "fields": [
            {"name": "a", "type": "text"}, {"name": "b", "type": "boolean"}, {"name": "url", "type": "url"},
        ]}))
    };
    let free = described(json!([]));
    create(storage, &free).await;
    for id in ["1", "2", "3", "4", "5", "6"] {
        insert(storage, &free, first, id, json!({"a": "same", "b": true})).await;
    }
    insert(storage, &free, second, "7", json!({"a": "same", "b": true})).await;
    insert(storage, &free, first, "8", json!({"a": "same"})).await;
    insert(storage, &free, first, "9", json!({"a": "same", "b": false})).await;
    let unique = described(json!([{"fields": ["a", "b"], "unique": true}]));
    let found =
        |count, first: &[&str]| RowsFound { count, first: first.iter().map(|id| (*id).to_owned()).collect() };
    let index = &unique.collection.indexes[0];
    let collisions = async || storage.read().tables().collisions(&free.collection, index).await.unwrap();
    assert_eq!(collisions().await, found(6, &["1", "2", "3", "4", "5"]));
    let error = refusal(storage, async |store| store.tables().alter(&diff(&free, &unique)).await).await;
    assert!(is_conflict(&error), "{error:?}");
    commit(storage, async |store| {
        let scope = within(&free, first, "");
        for id in ["2", "3", "4", "5", "6"] {
            store.records().delete(&scope, &snackbase_domain::RecordId::new(id)).await?;
        }
        Ok(())
    })
    .await;
    assert_eq!(collisions().await, found(0, &[]));
    alter(storage, &free, &unique).await;
    let same = json!({"a": "same", "b": true});
    assert_eq!(tried(storage, &unique, first, "2", same.clone()).await, taken("a,b"));
    // Under the name that it had, one over something else.
    let other = described(json!([{"name": "idx_a_b", "fields": ["b", "url"], "unique": true}]));
    alter(storage, &unique, &other).await;
    insert(storage, &other, first, "2", same).await;
    alter(storage, &other, &free).await;

    // Two texts have half as much room each as one. They are counted in bytes.
    let long = format!("http://x.y/{}", "ü".repeat(495));
    insert(storage, &free, first, "a", json!({"url": long})).await;
    let indexes =
        described(json!([{"fields": ["url"]}, {"fields": ["a", "url"]}])).collection.indexes.clone();
    let overlong =
        async |n: usize| storage.read().tables().overlong(&free.collection, &indexes[n]).await.unwrap();
    assert_eq!(overlong(0).await, found(0, &[]));
    assert_eq!(overlong(1).await, found(1, &["a"]));
}

async fn every_kind_of_field_is_indexed(storage: &Arc<dyn Storage>, first: &Account) {
    let kinds = ["text", "number", "boolean", "datetime", "email", "url", "date"];
    let mut fields: Vec<_> =
        kinds.iter().map(|kind| json!({"name": format!("a_{kind}"), "type": kind})).collect();
    fields.push(json!({"name": "to", "type": "reference", "collection": "kinds", "on_delete": "cascade"}));
    let names: Vec<_> = fields.iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect();
    let down: Vec<_> = names.iter().rev().map(|name| format!("-{name}")).collect();
    let kinds = compiled(json!({"name": "kinds", "fields": fields, "indexes": [
        {"fields": names}, {"fields": down, "unique": true}, {"fields": ["created_by", "-created_at", "updated_at"]},
    ]}));
    create(storage, &kinds).await;
    // As long as texts can be, in all of them at once, and of bytes that do not compress.
    let noise = |n: usize| -> String {
        let mut state = 1u32;
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from(b'a' + u8::try_from(state >> 24).unwrap_or_default() % 26)
            })
            .collect()
    };
    let longest = kinds.collection.indexes[0].text_limit(&kinds.collection.fields);
    let (mail, page) =
        (format!("{}@x.org", noise(longest - 6)), format!("http://x.y/{}", noise(longest - 11)));
    let whole = json!({"a_text": noise(longest), "a_number": 1.5, "a_boolean": true, "a_datetime": "2024-01-01",
        "a_email": mail, "a_url": page, "a_date": "2024-01-01", "to": "1"});
    insert(storage, &kinds, first, "1", whole.clone()).await;
    let names = kinds.collection.indexes[1].fields().join(",");
    assert_eq!(tried(storage, &kinds, first, "2", whole).await, taken(&names));
}

async fn indexes_follow_names(storage: &Arc<dyn Storage>, first: &Account) {
    let described = |name: &str, field: &str| {
        compiled(json!({"name": name, "fields": [
            {"name": field, "type": "date"}, {"name": "b", "type": "number"}, {"name": "gone", "type": "text"},
        ], "indexes": [{"name": "pair", "fields": [field, "b"], "unique": true}, {"name": "lone", "fields": ["gone"]}]}))
    };
    let (before, renamed, moved) =
        (described("walks", "day"), described("walks", "on"), described("paths", "on"));
    let moved = Collection { id: before.collection.id, ..moved.collection.clone() };
    create(storage, &before).await;
    insert(storage, &before, first, "1", json!({"day": "2024-01-01", "b": 1})).await;
    let name = |text: &str| FieldName::parse(text).unwrap();
    let mut narrow = moved.clone();
    narrow.fields.retain(|field| field.name.as_str() != "gone");
    narrow.indexes.retain(|index| index.name.as_str() != "lone");
    commit(storage, async |store| {
        let tables = store.tables();
        tables.rename_field(&before.collection, &renamed.collection, (&name("day"), &name("on"))).await?;
        tables.rename(&renamed.collection, &moved).await?;
        tables.drop_field(&moved, &narrow, moved.field("gone").unwrap()).await
    })
    .await;
    let narrow = Arc::new(Compiled::new(narrow));
    assert_eq!(values(storage, &narrow, first, "1").await.unwrap().len(), 2);
    let twin = json!({"on": "2024-01-01", "b": 1});
    assert_eq!(tried(storage, &narrow, first, "2", twin.clone()).await, taken("on,b"));
    // The former names are free, and the indexes can be dropped under those that they have.
    let another = |id: &str| {
        let id = compiled(json!({"name": id, "fields": []})).collection.id;
        Compiled::new(Collection { id, ..before.collection.clone() })
    };
    let second = another("second_walks");
    create(storage, &second).await;
    let none = Arc::new(Compiled::new(Collection { indexes: Vec::new(), ..narrow.collection.clone() }));
    alter(storage, &narrow, &none).await;
    insert(storage, &none, first, "2", twin).await;
    // A table that is set aside takes its indexes along.
    commit(storage, async |store| {
        store.tables().set_aside(&second.collection, "dddddddddddd", moment(4)).await
    })
    .await;
    create(storage, &another("third_walks")).await;
}

async fn indexes_stand_where_columns_are_replaced(storage: &Arc<dyn Storage>, first: &Account) {
    let described = |on_delete: &str| {
        compiled(json!({"name": "links", "fields": [
            {"name": "to", "type": "reference", "collection": "links", "on_delete": on_delete},
            {"name": "n", "type": "number"},
        ], "indexes": [{"fields": ["n", "to"], "unique": true}]}))
    };
    let (before, after) = (described("cascade"), described("restrict"));
    create(storage, &before).await;
    insert(storage, &before, first, "1", json!({"to": "1", "n": 1})).await;
    alter(storage, &before, &after).await;
    assert_eq!(tried(storage, &after, first, "2", json!({"to": "1", "n": 1})).await, taken("n,to"));
}
