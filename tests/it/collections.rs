//! Collections as files, on several nodes, and on their way out.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server, skipped};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    an_export_with_records_can_be_imported_elsewhere,
    an_import_says_what_became_of_each_collection,
    a_deleted_collection_is_gone_at_once_with_its_name_free,
    a_collection_has_as_many_fields_as_databases_take,
    a_table_that_a_stop_left_behind_is_dropped_at_the_next_start,
);

const COLLECTIONS: &str = "/api/v1/collections";

fn reference(name: &str, to: &str, on_delete: &str) -> Value {
    json!({ "name": name, "type": "reference", "collection": to, "on_delete": on_delete })
}

async fn import(superadmin: &Client, collections: Value, strategy: &str) -> Reply {
    let data = json!({ "exported_at": "x", "exported_by": "x", "collections": collections });
    superadmin
        .post(&format!("{COLLECTIONS}/import"), json!({ "data": data, "strategy": strategy }))
        .await
        .expect(200)
}

async fn an_export_with_records_can_be_imported_elsewhere(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let everything = json!([
        { "name": "title", "type": "text", "required": true, "unique": true },
        { "name": "n", "type": "number" }, { "name": "flag", "type": "boolean" },
        { "name": "at", "type": "datetime" }, { "name": "day", "type": "date" },
        { "name": "tree", "type": "json" }, { "name": "mail", "type": "email", "pii": true },
        { "name": "twice", "type": "computed", "expression": "n * 2", "return_type": "number" },
        reference("parent", "notes", "cascade"),
    ]);
    add_collection(
        &superadmin,
        "notes",
        everything,
        json!({ "list_rule": "n > 0", "update_fields": "[\"n\"]" }),
    )
    .await;
    add_collection(&superadmin, "tags", json!([reference("of", "notes", "restrict")]), json!({})).await;
    let (acme, gone) = (
        Tenant::create(&server, &superadmin, "Acme").await,
        Tenant::create(&server, &superadmin, "Gone").await,
    );
    let mut parent = Value::Null;
    for tenant in [&acme, &gone] {
        for n in 0..3 {
            let note = json!({
                "title": format!("it's {n}"), "n": n, "flag": n == 1, "at": "2024-01-01T00:00:00+02:00",
                "day": "2024-02-29", "tree": { "b": [1, null], "a": "\"" }, "mail": "a@b.cd",
                "parent": if n == 0 { &Value::Null } else { &parent },
            });
            parent = tenant.user.post("/api/v1/records/notes", note).await.expect(201).body["id"].clone();
        }
        tenant.user.post("/api/v1/records/tags", json!({ "of": parent })).await.expect(201);
    }
    let path = format!("{COLLECTIONS}/export?include_records=true");
    let file = superadmin.get(&path).await.expect(200);
    assert!(
        file.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment; filename=collections_export_")
    );
    let without = superadmin.get(&format!("{COLLECTIONS}/export")).await.expect(200);
    assert_eq!(without.body["collections"][0].get("records"), None);
    assert_eq!(file.body["collections"][0]["records"].as_array().unwrap().len(), 6);
    superadmin.delete(&format!("/api/v1/accounts/{}", gone.id)).await.expect(204);

    // Only what goes can come again: the account must be here.
    for name in ["tags", "notes"] {
        let id = superadmin.get(&format!("{COLLECTIONS}?search={name}")).await.items()[0]["id"].clone();
        superadmin.delete(&format!("{COLLECTIONS}/{}", id.as_str().unwrap())).await.expect(200);
    }
    let data = file.body.clone();
    let done = superadmin.post(&format!("{COLLECTIONS}/import"), json!({ "data": data })).await.expect(200);
    let text = "Collection created successfully";
    assert_eq!(
        done.body["collections"],
        json!([
            { "name": "notes", "status": "imported", "message": format!("{text} (3 records, 3 skipped)") },
            { "name": "tags", "status": "imported", "message": format!("{text} (1 records, 1 skipped)") },
        ])
    );
    let again = superadmin.get(&path).await.expect(200);
    for (old, new) in [0, 1].map(|n| (&file.body["collections"][n], &again.body["collections"][n])) {
        for key in ["name", "schema", "rules"] {
            assert_eq!(old[key], new[key]);
        }
        let mine = |file: &Value| -> Vec<Value> {
            let records = file["records"].as_array().unwrap().iter();
            records.filter(|record| record["account_id"] == *acme.id).cloned().collect()
        };
        assert_eq!(mine(old), mine(new), "as it was");
    }
    let log = superadmin.get("/api/v1/audit-logs?table_name=col_notes&operation=CREATE").await.expect(200);
    assert!(log.body["total"].as_u64().unwrap() > 6, "imported records are in the audit log");
    server.assert_ready().await;
}

async fn an_import_says_what_became_of_each_collection(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let text = |name: &str| json!({ "name": name, "type": "text" });
    let named = |name: &str, schema: Value| json!({ "name": name, "schema": schema, "rules": {} });
    // A circle, one that hangs on it, and two that hang on what is not there.
    let circle = json!([
        named("late", json!([reference("to", "missing", "cascade")])),
        named("later", json!([reference("to", "late", "cascade")])),
        named("third", json!([reference("to", "one", "cascade")])),
        {
            "name": "one", "schema": [reference("to", "two", "set_null"), text("a")],
            "rules": { "view_rule": "to.to.a = \"1\"" },
        },
        {
            "name": "two", "schema": [reference("to", "one", "restrict")],
            "rules": { "list_rule": "to.a != \"x\"", "update_check_rule": "to.to.id = id" },
        },
        named("x", json!([text("a")])),
        named("bad", json!([text("id")])),
    ]);
    let done = import(&superadmin, circle.clone(), "error").await;
    let outcome = |reply: &Reply| -> Vec<String> {
        let each = reply.body["collections"].as_array().unwrap().iter();
        each.map(|entry| {
            format!("{}: {}", entry["name"].as_str().unwrap(), entry["message"].as_str().unwrap())
        })
        .collect()
    };
    let missing = |name: &str| {
        format!("Validation failed: schema[0].collection: Target collection '{name}' does not exist")
    };
    assert_eq!(
        outcome(&done),
        [
            format!("late: {}", missing("missing")),
            format!("later: {}", missing("late")),
            "one: Collection created successfully".to_owned(),
            "two: Collection created successfully".to_owned(),
            "third: Collection created successfully".to_owned(),
            "x: Validation failed: name: Collection name must be at least 3 characters".to_owned(),
            "bad: Validation failed: schema[0].name: Field name 'id' is reserved and cannot be used"
                .to_owned(),
        ]
    );
    assert_eq!((&done.body["success"], &done.body["failed_count"]), (&json!(false), &json!(4)));
    assert_eq!(done.body["migrations_created"].as_array().unwrap().len(), 3);
    let rules = superadmin.get(&format!("{COLLECTIONS}/two/rules")).await.expect(200);
    assert_eq!(rules.str("list_rule"), "to.a != \"x\"", "a rule looks into the circle");
    // A circle with a bad member fails as a whole.
    let blind = json!([
        named("here", json!([reference("to", "there", "set_null")])),
        {
            "name": "there", "schema": [reference("to", "here", "set_null")],
            "rules": { "list_rule": "to.nosuch = 1" },
        },
    ]);
    let done = import(&superadmin, blind, "error").await;
    assert_eq!(done.body["failed_count"], 2);
    assert!(outcome(&done).iter().any(|told| told.starts_with("there: Invalid list_rule")), "{}", done.text);
    let broken = json!([
        named("left", json!([reference("to", "right", "set_null")])),
        named("right", json!([reference("to", "left", "set_null"), text("created_at")])),
    ]);
    let done = import(&superadmin, broken, "error").await;
    assert_eq!(done.body["failed_count"], 2);
    assert!(outcome(&done).contains(&format!("left: {}", missing("right"))), "{:?}", outcome(&done));
    // Rules that are there are set, after the fields.
    let update = json!([{
        "name": "one", "schema": [reference("to", "two", "set_null"), text("a"), text("b")],
        "rules": { "view_rule": "b = \"1\"", "list_fields": "[\"a\"]" },
    }]);
    assert_eq!(outcome(&import(&superadmin, update, "update").await), ["one: Collection schema updated"]);
    let rules = superadmin.get(&format!("{COLLECTIONS}/one/rules")).await.expect(200);
    assert_eq!((rules.str("view_rule"), rules.str("list_fields")), ("b = \"1\"", "[\"a\"]"));
    let shrunk = json!([named("one", json!([reference("to", "two", "set_null"), text("a")]))]);
    let done = import(&superadmin, shrunk, "update").await;
    assert_eq!(
        outcome(&done),
        ["one: Schema validation failed: b: Field deletion is not allowed for data safety"]
    );
    let skipped = import(&superadmin, json!([named("one", json!([text("z")]))]), "skip").await;
    assert_eq!(outcome(&skipped), ["one: Collection already exists"]);
    // Records that do not fit leave no collection behind.
    let record = json!({
        "id": "1", "account_id": "00000000-0000-0000-0000-000000000000", "created_by": "x", "updated_by": "x",
        "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z",
    });
    for (key, value, message) in [
        ("a", json!(1), "a: Expected text value, got int"),
        ("b", json!(1), "b: Unknown field not defined in collection schema"),
        ("created_at", json!("soon"), "created_at: A time in ISO 8601 is expected"),
        ("account_id", json!("me"), "account_id: An id is expected"),
        ("up", json!("nobody"), "up: Referenced record 'nobody' not found in collection 'with'"),
    ] {
        let mut record = record.clone();
        record[key] = value;
        let with = json!([{
            "name": "with", "schema": [text("a"), reference("up", "with", "cascade")], "rules": {}, "records": [record],
        }]);
        let done = import(&superadmin, with, "error").await;
        assert_eq!(outcome(&done), [format!("with: Validation failed: records[0].{message}")]);
    }
    superadmin.get(&format!("{COLLECTIONS}/with/rules")).await.expect(404);
    server.assert_ready().await;
}

/// The most fields, of the type with the most columns, hold a whole record.
async fn a_collection_has_as_many_fields_as_databases_take(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let fields = |count: usize| -> Vec<Value> {
        (0..count).map(|n| json!({ "name": format!("f{n}"), "type": "datetime" })).collect()
    };
    let said = |prefix: &str, count: usize| {
        format!("{prefix}: schema: Collection cannot have more than 200 fields (found {count})")
    };
    for count in [201, 3000] {
        let body = json!({ "name": "wide", "schema": fields(count) });
        let refused = superadmin.post("/api/v1/collections", body).await.expect(400);
        assert_eq!(refused.str("message"), said("Validation failed", count));
        let file = json!([{ "name": "wide", "schema": fields(count), "rules": {} }]);
        let reply = import(&superadmin, file, "error").await;
        assert!(reply.text.contains(&said("Validation failed", count)), "{}", reply.text);
    }
    let id = add_collection(&superadmin, "wide", json!(fields(200)), json!({})).await;
    let path = format!("/api/v1/collections/{id}");
    let refused = superadmin.put(&path, json!({ "schema": fields(201) })).await.expect(400);
    assert!(
        refused.text.contains("Collection cannot have more than 200 fields (found 201)"),
        "{}",
        refused.text
    );
    superadmin.put(&path, json!({ "schema": fields(200) })).await.expect(200);

    let moment = "2024-02-29T23:59:59.999999+05:30";
    let record: Value =
        (0..200).map(|n| (format!("f{n}"), json!(moment))).collect::<serde_json::Map<_, _>>().into();
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let made = tenant.user.post("/api/v1/records/wide", record).await.expect(201);
    assert_eq!(made.body["f199"], moment);
}

async fn a_deleted_collection_is_gone_at_once_with_its_name_free(database: Database) {
    const RECORDS: u64 = 3000;
    let server = Server::start_with(database, &[("BATCH_MAX_SIZE", "1000")]);
    let superadmin = server.superadmin().await;
    let schema =
        json!([{ "name": "title", "type": "text", "unique": true }, reference("up", "notes", "restrict")]);
    for round in 0..2 {
        let id = add_collection(&superadmin, "notes", schema.clone(), json!({})).await;
        let first = superadmin.post("/api/v1/records/notes", json!({})).await.expect(201).body["id"].clone();
        for _ in 0..RECORDS / 1000 {
            let batch = json!({ "records": vec![json!({ "up": first }); 1000] });
            superadmin.post("/api/v1/records/notes/batch", batch).await.expect(201);
        }
        let gone = superadmin.delete(&format!("{COLLECTIONS}/{id}")).await.expect(200);
        assert_eq!(gone.body["records_deleted"], RECORDS + 1, "round {round}");
        assert_eq!(gone.str("migration_revision").len(), 12);
        superadmin.delete(&format!("{COLLECTIONS}/{id}")).await.expect(404);
        superadmin.get("/api/v1/records/notes").await.expect(404);
    }
    let left = server.services().storage.read().tables().aside().await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

async fn a_table_that_a_stop_left_behind_is_dropped_at_the_next_start(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([{ "name": "title", "type": "text" }]);
    add_collection(&superadmin, "notes", schema.clone(), json!({})).await;
    superadmin.post("/api/v1/records/notes", json!({ "title": "x" })).await.expect(201);
    // The first of the two steps of a deletion, and no more.
    let stopped = server.stop_after(async |services| {
        let work = services.storage.begin().await.unwrap();
        let store = work.repositories();
        let all = store.collections().all().await.unwrap();
        store.tables().set_aside(&all[0], "abcdef012345", services.clock.now()).await.unwrap();
        store.collections().delete(all[0].id).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(services.storage.read().tables().aside().await.unwrap(), ["abcdef012345"]);
    });
    let server = Server::start_again(stopped.await, &[]);
    let superadmin = server.superadmin().await;
    superadmin.get("/api/v1/records/notes").await.expect(404);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    assert_eq!(superadmin.get("/api/v1/records/notes").await.expect(200).body["total"], 0);
    for _ in 0..200 {
        if server.services().storage.read().tables().aside().await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the table is left");
}

/// Two servers on one database of PostgreSQL.
async fn nodes(test: &str) -> Option<(Server, Server)> {
    let Some(database) = Database::postgres().await else {
        skipped(test, "TEST_POSTGRES_URL names no PostgreSQL server");
        return None;
    };
    let first = Server::start(database);
    let second = first.beside(&[]);
    Some((first, second))
}

/// Waits until something holds, for a second.
async fn within_a_second(what: &str, holds: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < Duration::from_secs(1), "{what}: not within a second");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_node_follows_the_changes_of_another_within_a_second() {
    let Some((a, b)) = nodes("collections: nodes").await else { return };
    let (at_a, at_b) = (a.superadmin().await, b.superadmin().await);
    let text = |name: &str| json!({ "name": name, "type": "text" });
    let acme = Tenant::create(&b, &at_b, "Acme").await;
    let id = add_collection(&at_a, "notes", json!([text("title")]), json!({})).await;
    const NOTES: &str = "/api/v1/records/notes";
    within_a_second("a new collection", async || at_b.get(NOTES).await.status == 200).await;
    let path = format!("{COLLECTIONS}/{id}");
    at_a.put(&path, json!({ "schema": [text("title"), text("more")] })).await.expect(200);
    let both = json!({ "title": "1", "more": "2" });
    within_a_second("a new field", async || at_b.post(NOTES, both.clone()).await.status == 201).await;
    acme.user.get(NOTES).await.expect(200);
    at_a.put(&format!("{COLLECTIONS}/notes/rules"), json!({ "list_rule": null })).await.expect(200);
    within_a_second("a rule", async || acme.user.get(NOTES).await.status == 403).await;
    at_a.delete(&path).await.expect(200);
    within_a_second("a deletion", async || at_b.get(NOTES).await.status == 404).await;
    // A writer is never told of what is in between, however it meets the changes.
    for round in 0..5 {
        let id = add_collection(&at_a, "brief", json!([text("title")]), json!({})).await;
        within_a_second("again", async || at_b.get("/api/v1/records/brief").await.status == 200).await;
        let writes = (0..20).map(|_| at_b.post("/api/v1/records/brief", json!({ "title": "x" })));
        let path = format!("{COLLECTIONS}/{id}");
        let (_, replies) = tokio::join!(at_a.delete(&path), join_all(writes));
        for reply in replies {
            assert!([201, 404].contains(&reply.status), "round {round}: {} {}", reply.status, reply.text);
        }
    }
}

#[tokio::test]
async fn schemas_changed_at_two_nodes_at_once_lose_nothing() {
    let Some((a, b)) = nodes("collections: nodes at once").await else { return };
    let (at_a, at_b) = (a.superadmin().await, b.superadmin().await);
    let schema = json!([{ "name": "t", "type": "text" }]);
    let make = async |client: &Client, node: &str| {
        for n in 0..10 {
            add_collection(client, &format!("made_{node}_{n}"), schema.clone(), json!({})).await;
        }
    };
    add_collection(&at_a, "shared", schema.clone(), json!({})).await;
    let rule = async |client: &Client, key: &str| {
        for n in 0..10 {
            let rules = json!({ key: format!("t = \"{n}\"") });
            client.put(&format!("{COLLECTIONS}/shared/rules"), rules).await.expect(200);
        }
    };
    within_a_second("the shared one", async || at_b.get("/api/v1/records/shared").await.status == 200).await;
    tokio::join!(make(&at_a, "a"), make(&at_b, "b"), rule(&at_a, "list_rule"), rule(&at_b, "view_rule"));
    let rules = at_a.get(&format!("{COLLECTIONS}/shared/rules")).await.expect(200);
    assert_eq!((rules.str("list_rule"), rules.str("view_rule")), ("t = \"9\"", "t = \"9\""));
    for client in [&at_a, &at_b] {
        let all = async || {
            let names =
                ["a", "b"].map(|node| (0..10).map(move |n| format!("/api/v1/records/made_{node}_{n}")));
            let replies = join_all(
                names.into_iter().flatten().map(|path| async move { client.get(&path).await.status }),
            );
            replies.await.into_iter().all(|status| status == 200)
        };
        within_a_second("all of them", all).await;
    }
}
