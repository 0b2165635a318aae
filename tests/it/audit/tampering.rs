//! Whoever can write to the database, and even knows how checksums are made, but has no key, changes
//! nothing unseen.

use serde_json::{Value, json};

use super::{assert_holds, checksum, entries_after, verify, verify_by_program};
use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(
    an_edited_value_is_found,
    an_edited_value_is_found_though_all_checksums_are_made_anew,
    an_edited_change_is_found,
    an_entry_that_cannot_be_read_is_found,
    an_edited_number_of_entries_is_found,
    a_removed_entry_is_found,
    a_removed_end_is_found,
    a_removed_end_is_found_though_the_heads_are_set_back,
    exchanged_entries_are_found,
    an_added_entry_is_found,
    an_added_entry_without_a_change_is_found,
    a_forged_change_in_the_queue_is_found,
    a_head_that_is_set_back_is_found,
    a_removed_log_is_found,
    an_older_copy_of_the_log_is_found_by_an_anchor,
    an_emptied_log_is_found_by_an_anchor,
);

/// A server whose log holds several changes of two accounts, and what is in it.
struct Scene {
    server: Server,
    superadmin: Client,
    acme: Tenant,
    entries: Vec<Value>,
}

impl Scene {
    async fn new(database: Database) -> Self {
        let server = Server::start(database);
        let superadmin = server.superadmin().await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        superadmin.post("/api/v1/roles", json!({ "name": "auditor" })).await.expect(201);
        acme.admin.post("/api/v1/groups", json!({ "name": "crew" })).await.expect(201);
        let entries = assert_holds(&server, &superadmin).await;
        let guards: &[&str] = match server.database().is_sqlite() {
            true => &[
                "DROP TRIGGER audit_log_keeps_rows",
                "DROP TRIGGER audit_log_keeps_values",
                "DROP TRIGGER audit_log_replaces_no_rows",
                "DROP TRIGGER audit_changes_keeps_rows",
                "DROP TRIGGER audit_changes_keeps_values",
                "DROP TRIGGER audit_changes_replaces_no_rows",
                "DROP TRIGGER audit_heads_keeps_rows",
            ],
            false => &[
                "DROP TRIGGER audit_log_keeps_rows ON audit_log",
                "DROP TRIGGER audit_changes_keeps_rows ON audit_changes",
                "DROP TRIGGER audit_heads_keeps_rows ON audit_heads",
            ],
        };
        server.database().execute(&guards.join(";")).await.unwrap();
        Self { server, superadmin, acme, entries }
    }

    fn last(&self) -> i64 {
        self.entries.len() as i64
    }

    /// The first entry of the first one's change in the log.
    fn start_of_change(&self, id: i64) -> i64 {
        let record = |id: i64| {
            let entry = &self.entries[id as usize - 1];
            [entry["record_id"].clone(), entry["request_id"].clone()]
        };
        (1..=id).rev().take_while(|earlier| record(*earlier) == record(id)).last().unwrap()
    }

    async fn tamper(&self, sql: &str) {
        self.server.database().execute(sql).await.unwrap();
    }

    /// Fails unless the API and the program find it, and name the place: kind and entry.
    async fn assert_found(&self, kind: &str, id: i64) {
        let verdict = verify(&self.superadmin).await.body;
        assert_eq!(verdict["valid"], false, "{verdict}");
        let problems = verdict["problems"].as_array().unwrap();
        let named = |problem: &Value| problem["kind"] == kind && problem["id"] == id;
        assert!(problems.iter().any(named), "no {kind} at {id}: {verdict}");
        if let Some(ended) = verify_by_program(&self.server, &[]) {
            let ended = ended.expect(1);
            let told = |line: &str| line.starts_with(&format!("entry {id}")) && line.contains(kind);
            assert!(ended.out.lines().any(told), "{}", ended.out);
            assert!(ended.err.contains("does not hold"), "{}", ended.err);
        }
    }

    /// Where the log ends, for a later verification.
    async fn anchor(&self) -> String {
        let head = verify(&self.superadmin).await.body["head"].clone();
        format!("{}:{}", head["id"], head["checksum"].as_str().unwrap())
    }
}

fn quoted(value: &Value) -> String {
    value.as_str().map_or_else(|| "NULL".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))
}

async fn an_edited_value_is_found(database: Database) {
    let scene = Scene::new(database).await;
    scene.tamper("UPDATE audit_log SET new_value = 'evil' WHERE id = 4").await;
    scene.assert_found("altered", 4).await;
    let problems = verify(&scene.superadmin).await.body["problems"].clone();
    assert_eq!(problems.as_array().unwrap().len(), 1, "only this one: {problems}");
}

async fn an_edited_value_is_found_though_all_checksums_are_made_anew(database: Database) {
    let scene = Scene::new(database).await;
    let mut entries = scene.entries.clone();
    entries[3]["new_value"] = json!("evil");
    let mut sql = vec!["UPDATE audit_log SET new_value = 'evil' WHERE id = 4".to_owned()];
    for n in 3..entries.len() {
        entries[n]["previous_hash"] = entries[n - 1]["checksum"].clone();
        entries[n]["checksum"] = json!(checksum(&entries[n]));
        let (sum, id) = (&entries[n]["checksum"], &entries[n]["id"]);
        sql.push(format!("UPDATE audit_log SET checksum = {} WHERE id = {id}", quoted(sum)));
    }
    let end = &entries.last().unwrap()["checksum"];
    sql.push(format!("UPDATE audit_heads SET checksum = {} WHERE chain = ''", quoted(end)));
    scene.tamper(&sql.join(";")).await;
    super::assert_chain(&entries_after(&scene.superadmin, 0).await);
    scene.assert_found("unsealed", 1).await;
}

async fn an_edited_change_is_found(database: Database) {
    let scene = Scene::new(database).await;
    let first = scene.start_of_change(scene.last());
    for edit in [
        "user_email = 'somebody@else.com'",
        "operation = 'UPDATE'",
        "ip_address = NULL",
        "auth_method = 'api_key'",
        "es_username = 'boss', es_timestamp = occurred_at",
        "occurred_at = (SELECT MIN(occurred_at) FROM audit_changes)",
        "table_name = 'roles'",
    ] {
        scene.tamper("CREATE TABLE kept AS SELECT * FROM audit_changes").await;
        let last_change = "WHERE id = (SELECT MAX(id) FROM audit_changes)";
        scene.tamper(&format!("UPDATE audit_changes SET {edit} {last_change}")).await;
        scene.assert_found("altered", first).await;
        let back = "DELETE FROM audit_changes; INSERT INTO audit_changes SELECT * FROM kept; DROP TABLE kept";
        scene.tamper(back).await;
    }
    assert_holds(&scene.server, &scene.superadmin).await;
    for edit in ["seal = 'x'", "seal = ''", "account_sequence = account_sequence + 1"] {
        scene.tamper(&format!("UPDATE audit_changes SET {edit} WHERE id = 2")).await;
        let second =
            scene.entries.iter().position(|entry| entry["table_name"] == "users").unwrap() as i64 + 1;
        scene.assert_found("unsealed", second).await;
    }
}

async fn an_entry_that_cannot_be_read_is_found(database: Database) {
    let scene = Scene::new(database).await;
    // An id in capitals means the same, but filters by account or user would pass it over.
    for edit in ["account_id = UPPER(account_id)", "user_id = 'nobody'", "operation = 'NOTHING'"] {
        scene.tamper(&format!("UPDATE audit_changes SET {edit} WHERE id = 2")).await;
        let second =
            scene.entries.iter().position(|entry| entry["table_name"] == "users").unwrap() as i64 + 1;
        scene.assert_found("altered", second).await;
    }
}

async fn an_edited_number_of_entries_is_found(database: Database) {
    let scene = Scene::new(database).await;
    scene.tamper("UPDATE audit_changes SET last_entry = last_entry - 1 WHERE id = 1").await;
    scene.assert_found("altered", scene.last()).await;
}

async fn a_removed_entry_is_found(database: Database) {
    let scene = Scene::new(database).await;
    scene.tamper("DELETE FROM audit_log WHERE id = 10").await;
    scene.assert_found("missing", 11).await;
    scene.tamper("DELETE FROM audit_changes WHERE id = 1").await;
    scene.assert_found("missing", 7).await;
}

async fn a_removed_end_is_found(database: Database) {
    let scene = Scene::new(database).await;
    scene.tamper(&format!("DELETE FROM audit_log WHERE id = {}", scene.last())).await;
    scene.assert_found("truncated", scene.last() - 1).await;
}

async fn a_removed_end_is_found_though_the_heads_are_set_back(database: Database) {
    let scene = Scene::new(database).await;
    let kept = scene.start_of_change(scene.last()) - 1;
    let account = quoted(&json!(scene.acme.id));
    scene
        .tamper(&format!(
            "DELETE FROM audit_log WHERE id > {kept};
             DELETE FROM audit_changes WHERE first_entry > {kept};
             UPDATE audit_heads SET changes = changes - 1, entries = {kept},
                 checksum = (SELECT checksum FROM audit_log WHERE id = {kept}) WHERE chain = '';
             UPDATE audit_heads SET changes = changes - 1, seal = (SELECT seal FROM audit_changes
                 WHERE account_id = {account} ORDER BY account_sequence DESC LIMIT 1) WHERE chain = {account}"
        ))
        .await;
    super::assert_chain(&entries_after(&scene.superadmin, 0).await);
    let verdict = verify(&scene.superadmin).await.body;
    assert_eq!(verdict["problems"].as_array().unwrap().len(), 1, "all but the seal fits: {verdict}");
    scene.assert_found("unsealed", kept).await;
}

async fn exchanged_entries_are_found(database: Database) {
    let scene = Scene::new(database).await;
    scene
        .tamper(
            "UPDATE audit_log SET id = 1000000 WHERE id = 3;
             UPDATE audit_log SET id = 3 WHERE id = 5;
             UPDATE audit_log SET id = 5 WHERE id = 1000000",
        )
        .await;
    scene.assert_found("altered", 3).await;
    scene.assert_found("altered", 5).await;
}

async fn an_added_entry_is_found(database: Database) {
    let scene = Scene::new(database).await;
    let mut forged = scene.entries.last().unwrap().clone();
    forged["previous_hash"] = forged["checksum"].clone();
    forged["new_value"] = json!("forged");
    let (id, sum) = (scene.last() + 1, checksum(&forged));
    let columns = "(id, change_id, column_name, new_value, checksum)";
    let column = quoted(&forged["column_name"]);
    scene
        .tamper(&format!(
            "INSERT INTO audit_log {columns}
             VALUES ({id}, (SELECT MAX(id) FROM audit_changes), {column}, 'forged', '{sum}')"
        ))
        .await;
    scene.assert_found("unsealed", id).await;
    // Nor is it part of the chain when change and head tell of it.
    scene
        .tamper(&format!(
            "UPDATE audit_changes SET last_entry = {id} WHERE last_entry = {id} - 1;
             UPDATE audit_heads SET entries = {id}, checksum = '{sum}' WHERE chain = ''"
        ))
        .await;
    super::assert_chain(&entries_after(&scene.superadmin, 0).await);
    scene.assert_found("unsealed", scene.start_of_change(scene.last())).await;
}

async fn an_added_entry_without_a_change_is_found(database: Database) {
    let scene = Scene::new(database).await;
    let id = scene.last() + 1;
    let columns = "(id, change_id, column_name, checksum)";
    scene.tamper(&format!("INSERT INTO audit_log {columns} VALUES ({id}, 1000000, 'x', 'x')")).await;
    scene.assert_found("unsealed", id).await;
}

async fn a_forged_change_in_the_queue_is_found(database: Database) {
    let scene = Scene::new(database).await;
    let forged = "('{}', ''), ('{\"id\":0}', '0123abcd:00')";
    scene.tamper(&format!("INSERT INTO audit_queue (payload, seal) VALUES {forged}")).await;
    scene.assert_found("unsealed", scene.last() + 1).await;
    assert_eq!(entries_after(&scene.superadmin, 0).await, scene.entries);
    scene.superadmin.post("/api/v1/roles", json!({ "name": "after it" })).await.expect(201);
    assert_eq!(entries_after(&scene.superadmin, 0).await.len(), scene.entries.len() + 3, "others go on");
}

async fn a_head_that_is_set_back_is_found(database: Database) {
    let scene = Scene::new(database).await;
    let account = quoted(&json!(scene.acme.id));
    scene
        .tamper(&format!(
            "UPDATE audit_heads SET changes = changes - 1, seal = (SELECT seal FROM audit_changes
             WHERE account_id = {account} ORDER BY account_sequence DESC LIMIT 1 OFFSET 1) WHERE chain = {account}"
        ))
        .await;
    scene.assert_found("truncated", scene.last()).await;
    let verdict = verify(&scene.superadmin).await.body;
    assert_eq!(verdict["problems"][0]["account_id"], scene.acme.id.as_str());
    scene.tamper(&format!("DELETE FROM audit_heads WHERE chain = {account}")).await;
    scene.assert_found("truncated", scene.last()).await;
}

async fn a_removed_log_is_found(database: Database) {
    let scene = Scene::new(database).await;
    scene.tamper("DELETE FROM audit_log; DELETE FROM audit_changes").await;
    scene.assert_found("truncated", 0).await;
    scene.tamper("DELETE FROM audit_heads").await;
    scene.assert_found("truncated", 0).await;
}

const TABLES: [&str; 3] = ["audit_log", "audit_changes", "audit_heads"];

async fn an_older_copy_of_the_log_is_found_by_an_anchor(database: Database) {
    let scene = Scene::new(database).await;
    let copy = TABLES.map(|table| format!("CREATE TABLE old_{table} AS SELECT * FROM {table}"));
    scene.tamper(&copy.join(";")).await;
    let early = scene.anchor().await;
    scene.superadmin.post("/api/v1/roles", json!({ "name": "forgotten" })).await.expect(201);
    let late = scene.anchor().await;
    if let Some(ended) = verify_by_program(&scene.server, &["--anchor", &late]) {
        assert!(ended.expect(0).out.contains(&late), "the program tells the anchor");
    }
    let back =
        TABLES.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM old_{table}"));
    scene.tamper(&back.join(";")).await;
    assert_eq!(
        verify(&scene.superadmin).await.body["valid"],
        true,
        "it is a log of ours, only not the last one"
    );
    if let Some(ended) = verify_by_program(&scene.server, &["--anchor", &late]) {
        let ended = ended.expect(1);
        assert!(ended.out.contains("cut back"), "{}", ended.out);
        verify_by_program(&scene.server, &["--anchor", &early]).unwrap().expect(0);
    }
    // Another change takes the place of the one that was forgotten, but not its checksum.
    scene.superadmin.post("/api/v1/roles", json!({ "name": "instead" })).await.expect(201);
    if let Some(ended) = verify_by_program(&scene.server, &["--anchor", &late]) {
        ended.expect(1);
    }
}

async fn an_emptied_log_is_found_by_an_anchor(database: Database) {
    let scene = Scene::new(database).await;
    let anchor = scene.anchor().await;
    scene
        .tamper(
            "DELETE FROM audit_log; DELETE FROM audit_changes; DELETE FROM audit_heads WHERE chain <> '';
             UPDATE audit_heads SET changes = 0, entries = 0, checksum = '', seal = ''",
        )
        .await;
    if let Some(ended) = verify_by_program(&scene.server, &["--anchor", &anchor]) {
        ended.expect(1);
        for unreadable in ["", "1", "x:y", ":"] {
            let ended = verify_by_program(&scene.server, &["--anchor", unreadable]).unwrap().expect(1);
            assert!(ended.err.contains("no anchor"), "{}", ended.err);
        }
    }
}
