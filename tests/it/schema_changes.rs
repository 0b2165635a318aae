//! Collections change beneath their records.

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    names_change_with_all_that_mentions_them,
    values_are_converted_all_or_none,
    what_is_used_is_not_dropped,
    a_required_field_gets_its_values,
);

fn text(name: &str) -> Value {
    json!({ "name": name, "type": "text" })
}

struct Stage {
    _server: Server,
    superadmin: Client,
    acme: Tenant,
    path: String,
}

impl Stage {
    async fn new(database: Database, schema: Value, rules: Value) -> Self {
        let server = Server::start(database);
        let superadmin = server.superadmin().await;
        let id = add_collection(&superadmin, "notes", schema, rules).await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        Self { _server: server, superadmin, acme, path: format!("/api/v1/collections/{id}") }
    }

    async fn change(&self, changes: Value, dry_run: bool) -> Reply {
        let body = json!({ "changes": changes, "dry_run": dry_run });
        self.superadmin.post(&format!("{}/changes", self.path), body).await
    }

    async fn refused(&self, change: Value, status: u16, message: &str) {
        let before = self.superadmin.get(&self.path).await.expect(200).body;
        let reply = self.change(json!([change]), false).await.expect(status);
        assert_eq!(reply.str("message"), message);
        assert_eq!(self.superadmin.get(&self.path).await.expect(200).body, before, "nothing changed");
    }

    async fn add(&self, record: Value) -> String {
        self.acme.user.post("/api/v1/records/notes", record).await.expect(201).str("id").to_owned()
    }

    async fn each(&self, collection: &str, key: &str) -> Vec<Value> {
        let path = format!("/api/v1/records/{collection}?sort=%2Bcreated_at");
        self.acme.user.get(&path).await.expect(200).each(key)
    }
}

async fn names_change_with_all_that_mentions_them(database: Database) {
    let schema = json!([
        text("title"), { "name": "at", "type": "datetime", "unique": true },
        { "name": "loud", "type": "computed", "expression": "upper(title)", "return_type": "text" },
        { "name": "up", "type": "reference", "collection": "notes", "on_delete": "cascade" },
    ]);
    let rules = json!({
        "list_rule": "title != \"secret\" || created_by = @request.auth.id",
        "create_rule": "@request.data.title != \"no\"",
        "list_fields": "[\"title\",\"loud\",\"up\"]",
    });
    let stage = Stage::new(database, schema, rules).await;
    let tags = json!([{ "name": "of", "type": "reference", "collection": "notes", "on_delete": "restrict" }]);
    add_collection(
        &stage.superadmin,
        "tags",
        tags,
        json!({ "view_rule": "@has_permission(\"view\", \"notes\")" }),
    )
    .await;
    let first = stage.add(json!({ "title": "a", "at": "2024-01-01" })).await;
    stage.add(json!({ "title": "b", "up": first })).await;
    stage.acme.user.post("/api/v1/records/tags", json!({ "of": first })).await.expect(201);
    let changes = json!([
        { "op": "rename_field", "from": "title", "to": "name" },
        { "op": "rename_field", "from": "at", "to": "since" },
        { "op": "rename_field", "from": "up", "to": "parent" },
        { "op": "rename_field", "from": "loud", "to": "shout" },
        { "op": "rename_collection", "to": "Papers" },
    ]);
    let told = stage.change(changes.clone(), true).await.expect(200);
    assert_eq!((&told.body["dry_run"], &told.body["migration_revision"]), (&json!(true), &Value::Null));
    assert_eq!(told.body["changes"].as_array().unwrap().len(), 5);
    assert_eq!(stage.each("notes", "title").await, ["a", "b"], "a dry run changes nothing");
    let done = stage.change(changes, false).await.expect(200);
    assert_eq!(done.body["collection"]["name"], "Papers");
    assert_eq!(done.body["collection"]["schema"], told.body["collection"]["schema"]);
    assert_eq!(done.str("migration_revision").len(), 12);
    assert_eq!(stage.each("Papers", "name").await, ["a", "b"]);
    assert_eq!(stage.each("Papers", "shout").await, ["A", "B"]);
    stage.acme.user.get("/api/v1/records/notes").await.expect(403);
    let rules = stage.superadmin.get("/api/v1/collections/Papers/rules").await.expect(200);
    assert_eq!(rules.str("list_rule"), "name != \"secret\" || created_by = @request.auth.id");
    assert_eq!(rules.str("create_rule"), "@request.data.name != \"no\"");
    assert_eq!(rules.str("list_fields"), "[\"name\",\"shout\",\"parent\"]");
    let rules = stage.superadmin.get("/api/v1/collections/tags/rules").await.expect(200);
    assert_eq!(rules.str("view_rule"), "@has_permission(\"view\", \"Papers\")");
    stage.acme.user.post("/api/v1/records/Papers", json!({ "name": "no" })).await.expect(400);
    // Uniqueness and references hold as before, under the new names.
    let twin = json!({ "name": "c", "since": "2024-01-01T00:00:00Z" });
    let refused = stage.acme.user.post("/api/v1/records/Papers", twin).await.expect(400);
    assert_eq!(refused.body["details"][0]["field"], "since");
    stage.acme.user.delete(&format!("/api/v1/records/Papers/{first}")).await.expect(409);
    let log =
        stage.superadmin.get("/api/v1/audit-logs?table_name=collections&operation=UPDATE").await.expect(200);
    assert!(log.items().iter().any(|entry| entry["column_name"] == "name" && entry["new_value"] == "Papers"));
    // The name is free, and nothing is in the way of another one.
    add_collection(&stage.superadmin, "notes", json!([text("title")]), json!({})).await;
    assert_eq!(stage.each("notes", "title").await, Vec::<Value>::new());
    // A macro names the table in its own text, so it is not pulled away from under it.
    let reads = json!({ "name": "some_notes", "sql_query": "SELECT count(*) FROM (SELECT id FROM \"col_papers\" p) AS x" });
    stage.superadmin.post("/api/v1/macros", reads).await.expect(201);
    let moved = json!({ "op": "rename_collection", "to": "letters" });
    stage.refused(moved, 409, "Table 'col_papers' is read by: macro 'some_notes'").await;
    let taken = json!({ "op": "rename_collection", "to": "NOTES" });
    stage.refused(taken, 409, "Collection 'NOTES' already exists").await;
}

async fn values_are_converted_all_or_none(database: Database) {
    let schema = json!([{ "name": "n", "type": "text", "unique": true }, text("other")]);
    let stage = Stage::new(database, schema, json!({})).await;
    let mut ids = Vec::new();
    for n in ["1", "2.50", "three", ""] {
        ids.push(stage.add(json!({ "n": n })).await);
    }
    stage.add(json!({ "n": null })).await;
    // Statements are prepared for the former type on many connections.
    for _ in 0..3 {
        let path = "/api/v1/records/notes?sort=%2Bcreated_at";
        futures_util::future::join_all((0..20).map(|_| stage.acme.user.get(path))).await;
    }
    let to_number = json!({ "op": "change_type", "field": "n", "type": "number", "unique": true });
    let told = stage.change(json!([to_number]), true).await.expect(200);
    let step = &told.body["changes"][0];
    assert_eq!(step["description"], "Convert field 'n' from text to number");
    assert_eq!((&step["rows_affected"], &step["unconvertible_count"]), (&json!(2), &json!(2)));
    let mut named: Vec<_> =
        step["unconvertible"].as_array().unwrap().iter().map(|u| u["record_id"].clone()).collect();
    named.sort_by_key(ToString::to_string);
    let mut expected = vec![json!(ids[2]), json!(ids[3])];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(named, expected);
    let refused = stage.change(json!([to_number]), false).await.expect(400);
    assert!(
        refused.str("message").starts_with("Convert field 'n' from text to number: 2 values do not convert")
    );
    assert_eq!(
        stage.each("notes", "n").await,
        [json!("1"), json!("2.50"), json!("three"), json!(""), Value::Null]
    );
    for (id, n) in [(&ids[2], "3"), (&ids[3], "2.5")] {
        stage.acme.user.patch(&format!("/api/v1/records/notes/{id}"), json!({ "n": n })).await.expect(200);
    }
    // Two texts, one number.
    stage.refused(to_number.clone(), 409, "Field 'n' would have a value twice").await;
    stage.acme.user.delete(&format!("/api/v1/records/notes/{}", ids[3])).await.expect(204);
    stage.change(json!([to_number]), false).await.expect(200);
    for _ in 0..20 {
        assert_eq!(stage.each("notes", "n").await, [json!(1), json!(2.5), json!(3), Value::Null]);
    }
    stage.acme.user.post("/api/v1/records/notes", json!({ "n": 3 })).await.expect(400);
    let found = stage.acme.user.get("/api/v1/records/notes?filter=n %3E 2&sort=-n").await.expect(200);
    assert_eq!(found.each("n"), [json!(3), json!(2.5)]);
    // A time and back, with its second column; then a reference.
    let convert = |ty: &str| json!([{ "op": "change_type", "field": "other", "type": ty }]);
    let id = stage.add(json!({ "other": "2024-02-29", "n": 9 })).await;
    for ty in ["date", "datetime", "json", "text"] {
        stage.change(convert(ty), false).await.expect(200);
    }
    let found = stage.acme.user.get(&format!("/api/v1/records/notes/{id}")).await.expect(200);
    assert_eq!(found.body["other"], "2024-02-29");
    stage
        .acme
        .user
        .patch(&format!("/api/v1/records/notes/{id}"), json!({ "other": ids[0] }))
        .await
        .expect(200);
    let reference = json!([{ "op": "change_type", "field": "other", "type": "reference", "collection": "notes", "on_delete": "restrict" }]);
    stage.change(reference, false).await.expect(200);
    stage.acme.user.delete(&format!("/api/v1/records/notes/{}", ids[0])).await.expect(409);
}

async fn what_is_used_is_not_dropped(database: Database) {
    let schema = json!([
        text("a"), text("b"), text("c"), { "name": "at", "type": "date" },
        { "name": "up", "type": "reference", "collection": "notes", "on_delete": "cascade" },
        { "name": "both", "type": "computed", "expression": "concat(a, b)", "return_type": "text" },
    ]);
    let rules = json!({ "list_rule": "b != \"x\"", "view_fields": "[\"c\",\"a\"]" });
    let stage = Stage::new(database, schema, rules).await;
    let first = stage.add(json!({ "a": "1", "b": "1", "c": "3", "at": "2024-01-01" })).await;
    stage.add(json!({ "b": "2", "up": first })).await;
    let drop = |field: &str| json!({ "op": "drop_field", "field": field, "confirm": true });
    let used = "Field 'b' is used by: list_rule of 'notes', computed field 'both' of 'notes'";
    stage.refused(drop("b"), 409, used).await;
    stage.refused(drop("z"), 400, "Collection 'notes' has no field 'z'").await;
    let unconfirmed = json!([{ "op": "drop_field", "field": "c" }]);
    stage.change(unconfirmed, false).await.expect(422);
    let done =
        stage.change(json!([drop("both"), drop("c"), drop("at"), drop("up")]), false).await.expect(200);
    assert_eq!(
        done.body["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["rows_affected"].clone())
            .collect::<Vec<_>>(),
        [0, 1, 1, 1]
    );
    let rules = stage.superadmin.get("/api/v1/collections/notes/rules").await.expect(200);
    assert_eq!(rules.str("view_fields"), "[\"a\"]");
    assert_eq!(stage.each("notes", "a").await, [json!("1"), Value::Null]);
    stage.acme.user.post("/api/v1/records/notes", json!({ "c": "1" })).await.expect(400);
    // A list of renames may pass a name on.
    let swap = json!([
        { "op": "rename_field", "from": "a", "to": "t" }, { "op": "rename_field", "from": "b", "to": "a" },
        { "op": "rename_field", "from": "t", "to": "b" },
    ]);
    stage.change(swap, false).await.expect(200);
    assert_eq!(stage.each("notes", "b").await, [json!("1"), Value::Null]);
    stage
        .refused(json!({ "op": "rename_field", "from": "a", "to": "B" }), 409, "Field 'B' already exists")
        .await;
    stage
        .refused(
            json!({ "op": "rename_field", "from": "a", "to": "id" }),
            400,
            "'id' cannot be a field's name",
        )
        .await;
}

async fn a_required_field_gets_its_values(database: Database) {
    let stage = Stage::new(database, json!([text("a"), { "name": "n", "type": "number" }]), json!({})).await;
    for n in 0..3 {
        stage.add(if n == 1 { json!({ "a": "x", "n": 1 }) } else { json!({ "a": "y" }) }).await;
    }
    let require = |backfill: Value| json!({ "op": "require", "field": "n", "backfill": backfill });
    stage
        .refused(require(Value::Null), 400, "Records without a value of 'n' need one: backfill is missing")
        .await;
    stage.refused(require(json!("7")), 400, "The value for 'n': Expected number value, got str").await;
    let told = stage.change(json!([require(json!(7))]), true).await.expect(200);
    assert_eq!(told.body["changes"][0]["rows_affected"], 2);
    stage.change(json!([require(json!(7))]), false).await.expect(200);
    assert_eq!(stage.each("notes", "n").await, [json!(7), json!(1), json!(7)]);
    stage.acme.user.post("/api/v1/records/notes", json!({ "a": "z" })).await.expect(400);
}
