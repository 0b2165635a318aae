//! The chain holds whatever is written into it and however many write, and the database keeps it.

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{LOGS, assert_holds, entries_after, last, verify};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::snapshot::snapshot;
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    a_client_can_verify_the_chain_from_replies_alone,
    many_writers_at_once_make_one_chain,
    values_follow_each_other_when_many_change_one_row,
    the_database_refuses_to_change_or_remove_entries,
    a_change_that_cannot_be_audited_does_not_happen,
    no_call_changes_entries,
);

const NOTES: &str = "/api/v1/records/notes";

async fn a_client_can_verify_the_chain_from_replies_alone(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "title", "type": "text" }, { "name": "n", "type": "number" }, { "name": "tree", "type": "json" },
    ]);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme “quoted” 'GmbH'").await;
    let odd = [
        "",
        " ",
        "null",
        "\"",
        "\\",
        "\\\"",
        "'; DROP TABLE audit_log; --",
        "\n\r\t\u{8}\u{c}",
        "\u{1}\u{1f}\u{7f}",
        "\u{80}\u{9f}\u{a0}",
        "ä ö ü ß",
        "Ω漢字",
        "😀👩‍👩‍👧",
        "\u{2028}\u{2029}",
        "\u{feff}",
        "\u{fffd}",
        "\u{10ffff}",
        "</script>",
        "%00 %s {}",
        "a\u{300}",
        "\u{202e}odd",
        "***",
        "True",
        "<b>&amp;",
        "/",
    ];
    for (n, text) in (0..).zip(odd) {
        let note = json!({ "title": text, "n": f64::from(n) / 3.0, "tree": { text: [text, null, n] } });
        let note = acme.user.post(NOTES, note).await.expect(201);
        let path = format!("{NOTES}/{}", note.str("id"));
        let change = json!({ "title": format!("{text}{text}!"), "n": null, "tree": null });
        acme.user.patch(&path, change).await.expect(200);
        acme.user.delete(&path).await.expect(204);
        if n % 5 == 0 {
            let role = json!({ "name": format!("role {n}"), "description": text });
            superadmin.post("/api/v1/roles", role).await.expect(201);
        }
    }
    let entries = assert_holds(&server, &superadmin).await;
    assert!(entries.len() > 500, "{}", entries.len());
    let titles: HashSet<_> = entries.iter().map(|entry| entry["new_value"].clone()).collect();
    for text in odd {
        assert!(titles.contains(&json!(text)), "{text:?} is in the log as it was sent");
    }
    for entry in entries.iter().step_by(97) {
        let one = superadmin.get(&format!("{LOGS}/{}", entry["id"])).await.expect(200);
        assert_eq!(one.body, *entry);
    }
}

async fn many_writers_at_once_make_one_chain(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let (one, two) = tokio::join!(
        Tenant::create(&server, &superadmin, "One"),
        Tenant::create(&server, &superadmin, "Two")
    );
    let known = last(&superadmin).await;
    let writer = |n: usize| {
        let client = if n.is_multiple_of(2) { one.user.clone() } else { two.user.clone() };
        async move {
            let note = client.post(NOTES, json!({ "title": format!("{n}") })).await.expect(201);
            let path = format!("{NOTES}/{}", note.str("id"));
            client.patch(&path, json!({ "title": format!("{n}!") })).await.expect(200);
            let batch = json!({ "records": [{ "title": "a" }, { "title": "b" }] });
            client.post(&format!("{NOTES}/batch"), batch).await.expect(201);
            client.delete(&path).await.expect(204);
        }
    };
    let verifications = async {
        // Whoever looks meanwhile finds a chain that holds.
        for _ in 0..5 {
            assert_eq!(verify(&superadmin).await.body["problems"], json!([]));
        }
    };
    tokio::join!(join_all((0..60).map(writer)), verifications);
    let entries = assert_holds(&server, &superadmin).await;
    // Seven columns each of five changes, of which one tells two.
    assert_eq!(entries.len() as i64 - known, 60 * (4 * 7 + 2));
    for tenant in [&one, &two] {
        let of_notes = [("account_id", tenant.id.as_str()), ("table_name", "col_notes"), ("limit", "1")];
        let own = superadmin.get_with(LOGS, &of_notes).await;
        assert_eq!(own.expect(200).body["total"], 30 * (4 * 7 + 2));
    }
}

async fn values_follow_each_other_when_many_change_one_row(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let note = acme.user.post(NOTES, json!({ "title": "first" })).await.expect(201);
    let (path, account) = (format!("{NOTES}/{}", note.str("id")), format!("/api/v1/accounts/{}", acme.id));
    let changes = (0..40).map(|n| {
        let (acme, superadmin, path, account) = (&acme, &superadmin, &path, &account);
        async move {
            acme.user.patch(path, json!({ "title": format!("title {n}") })).await.expect(200);
            superadmin.patch(account, json!({ "name": format!("name {n}") })).await.expect(200);
        }
    });
    join_all(changes).await;
    let entries = assert_holds(&server, &superadmin).await;
    let mut now: HashMap<(&Value, &Value, &Value), &Value> = HashMap::new();
    for entry in entries.iter().filter(|entry| entry["column_name"] != "updated_at") {
        let cell = (&entry["table_name"], &entry["record_id"], &entry["column_name"]);
        if entry["operation"] == "UPDATE" && entry["new_value"] != "***" {
            assert_eq!(now.get(&cell), Some(&&entry["old_value"]), "{entry}");
        }
        now.insert(cell, &entry["new_value"]);
    }
    let title = acme.user.get(&path).await.expect(200).body["title"].clone();
    assert_eq!(now[&(&json!("col_notes"), &note.body["id"], &json!("title"))], &title);
}

async fn the_database_refuses_to_change_or_remove_entries(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    superadmin.post("/api/v1/roles", json!({ "name": "auditor" })).await.expect(201);
    let before = entries_after(&superadmin, 0).await;
    let both = [
        "UPDATE audit_log SET new_value = 'x' WHERE id = 1",
        "UPDATE audit_log SET new_value = new_value",
        "UPDATE audit_changes SET user_email = 'x'",
        "DELETE FROM audit_log WHERE id = 1",
        "DELETE FROM audit_log",
        "DELETE FROM audit_changes WHERE id = 1",
        "DELETE FROM audit_heads",
        "INSERT INTO audit_log SELECT * FROM audit_log WHERE id = 1",
        "INSERT INTO audit_log SELECT * FROM audit_log WHERE id = 1 ON CONFLICT (id) DO UPDATE SET new_value = 'x'",
        "INSERT INTO audit_changes SELECT * FROM audit_changes WHERE id = 1 \
         ON CONFLICT (id) DO UPDATE SET user_email = 'x'",
    ];
    let sqlite = [
        "INSERT OR REPLACE INTO audit_log SELECT id, change_id, column_name, old_value, 'x', checksum FROM audit_log",
        "REPLACE INTO audit_changes SELECT * FROM audit_changes WHERE id = 1",
        "UPDATE OR REPLACE audit_log SET id = 1 WHERE id = 2",
    ];
    let postgres = [
        "TRUNCATE audit_log",
        "TRUNCATE audit_changes",
        "TRUNCATE audit_heads",
        "TRUNCATE audit_log, audit_changes",
        "MERGE INTO audit_log l USING (SELECT 1 AS id) s ON l.id = s.id WHEN MATCHED THEN UPDATE SET new_value = 'x'",
    ];
    let own: &[&str] = if server.database().is_sqlite() { &sqlite } else { &postgres };
    for sql in both.iter().chain(own) {
        let refused = server.database().execute(sql).await.expect_err(sql);
        let told = ["append-only", "keeps its rows", "duplicate key"];
        assert!(told.iter().any(|reason| refused.contains(reason)), "{sql}: {refused}");
    }
    assert_eq!(entries_after(&superadmin, 0).await, before);
    superadmin.post("/api/v1/roles", json!({ "name": "another" })).await.expect(201);
    assert_holds(&server, &superadmin).await;
}

async fn a_change_that_cannot_be_audited_does_not_happen(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([{ "name": "title", "type": "text" }]);
    let collection = add_collection(&superadmin, "notes", schema.clone(), json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let note = acme.user.post(NOTES, json!({ "title": "x" })).await.expect(201);
    let note = format!("{NOTES}/{}", note.str("id"));
    let before = snapshot(&superadmin).await;
    let known = last(&superadmin).await;
    let (broken, mended) = match server.database().is_sqlite() {
        true => (
            "CREATE TRIGGER broken BEFORE INSERT ON audit_queue BEGIN SELECT RAISE(ABORT, 'broken'); END",
            "DROP TRIGGER broken",
        ),
        false => (
            "CREATE TRIGGER broken BEFORE INSERT ON audit_queue FOR EACH ROW EXECUTE FUNCTION sb_append_only()",
            "DROP TRIGGER broken ON audit_queue",
        ),
    };
    server.database().execute(broken).await.unwrap();
    let batch = json!({ "records": [{ "title": "a" }, { "title": "b" }] });
    let (user, wider) =
        (format!("/api/v1/users/{}", acme.user_id), json!([schema[0], { "name": "n", "type": "number" }]));
    let form =
        json!({ "email": "eve@example.com", "password": crate::server::PASSWORD, "account_name": "Eve" });
    for reply in [
        acme.user.post(NOTES, json!({ "title": "new" })).await,
        acme.user.post(&format!("{NOTES}/batch"), batch).await,
        acme.user.patch(&note, json!({ "title": "changed" })).await,
        acme.user.delete(&note).await,
        acme.admin.post("/api/v1/groups", json!({ "name": "crew" })).await,
        superadmin.patch(&user, json!({ "is_active": false })).await,
        superadmin.delete(&user).await,
        superadmin.post("/api/v1/accounts", json!({ "name": "New" })).await,
        superadmin.post("/api/v1/roles", json!({ "name": "auditor" })).await,
        superadmin.post("/api/v1/admin/api-keys", json!({ "name": "robot" })).await,
        superadmin.post("/api/v1/collections", json!({ "name": "ghosts", "schema": schema })).await,
        superadmin.put(&format!("/api/v1/collections/{collection}"), json!({ "schema": wider })).await,
        superadmin.delete(&format!("/api/v1/collections/{collection}")).await,
        server.anonymous().post("/api/v1/auth/register", form).await,
    ] {
        reply.expect(500);
    }
    assert_eq!(snapshot(&superadmin).await, before);
    server.database().execute(mended).await.unwrap();
    assert_eq!(last(&superadmin).await, known);
    // And whoever was to be shut out is still in, and all goes on.
    acme.user.post(NOTES, json!({ "title": "new" })).await.expect(201);
    assert_eq!(assert_holds(&server, &superadmin).await.len() as i64, known + 7);
}

async fn no_call_changes_entries(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    superadmin.post("/api/v1/roles", json!({ "name": "auditor" })).await.expect(201);
    let before = entries_after(&superadmin, 0).await;
    for path in [LOGS.to_owned(), format!("{LOGS}/1"), format!("{LOGS}/verify"), format!("{LOGS}/export")] {
        for method in
            [reqwest::Method::POST, reqwest::Method::PUT, reqwest::Method::PATCH, reqwest::Method::DELETE]
        {
            superadmin.send(method, &path, Some(json!({ "new_value": "x" }))).await.expect(405);
        }
    }
    assert_eq!(entries_after(&superadmin, 0).await, before);
}
