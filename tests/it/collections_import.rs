//! Files of collections that were not made by an export, or are larger than other bodies may be.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    a_file_may_be_as_large_as_one_of_records,
    a_file_is_read_from_superadmins_only,
    a_file_brings_nothing_into_accounts_by_references,
    a_file_smuggles_nothing_into_schemas,
);

const IMPORT: &str = "/api/v1/collections/import";
const TEXT: &str = "title";

async fn import(by: &Client, collections: Value) -> Reply {
    let data = json!({ "exported_at": "x", "exported_by": "x", "collections": collections });
    by.post(IMPORT, json!({ "data": data, "strategy": "error" })).await
}

fn title() -> Value {
    json!({ "name": TEXT, "type": "text" })
}

fn record(id: &str, account: &str, fields: Value) -> Value {
    let mut record = json!({
        "id": id, "account_id": account, "created_by": "x", "updated_by": "x",
        "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z",
    });
    record.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    record
}

async fn a_file_may_be_as_large_as_one_of_records(database: Database) {
    let server = Server::start_with(database, &[("RECORD_IMPORT_MAX_SIZE", "20000000")]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    // 12 MiB, which no other body may have.
    let large = "x".repeat(64 * 1024);
    let records: Vec<_> =
        (0..192).map(|n| record(&format!("r{n}"), &acme.id, json!({ TEXT: large }))).collect();
    let done = import(
        &superadmin,
        json!([{ "name": "notes", "schema": [title()], "rules": {}, "records": records }]),
    );
    let done = done.await.expect(200);
    assert_eq!(done.body["collections"][0]["message"], "Collection created successfully (192 records)");
    let seen = superadmin.get("/api/v1/records/notes/r191").await.expect(200);
    assert_eq!(seen.str(TEXT), large);
    let too_large = format!("{{\"data\": \"{}\"}}", "x".repeat(20_000_000)).into_bytes();
    let refused =
        superadmin.send_bytes(Method::POST, IMPORT, "application/json", too_large).await.expect(413);
    assert_eq!(refused.body, json!({ "detail": "Request body too large" }));
    // What is wrong with a file is told as of any other body.
    for (text, kind, place) in [
        ("{\"data\":\n \"ü\" x}", "json_invalid", json!(["body", 14])),
        ("[]", "model_attributes_type", json!(["body"])),
        ("", "missing", json!(["body"])),
        (
            "{\"data\": {\"collections\": [{\"records\": [1]}]}}",
            "missing",
            json!(["body", "data", "exported_at"]),
        ),
    ] {
        let refused =
            superadmin.send_bytes(Method::POST, IMPORT, "application/json", text.as_bytes().to_vec()).await;
        let refused = refused.expect(422);
        assert_eq!(
            (&refused.body["detail"][0]["type"], &refused.body["detail"][0]["loc"]),
            (&json!(kind), &place)
        );
    }
}

async fn a_file_is_read_from_superadmins_only(database: Database) {
    let server = Server::start_with(database, &[("RECORD_IMPORT_MAX_SIZE", "1000")]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let file = json!([{ "name": "notes", "schema": [title()], "rules": {} }]);
    for (by, status) in [(&acme.user, 403), (&acme.admin, 403), (&server.anonymous(), 401)] {
        import(by, file.clone()).await.expect(status);
        // Neither JSON nor short: it is not looked at.
        let junk = vec![b'x'; 2000];
        by.send_bytes(Method::POST, IMPORT, "application/json", junk).await.expect(status);
    }
    superadmin.get("/api/v1/collections/notes/rules").await.expect(404);
}

async fn a_file_brings_nothing_into_accounts_by_references(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let (acme, other) = (
        Tenant::create(&server, &superadmin, "Acme").await,
        Tenant::create(&server, &superadmin, "Other").await,
    );
    add_collection(&superadmin, "posts", json!([title()]), json!({})).await;
    let posts = "/api/v1/records/posts";
    let foreign = other.user.post(posts, json!({ TEXT: "theirs" })).await.expect(201);
    let schema = json!([
        title(), { "name": "post", "type": "reference", "collection": "posts", "on_delete": "cascade" },
        { "name": "up", "type": "reference", "collection": "notes", "on_delete": "cascade" },
    ]);
    let with =
        |records: Value| json!([{ "name": "notes", "schema": schema, "rules": {}, "records": records }]);
    let nobody = "11111111-2222-4333-8444-555555555555";
    for (records, message) in [
        // A record of another account, there or in the file.
        (
            json!([record("n1", &acme.id, json!({ "post": foreign.str("id") }))]),
            format!(
                "records[0].post: Referenced record '{}' not found in collection 'posts'",
                foreign.str("id")
            ),
        ),
        (
            json!([record("n1", &other.id, json!({})), record("n2", &acme.id, json!({ "up": "n1" }))]),
            "records[1].up: Referenced record 'n1' not found in collection 'notes'".to_owned(),
        ),
        // One that is left out, because its account is not here, is nothing to refer to.
        (
            json!([record("n1", nobody, json!({})), record("n2", &acme.id, json!({ "up": "n1" }))]),
            "records[1].up: Referenced record 'n1' not found in collection 'notes'".to_owned(),
        ),
        (
            json!([record("n1", &acme.id, json!({})), record("n1", &other.id, json!({}))]),
            "records[1].id: Duplicate record id 'n1'".to_owned(),
        ),
    ] {
        let done = import(&superadmin, with(records)).await.expect(200);
        let told = &done.body["collections"][0];
        assert_eq!(
            (&told["status"], &told["message"]),
            (&json!("error"), &json!(format!("Validation failed: {message}")))
        );
        superadmin.get("/api/v1/collections/notes/rules").await.expect(404);
    }
    let records = json!([
        record("n1", nobody, json!({ TEXT: "nobody's" })),
        record("n2", &acme.id, json!({ TEXT: "ours" })),
        record("n3", &other.id, json!({ TEXT: "theirs", "post": foreign.str("id") })),
    ]);
    let mut file = with(records);
    file[0]["rules"] = json!({ "list_rule": "", "view_rule": "" });
    let done = import(&superadmin, file).await.expect(200);
    assert_eq!(
        done.body["collections"][0]["message"],
        "Collection created successfully (2 records, 1 skipped)"
    );
    let notes = "/api/v1/records/notes";
    for (tenant, title) in [(&acme, "ours"), (&other, "theirs")] {
        assert_eq!(tenant.user.get(notes).await.expect(200).each(TEXT), [title]);
    }
    acme.user.get(&format!("{notes}/n3")).await.expect(404);
    // Records of a collection that is there already are not touched.
    let file = json!([{
        "name": "posts", "schema": [title()], "rules": {},
        "records": [record(foreign.str("id"), &acme.id, json!({ TEXT: "taken" }))],
    }]);
    let data = json!({ "exported_at": "x", "exported_by": "x", "collections": file });
    superadmin.post(IMPORT, json!({ "data": data, "strategy": "update" })).await.expect(200);
    assert_eq!(other.user.get(posts).await.expect(200).each(TEXT), ["theirs"]);
    assert_eq!(acme.user.get(posts).await.expect(200).body["total"], 0);
}

async fn a_file_smuggles_nothing_into_schemas(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let statement = "a\" TEXT); DROP TABLE users; --";
    let field = |field: Value| json!([{ "name": "notes", "schema": [title(), field], "rules": {} }]);
    let mut refused = vec![
        json!([{ "name": statement, "schema": [title()], "rules": {} }]),
        json!([{ "name": "users; --", "schema": [title()], "rules": {} }]),
        json!([{ "name": "notes", "schema": [title()], "rules": { "list_rule": statement } }]),
        json!([{ "name": "notes", "schema": [title()], "rules": {}, "indexes": [{ "fields": [statement] }] }]),
        json!([{ "name": "notes", "schema": [title()], "rules": {}, "indexes": [{ "name": statement, "fields": [TEXT] }] }]),
        field(json!({ "name": statement, "type": "text" })),
        field(json!({ "name": "account_id", "type": "text" })),
        field(json!({ "name": "Created_By", "type": "text" })),
        field(json!({ "name": "a", "type": statement })),
        field(json!({ "name": "a", "type": "reference", "collection": "users", "on_delete": "cascade" })),
        field(json!({ "name": "a", "type": "reference", "collection": statement, "on_delete": "cascade" })),
        field(json!({ "name": "a", "type": "reference", "collection": "notes", "on_delete": "cascade; --" })),
        field(json!({ "name": "a", "type": "computed", "expression": statement, "return_type": "text" })),
        field(json!({ "name": "a", "type": "number", "default": statement })),
    ];
    for key in ["id", "account_id"] {
        refused.push(field(json!({ "name": key, "type": "text" })));
    }
    for file in refused {
        let done = import(&superadmin, file.clone()).await.expect(200);
        assert_eq!(done.body["collections"][0]["status"], "error", "{file}: {}", done.text);
        assert!(!done.text.contains("syntax error") && !done.text.contains("CREATE TABLE"), "{}", done.text);
        superadmin.get("/api/v1/collections/notes/rules").await.expect(404);
    }
    let lists = json!([{ "name": "notes", "schema": [title()], "rules": { "list_fields": statement } }]);
    import(&superadmin, lists).await.expect(422);
    // Keys that are nobody's to set are none of the file's; a text with quotes is a text.
    let file = json!([{
        "name": "notes", "table_name": "users", "id": "11111111-2222-4333-8444-555555555555",
        "schema": [{ "name": TEXT, "type": "text", "default": statement, "column": "users.password_hash" }],
        "rules": { "create_rule": "" },
    }]);
    let done = import(&superadmin, file).await.expect(200);
    assert_eq!(done.body["imported_count"], 1);
    let collections = superadmin.get("/api/v1/collections?search=notes").await.expect(200);
    let made = &collections.items()[0];
    assert_eq!(made["table_name"], "col_notes");
    assert_ne!(made["id"], "11111111-2222-4333-8444-555555555555");
    let made = acme.user.post("/api/v1/records/notes", json!({})).await.expect(201);
    assert_eq!(made.str(TEXT), statement);
    superadmin.get("/api/v1/users").await.expect(200);
    server.assert_ready().await;
}
