//! What `RecordStore` and `RecordTables` promise about words.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{ListQuery, SchemaDiff, Sort, SortBy, Storage};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::collection::{Collection, FieldName};
use snackbase_domain::record::Value;
use snackbase_rules::Typed;
use snackbase_rules::search::SearchQuery;

use super::records::{create, delete, insert};
use super::tables::same;
use super::{commit, seed};
use crate::builders::{NOW, changes, compiled, condition, everywhere, scope_searching, within};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, ..) = seed(&storage).await;
    words_are_found(&storage, &first, &second).await;
    words_change_with_records(&storage, &first).await;
    fields_become_searchable_and_cease_to_be(&storage, &first).await;
    records_that_go_with_others_are_not_found(&storage, &first).await;
    words_follow_fields_and_tables(&storage, &first).await;
    tables_that_are_set_aside_take_their_words_along(&storage, &first).await;
    words_are_found_through_references(&storage, &first, &second).await;
}

fn books(title: bool, text: bool) -> Arc<Compiled> {
    let field = |name: &str, searchable: bool| json!({"name": name, "type": "text", "options": {"searchable": searchable}});
    compiled(json!({"name": "books", "fields": [
        field("title", title), field("text", text), {"name": "n", "type": "number"}]}))
}

/// The ids of what is found in fields of an account's records, the most relevant first.
async fn found(
    storage: &Arc<dyn Storage>,
    compiled: &Arc<Compiled>,
    account: &Account,
    fields: &[&str],
    words: &str,
) -> Vec<String> {
    let query = SearchQuery::parse(words);
    let fields: Vec<_> = fields.iter().map(|field| (*field).to_owned()).collect();
    let scope = scope_searching(compiled, account, Typed::matches(fields.clone(), query.clone()));
    let by = SortBy::Expression(Typed::relevance(fields, query));
    let query = ListQuery { skip: 0, limit: 100, sort: vec![Sort { by, descending: true }], count: true };
    let (rows, total) = storage.read().records().list(&scope, &query).await.unwrap();
    assert_eq!(Some(rows.len() as u64), total, "{words}");
    let json = storage.read().records().list_json(&scope, &query).await.unwrap();
    assert_eq!(json.total, total, "{words}");
    rows.into_iter().map(|row| row.record.id.to_string()).collect()
}

async fn words_are_found(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let books = books(true, true);
    create(storage, &books).await;
    let add = async |account: &Account, id: &str, body: Json| {
        insert(storage, &books, account, id, body).await;
    };
    add(first, "1", json!({"title": "Café Noir", "text": "The red wine, the white wine & the glass."})).await;
    add(first, "2", json!({"title": "WINE", "text": "wine WINE Wine"})).await;
    add(first, "3", json!({"title": "It's '); DROP TABLE \"x\" -- 漢字", "text": null})).await;
    add(first, "4", json!({"title": null, "n": 4})).await;
    add(first, "5", json!({"title": "x".repeat(5_000), "text": "e-mail 3.14 über"})).await;
    add(second, "6", json!({"title": "wine"})).await;
    let both = ["text", "title"];
    let in_both = async |words: &str| found(storage, &books, first, &both, words).await;
    assert_eq!(in_both("wine").await, ["2", "1"], "by relevance");
    assert_eq!(in_both("cafe WINE").await, ["1"], "in either field");
    assert_eq!(in_both("\"white wine\"").await, ["1"]);
    assert_eq!(in_both("\"wine white\"").await, [""; 0]);
    assert_eq!(in_both("\"noir the\"").await, [""; 0], "a phrase is in one field");
    assert_eq!(in_both("gla*").await, ["1"]);
    assert_eq!(in_both("gla").await, [""; 0]);
    assert_eq!(in_both("\"white w\"*").await, ["1"]);
    assert_eq!(in_both("e-mail uber 3.14").await, ["5"]);
    assert_eq!(in_both("漢字").await, ["3"]);
    assert_eq!(in_both("'); DROP TABLE \"x\" --").await, ["3"], "nothing is an operator");
    for nothing in [
        "",
        "'",
        "\"",
        "*",
        "wine:*b",
        "wine | apples",
        "wine NOT x",
        "(",
        "wine <-> apples",
        "rowid:wine",
        "wine NEAR glass",
    ] {
        assert_eq!(in_both(nothing).await, [""; 0], "{nothing}");
    }
    assert_eq!(in_both("wine*").await.len(), 2);
    assert_eq!(found(storage, &books, first, &["title"], "wine").await, ["2"], "only where it is looked for");
    assert_eq!(found(storage, &books, second, &both, "wine").await, ["6"], "only in the account");
    let all = storage.read().records();
    let scope = within(&books, first, "title @@ 'wine' || n = 4");
    assert_eq!(all.list(&scope, &by_id()).await.unwrap().1, Some(2), "as a condition among others");
    let scope = within(&books, first, "!(text @@ 'wine')");
    assert_eq!(all.list(&scope, &by_id()).await.unwrap().1, Some(3), "no text has no words");
}

fn by_id() -> ListQuery {
    ListQuery {
        skip: 0,
        limit: 100,
        sort: vec![Sort { by: SortBy::Field("id".to_owned()), descending: false }],
        count: true,
    }
}

async fn words_change_with_records(storage: &Arc<dyn Storage>, first: &Account) {
    let books = books(true, true);
    let patch = async |id: &str, body: Json| {
        let changes = changes(&books, body);
        let (scope, id) = (everywhere(&books), RecordId::new(id));
        commit(storage, async |store| store.records().update(&scope, &id, &changes, NOW, "x").await).await;
    };
    let titled = async |words: &str| found(storage, &books, first, &["title", "text"], words).await;
    patch("4", json!({"title": "Fresh apples"})).await;
    assert_eq!(titled("apples").await, ["4"]);
    patch("4", json!({"title": "Old pears"})).await;
    assert_eq!((titled("apples").await, titled("pears").await), (vec![], vec!["4".to_owned()]));
    patch("4", json!({"n": 5})).await;
    assert_eq!(titled("pears").await, ["4"]);
    patch("4", json!({"title": null})).await;
    assert_eq!(titled("pears").await, [""; 0]);
    assert_eq!(delete(storage, &books, first, "2").await, Ok(true));
    assert_eq!(titled("wine").await, ["1"]);
    // What is undone leaves no words.
    let work = storage.begin().await.unwrap();
    let scope = within(&books, first, "");
    let record = crate::builders::record(&books, first, "undone", json!({"title": "plums"}));
    work.repositories().records().insert(&scope, &record).await.unwrap();
    work.rollback().await.unwrap();
    assert_eq!(titled("plums").await, [""; 0]);
}

async fn fields_become_searchable_and_cease_to_be(storage: &Arc<dyn Storage>, first: &Account) {
    let alter = async |before: &Compiled, after: &Compiled| {
        let diff = SchemaDiff { before: before.collection.clone(), after: after.collection.clone() };
        commit(storage, async |store| store.tables().alter(&diff).await).await;
    };
    let (both, title, none) = (books(true, true), books(true, false), books(false, false));
    alter(&both, &title).await;
    assert_eq!(found(storage, &title, first, &["title"], "cafe").await, ["1"]);
    alter(&title, &none).await;
    insert(storage, &none, first, "7", json!({"title": "late WINE", "text": "only"})).await;
    alter(&none, &both).await;
    assert_eq!(found(storage, &both, first, &["text", "title"], "wine").await, ["1", "7"]);
    assert_eq!(found(storage, &both, first, &["text", "title"], "late only").await, ["7"]);
    // A new field is searched, and its default is found.
    let grown = compiled(json!({"name": "books", "fields": [
        {"name": "title", "type": "text", "options": {"searchable": true}},
        {"name": "text", "type": "text", "options": {"searchable": true}},
        {"name": "n", "type": "number"},
        {"name": "mail", "type": "email", "default": "New@example.org", "options": {"searchable": true}},
    ]}));
    alter(&both, &grown).await;
    assert_eq!(
        found(storage, &grown, first, &["mail", "text", "title"], "cafe \"example org\"").await,
        ["1"]
    );
    alter(&grown, &both).await;
}

async fn records_that_go_with_others_are_not_found(storage: &Arc<dyn Storage>, first: &Account) {
    let shelf = compiled(json!({"name": "shelves", "fields": []}));
    let kept = compiled(json!({"name": "kept", "fields": [
        {"name": "title", "type": "text", "options": {"searchable": true}},
        {"name": "shelf", "type": "reference", "collection": "shelves", "on_delete": "cascade"},
    ]}));
    create(storage, &shelf).await;
    create(storage, &kept).await;
    insert(storage, &shelf, first, "s", json!({})).await;
    insert(storage, &kept, first, "k", json!({"title": "wine", "shelf": "s"})).await;
    assert_eq!(found(storage, &kept, first, &["title"], "wine").await, ["k"]);
    assert_eq!(delete(storage, &shelf, first, "s").await, Ok(true));
    assert_eq!(found(storage, &kept, first, &["title"], "wine").await, [""; 0]);
    insert(storage, &kept, first, "k", json!({"title": "beer"})).await;
    assert_eq!(found(storage, &kept, first, &["title"], "beer").await, ["k"]);
    commit(storage, async |store| store.tables().delete_some(&kept.collection, first.id, 10).await).await;
    assert_eq!(found(storage, &kept, first, &["title"], "beer").await, [""; 0]);
}

/// Fields are renamed, converted and dropped, the table gets another name.
async fn words_follow_fields_and_tables(storage: &Arc<dyn Storage>, first: &Account) {
    let described = |fields: Json| compiled(json!({"name": "letters", "fields": fields}));
    let searched = |name: &str, ty: &str| json!({"name": name, "type": ty, "options": {"searchable": true}});
    let before = described(json!([searched("head", "text"), searched("body", "text")]));
    create(storage, &before).await;
    insert(storage, &before, first, "1", json!({"head": "red", "body": "https://example.org/wine"})).await;
    let name = |text: &str| FieldName::parse(text).unwrap();

    let renamed = described(json!([searched("title", "text"), searched("body", "text")]));
    let names = (&name("head"), &name("title"));
    commit(storage, async |store| {
        store.tables().rename_field(&before.collection, &renamed.collection, names).await
    })
    .await;
    assert_eq!(found(storage, &renamed, first, &["body", "title"], "red wine").await, ["1"]);
    insert(storage, &renamed, first, "2", json!({"title": "blue", "body": "beer"})).await;
    assert_eq!(found(storage, &renamed, first, &["body", "title"], "blue beer").await, ["2"]);

    // As a field is converted: into one beside it, which takes its place.
    let beside = json!([searched("title", "text"), searched("body", "text"), searched("fresh", "url")]);
    let wide = described(beside);
    let without = described(json!([searched("title", "text"), searched("fresh", "url")]));
    let url = described(json!([searched("title", "text"), searched("body", "url")]));
    let diff = SchemaDiff { before: renamed.collection.clone(), after: wide.collection.clone() };
    let value = Value::Text("https://example.org/wine".to_owned());
    commit(storage, async |store| {
        let tables = store.tables();
        tables.alter(&diff).await?;
        let fresh = wide.collection.field("fresh").unwrap();
        tables.fill(&wide.collection, fresh, &[(RecordId::new("1"), value.clone())]).await?;
        let body = wide.collection.field("body").unwrap();
        tables.drop_field(&wide.collection, &without.collection, body).await?;
        tables.rename_field(&without.collection, &url.collection, (&name("fresh"), &name("body"))).await
    })
    .await;
    assert_eq!(found(storage, &url, first, &["body", "title"], "red wine").await, ["1"]);
    assert_eq!(found(storage, &url, first, &["body", "title"], "beer").await, [""; 0]);

    let moved = compiled(json!({"name": "mails", "fields": [
        searched("title", "text"), searched("body", "url")]}));
    let moved = same(&url, &moved);
    commit(storage, async |store| store.tables().rename(&url.collection, &moved.collection).await).await;
    assert_eq!(found(storage, &moved, first, &["body", "title"], "red wine").await, ["1"]);
    insert(storage, &moved, first, "3", json!({"title": "green"})).await;
    assert_eq!(found(storage, &moved, first, &["title"], "green").await, ["3"]);
    assert_eq!(delete(storage, &moved, first, "3").await, Ok(true));
    assert_eq!(found(storage, &moved, first, &["title"], "green").await, [""; 0]);

    let rest = compiled(json!({"name": "mails", "fields": [searched("body", "url")]}));
    let rest = same(&url, &rest);
    let none = compiled(json!({"name": "mails", "fields": [{"name": "n", "type": "number"}]}));
    let none = same(&url, &none);
    commit(storage, async |store| {
        let title = moved.collection.field("title").unwrap();
        store.tables().drop_field(&moved.collection, &rest.collection, title).await
    })
    .await;
    assert_eq!(found(storage, &rest, first, &["body"], "wine").await, ["1"]);
    commit(storage, async |store| {
        let diff = SchemaDiff { before: rest.collection.clone(), after: none.collection.clone() };
        let both = Collection {
            fields: rest.collection.fields.iter().chain(&none.collection.fields).cloned().collect(),
            ..rest.collection.clone()
        };
        store.tables().alter(&SchemaDiff { after: both.clone(), ..diff }).await?;
        let body = rest.collection.field("body").unwrap();
        store.tables().drop_field(&both, &none.collection, body).await
    })
    .await;
    insert(storage, &none, first, "4", json!({"n": 4})).await;
}

async fn tables_that_are_set_aside_take_their_words_along(storage: &Arc<dyn Storage>, first: &Account) {
    let notes = compiled(json!({"name": "notes", "fields": [
        {"name": "title", "type": "text", "options": {"searchable": true}}]}));
    create(storage, &notes).await;
    for id in ["1", "2", "3"] {
        insert(storage, &notes, first, id, json!({"title": "wine"})).await;
    }
    let revision = "dddddddddddd";
    commit(storage, async |store| {
        store.tables().set_aside(&notes.collection, revision, crate::builders::moment(4)).await
    })
    .await;
    create(storage, &notes).await;
    insert(storage, &notes, first, "4", json!({"title": "beer"})).await;
    assert_eq!(found(storage, &notes, first, &["title"], "wine").await, [""; 0]);
    let part = async || commit(storage, async |store| store.tables().remove_aside(revision, 2).await).await;
    let mut parts = 0;
    while !part().await {
        parts += 1;
        assert!(parts < 10, "it comes to an end");
    }
    assert!(part().await, "gone is gone");
    assert_eq!(found(storage, &notes, first, &["title"], "beer").await, ["4"]);
}

async fn words_are_found_through_references(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let writers = compiled(json!({"name": "writers", "fields": [
        {"name": "name", "type": "text", "options": {"searchable": true}}]}));
    let works = compiled(json!({"name": "works", "fields": [
        {"name": "title", "type": "text", "options": {"searchable": true}},
        {"name": "by", "type": "reference", "collection": "writers", "on_delete": "set_null"}]}));
    create(storage, &writers).await;
    create(storage, &works).await;
    insert(storage, &writers, first, "ada", json!({"name": "Ada Noël"})).await;
    insert(storage, &writers, first, "bo", json!({"name": "Bo"})).await;
    insert(storage, &writers, second, "eve", json!({"name": "Ada Eve"})).await;
    for (id, by) in [("1", Some("ada")), ("2", Some("bo")), ("3", None), ("4", Some("eve"))] {
        insert(storage, &works, first, id, json!({"title": "ada", "by": by})).await;
    }
    let of = async |rule: &str| {
        let rule = condition(&works, &[&writers, &works], rule);
        let scope = scope_searching(&works, first, rule);
        let (rows, _) = storage.read().records().list(&scope, &by_id()).await.unwrap();
        rows.into_iter().map(|row| row.record.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(of("by.name @@ 'noel ada'").await, ["1"]);
    assert_eq!(of("by.name @@ 'a*' || title @@ 'x'").await, ["1"]);
    assert_eq!(of("!(by.name @@ 'ada')").await, ["2"], "nobody has no name");
    assert_eq!(of("title @@ 'ada' && by IS NULL").await, ["3"]);
}
