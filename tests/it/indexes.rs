//! Collections have indexes over several fields, which keep combinations of values unique.

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    values_are_unique_together_in_each_account,
    indexes_come_and_go_with_updates,
    changes_take_indexes_along,
    indexes_travel_in_files,
);

const RECORDS: &str = "/api/v1/records/seats";

fn schema() -> Value {
    json!([
        { "name": "row", "type": "text" }, { "name": "seat", "type": "number" }, { "name": "day", "type": "date" },
        { "name": "note", "type": "text" },
    ])
}

fn pair() -> Value {
    json!([{ "name": "place", "fields": ["row", "-seat"], "unique": true }])
}

struct Stage {
    server: Server,
    superadmin: Client,
    acme: Tenant,
    path: String,
}

impl Stage {
    async fn new(database: Database, indexes: Value) -> Self {
        let server = Server::start(database);
        let superadmin = server.superadmin().await;
        let id = add_collection(&superadmin, "seats", schema(), json!({ "indexes": indexes })).await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        Self { server, superadmin, acme, path: format!("/api/v1/collections/{id}") }
    }

    async fn put(&self, indexes: Value) -> Reply {
        self.superadmin.put(&self.path, json!({ "schema": schema(), "indexes": indexes })).await
    }

    async fn indexes(&self) -> Value {
        self.superadmin.get(&self.path).await.expect(200).body["indexes"].clone()
    }

    async fn change(&self, change: Value, dry_run: bool) -> Reply {
        let body = json!({ "changes": [change], "dry_run": dry_run });
        self.superadmin.post(&format!("{}/changes", self.path), body).await
    }

    async fn add(&self, row: &str, seat: i64) -> String {
        let record = json!({ "row": row, "seat": seat });
        self.acme.user.post(RECORDS, record).await.expect(201).str("id").to_owned()
    }
}

async fn values_are_unique_together_in_each_account(database: Database) {
    let stage = Stage::new(database, pair()).await;
    assert_eq!(stage.indexes().await, pair());
    let (first, second) = (stage.add("A", 1).await, stage.add("A", 2).await);
    let user = &stage.acme.user;
    let others = Tenant::create(&stage.server, &stage.superadmin, "Other").await;
    others.user.post(RECORDS, json!({ "row": "A", "seat": 1 })).await.expect(201);
    for _ in 0..2 {
        user.post(RECORDS, json!({ "row": "A" })).await.expect(201);
    }
    let taken = user.post(RECORDS, json!({ "row": "A", "seat": 1 })).await.expect(400);
    let message = "Values for fields 'row', 'seat' must be unique together";
    let fault = |field: &str| json!({ "field": field, "message": message, "code": "unique_violation" });
    let faults = json!([fault("row"), fault("seat")]);
    assert_eq!(
        taken.body,
        json!({ "error": "Validation error", "message": "Unique constraint violation", "details": faults })
    );
    let patch = user.patch(&format!("{RECORDS}/{second}"), json!({ "seat": 1 })).await.expect(400);
    assert_eq!(patch.body["details"], faults);
    let put = user.put(&format!("{RECORDS}/{second}"), json!({ "row": "A", "seat": 1 })).await.expect(400);
    assert_eq!(put.body["details"], faults);
    let batch = json!({ "records": [{ "row": "B", "seat": 1 }, { "row": "B", "seat": 1 }] });
    let batch = user.post(&format!("{RECORDS}/batch"), batch).await.expect(400);
    assert_eq!((&batch.body["index"], &batch.body["details"]), (&json!(1), &faults));
    let rows = json!({ "mode": "skip", "records": [{ "row": "C", "seat": 1 }, { "row": "C", "seat": 1 }] });
    let imported = user.post(&format!("{RECORDS}/import"), rows).await.expect(200);
    assert_eq!(imported.body["imported"], 1, "{:?}", imported.body);
    user.delete(&format!("{RECORDS}/{first}")).await.expect(204);
    user.patch(&format!("{RECORDS}/{second}"), json!({ "seat": 1 })).await.expect(200);
    // PostgreSQL cannot keep longer texts in an index, so they are refused on both databases.
    let long = user.post(RECORDS, json!({ "row": "x".repeat(2001) })).await.expect(400);
    assert_eq!(long.body["details"][0]["code"], "too_long");
    user.post(RECORDS, json!({ "row": "x".repeat(2000), "note": "x".repeat(9000) })).await.expect(201);
}

async fn indexes_come_and_go_with_updates(database: Database) {
    let stage = Stage::new(database, json!([])).await;
    assert_eq!(stage.indexes().await, json!([]));
    let rows = [stage.add("A", 1).await, stage.add("A", 1).await, stage.add("B", 1).await];
    let refused = stage.put(json!([{ "fields": ["note"] }, pair()[0]])).await.expect(400);
    let mut ids = [rows[0].clone(), rows[1].clone()];
    let told = |ids: &[String; 2]| {
        let ids = ids.join(", ");
        format!(
            "Schema validation failed: indexes[1].fields: 2 existing records have values in common: {ids}"
        )
    };
    // Both were created in the same moment, perhaps.
    if refused.str("message") != told(&ids) {
        ids.reverse();
    }
    assert_eq!(refused.str("message"), told(&ids));
    assert_eq!(stage.indexes().await, json!([]), "nothing changed");
    stage.acme.user.delete(&format!("{RECORDS}/{}", rows[1])).await.expect(204);

    let revisions =
        async || stage.superadmin.get("/api/v1/migrations").await.expect(200).body["total"].clone();
    let before = revisions().await;
    let made = stage.put(json!([{ "fields": ["note", "-created_at"] }, pair()[0]])).await.expect(200);
    let shown = json!([{ "name": "idx_note_created_at", "fields": ["note", "-created_at"], "unique": false }, pair()[0]]);
    assert_eq!(made.body["indexes"], shown);
    assert_ne!(revisions().await, before);
    let log =
        stage.superadmin.get("/api/v1/audit-logs?table_name=collections&operation=UPDATE").await.expect(200);
    let logged =
        log.items().iter().find(|entry| entry["column_name"] == "indexes").expect("an entry").clone();
    assert_eq!(serde_json::from_str::<Value>(logged["new_value"].as_str().unwrap()).unwrap(), shown);
    stage.acme.user.post(RECORDS, json!({ "row": "A", "seat": 1 })).await.expect(400);

    // A default that all rows get collides as what is stored does.
    let mut wide = schema();
    wide.as_array_mut()
        .unwrap()
        .push(json!({ "name": "code", "type": "number", "default": 1, "unique": true }));
    let refused = stage.superadmin.put(&stage.path, json!({ "schema": wide })).await.expect(400);
    assert_eq!(
        refused.str("message"),
        "Schema validation failed: code: Existing records contain duplicate values"
    );

    // Absent they stay, null removes them.
    stage.superadmin.put(&stage.path, json!({ "schema": schema() })).await.expect(200);
    assert_eq!(stage.indexes().await, shown);
    stage.put(Value::Null).await.expect(200);
    assert_eq!(stage.indexes().await, json!([]));
    stage.add("A", 1).await;

    let bad = stage.put(json!([{ "fields": ["zzz", "id"], "name": "a b" }])).await.expect(400);
    assert_eq!(
        bad.str("message"),
        "Schema validation failed: indexes[0].fields: There is no field 'zzz'; indexes[0].fields: System field 'id' \
         cannot be indexed. Allowed are: created_at, updated_at, created_by; indexes[0].name: An index name must start \
         with a letter and contain only alphanumeric characters and underscores, 64 at most"
    );
    stage.put(json!([{ "name": "x" }])).await.expect(422);
    stage.put(json!("x")).await.expect(422);
    let many: Vec<_> = (0..17).map(|n| json!({ "name": format!("n{n}"), "fields": ["row"] })).collect();
    let many = stage.put(json!(many)).await.expect(400);
    assert_eq!(
        many.str("message"),
        "Schema validation failed: indexes: At most 16 indexes are allowed, got 17"
    );
    stage.acme.user.post(RECORDS, json!({ "note": "x".repeat(2001) })).await.expect(201);
    let long = stage.put(json!([{ "fields": ["note"] }])).await.expect(400);
    assert!(long.str("message").contains("1 existing records have a text of more than 2000 bytes: "));
}

async fn changes_take_indexes_along(database: Database) {
    let stage = Stage::new(database, json!([])).await;
    stage.add("A", 1).await;
    let set = json!({ "op": "set_indexes", "indexes": [pair()[0], { "name": "lone", "fields": ["day"] }] });
    let told = stage.change(set.clone(), true).await.expect(200);
    assert_eq!(told.body["changes"][0]["description"], "Set indexes: make place, lone, drop none");
    assert_eq!(told.body["collection"]["indexes"][0], pair()[0]);
    assert_eq!(stage.indexes().await, json!([]), "a dry run changes nothing");
    stage.change(set, false).await.expect(200);
    let twin = json!({ "row": "A", "seat": 1 });
    stage.acme.user.post(RECORDS, twin.clone()).await.expect(400);

    let drop = |field: &str| json!({ "op": "drop_field", "field": field, "confirm": true });
    let used = stage.change(drop("seat"), false).await.expect(409);
    assert_eq!(used.str("message"), "Field 'seat' is used by: index 'place' of 'seats'");
    let told = stage.change(drop("day"), true).await.expect(200);
    assert_eq!(told.body["changes"][0]["description"], "Drop field 'day' with its values and index 'lone'");
    stage.change(drop("day"), false).await.expect(200);
    assert_eq!(stage.indexes().await, pair());

    stage.change(json!({ "op": "rename_field", "from": "seat", "to": "chair" }), false).await.expect(200);
    assert_eq!(stage.indexes().await[0]["fields"], json!(["row", "-chair"]));
    let twin = json!({ "row": "A", "chair": 1 });
    let taken = stage.acme.user.post(RECORDS, twin).await.expect(400);
    assert_eq!(taken.body["details"][1]["field"], "chair");
    let convert = |ty: &str| json!({ "op": "change_type", "field": "chair", "type": ty });
    let broken = stage.change(convert("json"), false).await.expect(409);
    let reason =
        "The change breaks an index: indexes[0].fields: Field 'chair' is of type json, which has no order";
    assert_eq!(broken.str("message"), reason);
    // What does not convert leaves index and values as they are.
    let odd = stage.acme.user.post(RECORDS, json!({ "row": "no", "chair": 5 })).await.expect(201);
    stage.change(json!({ "op": "change_type", "field": "row", "type": "number" }), false).await.expect(400);
    let twin = json!({ "row": "no", "chair": 5 });
    stage.acme.user.post(RECORDS, twin).await.expect(400);
    stage.acme.user.delete(&format!("{RECORDS}/{}", odd.str("id"))).await.expect(204);
    stage.change(convert("text"), false).await.expect(200);
    let twin = json!({ "row": "A", "chair": "1" });
    stage.acme.user.post(RECORDS, twin.clone()).await.expect(400);
    stage.acme.user.post(RECORDS, json!({ "row": "A", "chair": "2" })).await.expect(201);
    let same = json!({ "op": "change_type", "field": "chair", "type": "boolean" });
    stage.change(same, false).await.expect(400);

    stage.change(json!({ "op": "rename_collection", "to": "places" }), false).await.expect(200);
    stage.acme.user.post("/api/v1/records/places", twin.clone()).await.expect(400);
    // The name is free, with its indexes.
    add_collection(&stage.superadmin, "seats", schema(), json!({ "indexes": pair() })).await;
    stage.superadmin.delete(&stage.path).await.expect(200);
    add_collection(&stage.superadmin, "places", schema(), json!({ "indexes": pair() })).await;
    stage.acme.user.post("/api/v1/records/places", json!({ "row": "A", "seat": 1 })).await.expect(201);
    stage.acme.user.post("/api/v1/records/places", json!({ "row": "A", "seat": 1 })).await.expect(400);
}

async fn indexes_travel_in_files(database: Database) {
    let stage = Stage::new(database, pair()).await;
    let file = stage.superadmin.get("/api/v1/collections/export").await.expect(200).body;
    let exported =
        file["collections"].as_array().unwrap().iter().find(|c| c["name"] == "seats").unwrap().clone();
    assert_eq!(exported["indexes"], pair());
    let import = async |collections: Value, strategy: &str| {
        let mut file = file.clone();
        file["collections"] = collections;
        let body = json!({ "data": file, "strategy": strategy });
        let reply = stage.superadmin.post("/api/v1/collections/import", body).await.expect(200);
        reply.body["collections"].as_array().unwrap().iter().map(|c| c["status"].clone()).collect::<Vec<_>>()
    };
    // Without the key they stay; with it they are replaced.
    let mut without = exported.clone();
    without.as_object_mut().unwrap().remove("indexes");
    assert_eq!(import(json!([without]), "update").await, ["updated"]);
    assert_eq!(stage.indexes().await, pair());
    let mut other = exported.clone();
    other["indexes"] = json!([{ "fields": ["day"] }]);
    assert_eq!(import(json!([other]), "update").await, ["updated"]);
    assert_eq!(stage.indexes().await[0]["name"], "idx_day");
    // New ones that refer to each other, with an index over the reference.
    let circle = |name: &str, to: &str| {
        json!({ "name": name, "rules": {}, "indexes": [{ "fields": ["to", "n"], "unique": true }], "schema": [
            { "name": "to", "type": "reference", "collection": to, "on_delete": "cascade" },
            { "name": "n", "type": "number" },
        ]})
    };
    let statuses = import(json!([circle("left", "right"), circle("right", "left")]), "error").await;
    assert_eq!(statuses, ["imported", "imported"]);
    let all = stage.superadmin.get("/api/v1/collections?search=left").await.expect(200);
    let id = all.items()[0]["id"].as_str().unwrap().to_owned();
    let left = stage.superadmin.get(&format!("/api/v1/collections/{id}")).await.expect(200);
    assert_eq!(left.body["indexes"], json!([{ "name": "idx_to_n", "fields": ["to", "n"], "unique": true }]));
    let records = "/api/v1/records/";
    let right = stage.superadmin.post(&format!("{records}right"), json!({})).await.expect(201);
    let twin = json!({ "to": right.str("id"), "n": 1 });
    stage.superadmin.post(&format!("{records}left"), twin.clone()).await.expect(201);
    stage.superadmin.post(&format!("{records}left"), twin).await.expect(400);
}
