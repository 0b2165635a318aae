//! Macros in rules: those that every installation has, and stored ones.

use std::time::Instant;

use serde_json::{Value, json};

use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    built_in_macros_decide_in_every_place,
    stored_macros_decide_in_every_place,
    a_macro_sees_its_arguments_and_nothing_of_its_callers_text,
    macros_that_cannot_be_asked_deny,
    macros_that_take_too_long_deny_and_hold_nobody_up,
    what_a_macro_must_not_do_is_refused,
    changes_of_macros_are_audited,
);

const NOTES: &str = "/api/v1/records/notes";

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "title", "type": "text" },
        { "name": "n", "type": "number" },
        { "name": "public", "type": "boolean" },
        { "name": "owner", "type": "text" },
    ]);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    add_collection(
        &superadmin,
        "pages",
        json!([{ "name": "note", "type": "reference", "collection": "notes", "on_delete": "set_null" }]),
        json!({}),
    )
    .await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

/// Makes the rule that of all operations, or of one.
async fn set_rules(superadmin: &Client, operations: &[&str], rule: &str) {
    let keys = operations.iter().map(|operation| (format!("{operation}_rule"), json!(rule)));
    let rules: Value = Value::Object(keys.collect());
    superadmin.put("/api/v1/collections/notes/rules", rules).await.expect(200);
}

const ALL: [&str; 5] = ["list", "view", "create", "update", "delete"];

async fn add_macro(superadmin: &Client, name: &str, sql: &str, parameters: &[&str]) -> String {
    let body = json!({ "name": name, "sql_query": sql, "parameters": parameters });
    superadmin.post("/api/v1/macros", body).await.expect(201).body["id"].to_string()
}

/// Whether a rule lets a caller do each thing with a record of `author` that holds `fields`.
async fn assert_decides(
    superadmin: &Client,
    author: &Client,
    caller: &Client,
    fields: &Value,
    rule: &str,
    allowed: bool,
) {
    set_rules(superadmin, &ALL, "").await;
    let id = author.post(NOTES, fields.clone()).await.expect(201).str("id").to_owned();
    let page = author.post("/api/v1/records/pages", json!({ "note": id })).await.expect(201);
    let page = format!("/api/v1/records/pages/{}?expand=note", page.str("id"));
    let path = format!("{NOTES}/{id}");
    set_rules(superadmin, &ALL, rule).await;
    let found = |yes: u16| if allowed { yes } else { 404 };

    let listed = caller.get_with(NOTES, &[("filter", &format!("id = \"{id}\""))]).await.expect(200);
    assert_eq!(listed.body["total"], u8::from(allowed), "{rule}");
    caller.get(&path).await.expect(found(200));
    let expanded = caller.get(&page).await.expect(200);
    assert_eq!(expanded.body["note"].is_object(), allowed, "{rule}: {}", expanded.text);
    caller.patch(&path, json!({ "title": "b" })).await.expect(found(200));
    caller.put(&path, fields.clone()).await.expect(found(200));
    let batch = format!("{NOTES}/batch");
    let change = json!({ "records": [{ "id": id, "data": { "title": "c" } }] });
    caller.patch(&batch, change).await.expect(found(200));
    caller.delete(&path).await.expect(found(204));
    set_rules(superadmin, &ALL, "").await;
    if allowed {
        author.get(&path).await.expect(404);
    } else {
        author.delete(&path).await.expect(204);
    }
}

async fn built_in_macros_decide_in_every_place(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let crew = acme.admin.post("/api/v1/groups", json!({ "name": "crew" })).await.expect(201);
    let members = format!("/api/v1/groups/{}/users", crew.str("id"));
    acme.admin.post(&members, json!({ "user_id": acme.user_id })).await.expect(201);
    superadmin.put("/api/v1/collections/pages/rules", json!({ "delete_rule": null })).await.expect(200);
    let hour = {
        let at = superadmin.post("/api/v1/rules/test", json!({ "rule": "@in_time_range(0, 12)" })).await;
        if at.expect(200).body["allowed"] == true {
            ("@in_time_range(0, 12)", "@in_time_range(12, 24)")
        } else {
            ("@in_time_range(12, 0)", "@in_time_range(0, 12)")
        }
    };
    let fields = json!({ "title": "a", "n": 1, "public": true, "owner": acme.user_id });
    let hidden = json!({ "title": "a", "n": 1, "public": false, "owner": acme.admin_id });
    // The rule, and whether it lets the user act on the first record and on the second.
    for (rule, first, second) in [
        ("@has_group(\"crew\")", true, true),
        ("@has_group(\"others\")", false, false),
        ("@has_role(\"user\")", true, true),
        ("@has_role(\"admin\")", false, false),
        (hour.0, true, true),
        (hour.1, false, false),
        ("@has_permission(\"view\", \"pages\")", true, true),
        ("@has_permission(\"delete\", \"pages\")", false, false),
        ("@owns_record()", false, false),
        ("@owns_record", false, false),
        ("@is_creator()", false, false),
        ("@owns_record(owner)", true, false),
        ("@owns_record(\"owner\")", true, false),
        ("@is_public()", true, false),
        ("!@is_public() || @has_group(\"others\")", false, true),
    ] {
        for (fields, allowed) in [(&fields, first), (&hidden, second)] {
            assert_decides(&superadmin, &acme.admin, &acme.user, fields, rule, allowed).await;
            set_rules(&superadmin, &["create"], rule).await;
            // Who makes a record is its author.
            let own = rule.starts_with("@owns_record(") && !rule.contains("owner")
                || rule == "@owns_record"
                || rule == "@is_creator()";
            let status = if allowed || own { 201 } else { 400 };
            let made = acme.user.post(NOTES, fields.clone()).await.expect(status);
            let batch = json!({ "records": [fields, fields] });
            acme.user.post(&format!("{NOTES}/batch"), batch).await.expect(status);
            if status == 400 {
                assert_eq!(made.body["detail"], "Record does not satisfy collection rules");
            }
        }
    }
    // What its author may, nobody else does.
    assert_decides(&superadmin, &acme.user, &acme.user, &fields, "@owns_record()", true).await;
    assert_decides(&superadmin, &acme.user, &acme.admin, &fields, "@is_creator", false).await;
    server.assert_ready().await;
}

async fn stored_macros_decide_in_every_place(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    add_collection(
        &superadmin,
        "members",
        json!([{ "name": "usr", "type": "text" }, { "name": "grp", "type": "number" }]),
        json!({}),
    )
    .await;
    let row = json!({ "usr": acme.user_id, "grp": 2, "account_id": acme.id });
    superadmin.post("/api/v1/records/members", row).await.expect(201);
    let sql = "SELECT count(*) > 0 FROM col_members m WHERE m.grp = :g AND m.usr = @request.auth.id";
    add_macro(&superadmin, "in_group", sql, &["g"]).await;
    // The table of the rule itself, whose columns have the names of the row's.
    let sql = "SELECT count(*) FROM col_notes WHERE n = $1 AND title = $2 AND account_id = @request.auth.account_id";
    add_macro(&superadmin, "twins", sql, &["number", "text"]).await;
    add_macro(&superadmin, "is_admin", "SELECT @request.auth.role = 'admin'", &[]).await;
    add_macro(&superadmin, "passes", "SELECT :a", &["a"]).await;

    let two = json!({ "title": "a", "n": 2 });
    let three = json!({ "title": "a", "n": 3 });
    for (rule, user_two, user_three, admin_two) in [
        ("@in_group(n)", true, false, false),
        ("@in_group(2)", true, true, false),
        ("@in_group(n) || @is_admin", true, false, true),
        ("!@in_group(n)", false, true, true),
        ("@twins(n, title) && n = 2", true, false, true),
        ("@passes(@in_group(n))", true, false, false),
        ("@passes(@has_role(\"user\")) && @passes(n - 2) = false", true, false, false),
        ("@passes(@request.auth.email)", true, true, true),
        ("@passes(owner)", false, false, false),
        ("@passes(concat(\"fal\", \"se\"))", false, false, false),
    ] {
        for (caller, fields, allowed) in
            [(&acme.user, &two, user_two), (&acme.user, &three, user_three), (&acme.admin, &two, admin_two)]
        {
            assert_decides(&superadmin, &acme.admin, caller, fields, rule, allowed).await;
            if rule.contains("twins") {
                continue; // There is none of a record that is yet to be made.
            }
            set_rules(&superadmin, &["create"], rule).await;
            let status = if allowed { 201 } else { 400 };
            caller.post(NOTES, fields.clone()).await.expect(status);
            let batch = json!({ "records": [fields] });
            caller.post(&format!("{NOTES}/batch"), batch).await.expect(status);
        }
    }
    // Records of other accounts do not count, in whatever words the query asks.
    add_macro(&superadmin, "seven", "SELECT count(*) FROM col_notes WHERE n = 7", &[]).await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    set_rules(&superadmin, &ALL, "").await;
    other.user.post(NOTES, json!({ "title": "theirs", "n": 7 })).await.expect(201);
    set_rules(&superadmin, &ALL, "@seven").await;
    assert_eq!(other.user.get(NOTES).await.expect(200).body["total"], 1);
    assert_eq!(acme.user.get(NOTES).await.expect(200).body["total"], 0);
    other.user.post(NOTES, json!({ "title": "more" })).await.expect(201);
    acme.user.post(NOTES, json!({ "title": "none" })).await.expect(400);
    // A new record is not there yet when its rule is asked, the one before it in a batch is.
    set_rules(&superadmin, &["create"], "!@twins(n, title)").await;
    let new = json!({ "title": "new", "n": 7 });
    acme.user.post(&format!("{NOTES}/batch"), json!({ "records": [new, new] })).await.expect(400);
    acme.user.post(NOTES, new.clone()).await.expect(201);
    acme.user.post(NOTES, new).await.expect(400);
    server.assert_ready().await;
}

async fn a_macro_sees_its_arguments_and_nothing_of_its_callers_text(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let sql = "SELECT count(*) FROM users WHERE id = @request.auth.id AND :t = 'x''; DROP TABLE users; --'";
    let id = add_macro(&superadmin, "quoted", sql, &["t"]).await;
    set_rules(&superadmin, &ALL, "@quoted(title)").await;
    let evil = "x'; DROP TABLE users; --";
    acme.user.post(NOTES, json!({ "title": evil })).await.expect(201);
    acme.user.post(NOTES, json!({ "title": "' OR 1=1 --" })).await.expect(400);
    assert_eq!(acme.user.get(NOTES).await.expect(200).body["total"], 1);
    let tried = superadmin.post(&format!("/api/v1/macros/{id}/test"), json!({ "parameters": [evil] })).await;
    assert_eq!(tried.expect(200).body["result"], "1");

    // A changed query counts with the next request, whoever asks.
    superadmin
        .put(&format!("/api/v1/macros/{id}"), json!({ "sql_query": "SELECT :t = 'y'" }))
        .await
        .expect(200);
    assert_eq!(acme.user.get(NOTES).await.expect(200).body["total"], 0);
    let refused = superadmin.delete(&format!("/api/v1/macros/{id}")).await.expect(409);
    assert_eq!(refused.body["detail"], "Cannot delete macro 'quoted': it is used in 1 collection rule(s)");
    superadmin.put(&format!("/api/v1/macros/{id}"), json!({ "name": "other" })).await.expect(409);
    let unknown = json!({ "list_rule": "@quotedd(title)" });
    let unknown = superadmin.put("/api/v1/collections/notes/rules", unknown).await.expect(400);
    assert_eq!(unknown.body["detail"], "Invalid list_rule: Unknown macro '@quotedd'");
    set_rules(&superadmin, &ALL, "").await;
    superadmin.delete(&format!("/api/v1/macros/{id}")).await.expect(204);
    server.assert_ready().await;
}

async fn macros_that_cannot_be_asked_deny(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let made = acme.user.post(NOTES, json!({ "title": "a" })).await.expect(201);
    let path = format!("{NOTES}/{}", made.str("id"));
    add_macro(&superadmin, "gone", "SELECT 1 FROM col_nowhere", &[]).await;
    add_macro(&superadmin, "columns", "SELECT * FROM col_notes", &[]).await;
    let changing = add_macro(&superadmin, "changing", "SELECT :a", &["a"]).await;
    let denied = async |why: &str| {
        for reply in [
            acme.user.get(NOTES).await,
            acme.user.get(&path).await,
            acme.user.post(NOTES, json!({ "title": "b" })).await,
            acme.user.patch(&path, json!({ "title": "b" })).await,
            acme.user.delete(&path).await,
        ] {
            let detail = reply.expect(403).body["detail"].clone();
            assert_eq!(detail, "Access denied: rule cannot be evaluated", "{why}");
        }
    };
    for rule in ["@gone()", "@columns"] {
        set_rules(&superadmin, &ALL, rule).await;
        denied(rule).await;
    }
    set_rules(&superadmin, &ALL, "@changing(title)").await;
    acme.user.get(&path).await.expect(200);
    superadmin
        .put(&format!("/api/v1/macros/{changing}"), json!({ "parameters": ["a", "b"] }))
        .await
        .expect(200);
    denied("another number of arguments").await;

    server.database().execute("DELETE FROM macros WHERE name = 'changing'").await.unwrap();
    add_macro(&superadmin, "another", "SELECT 1", &[]).await;
    denied("deleted behind the back").await;
    superadmin.get(&path).await.expect(200);
    server.assert_ready().await;
}

/// A rule that writes is judged while others wait for it.
async fn macros_that_take_too_long_deny_and_hold_nobody_up(database: Database) {
    let (_server, superadmin, acme) = stage(database).await;
    let records: Vec<_> = (0..60).map(|n| json!({ "title": "a", "n": n })).collect();
    let made = acme.user.post(&format!("{NOTES}/batch"), json!({ "records": records })).await.expect(201);
    let id = made.body["created"][0]["id"].as_str().unwrap_or_else(|| panic!("{}", made.text)).to_owned();
    let path = format!("{NOTES}/{id}");
    let tables: Vec<_> = (0..6).map(|n| format!("col_notes t{n}")).collect();
    let slow = format!("SELECT count(*) FROM {} WHERE t0.title <> 'x'", tables.join(", "));
    add_macro(&superadmin, "slow", &slow, &[]).await;
    set_rules(&superadmin, &["create", "update", "delete"], "@slow()").await;
    let fields = json!({ "title": "b" });
    for operation in ["create", "update", "delete"] {
        let began = Instant::now();
        let attempt = async {
            match operation {
                "create" => acme.user.post(NOTES, fields.clone()).await,
                "update" => acme.user.patch(&path, fields.clone()).await,
                _ => acme.user.delete(&path).await,
            }
        };
        let others = async {
            acme.user.post("/api/v1/records/pages", json!({ "note": id })).await.expect(201);
        };
        let (refused, ()) = futures_util::future::join(attempt, others).await;
        let refused = refused.expect(403);
        assert_eq!(refused.body["detail"], "Access denied: rule cannot be evaluated", "{operation}");
        let took = began.elapsed().as_secs();
        assert!((4..20).contains(&took), "{operation} took {took} s");
    }
    let found = acme.user.get(NOTES).await.expect(200);
    assert_eq!(found.body["total"], 60, "nothing was made or deleted");
    assert_eq!(acme.user.get(&path).await.expect(200).body["title"], "a");
    assert_eq!(acme.user.get("/api/v1/records/pages").await.expect(200).body["total"], 3);
}

async fn what_a_macro_must_not_do_is_refused(database: Database) {
    let (server, superadmin, _acme) = stage(database).await;
    for (sql, message) in [
        ("SELECT password_hash FROM users", "Value error, Macro query cannot read table 'users'"),
        (
            "SELECT (SELECT value FROM configurations)",
            "Value error, Macro query cannot read table 'configurations'",
        ),
        ("SELECT pg_sleep(60)", "Value error, Macro query cannot call function 'pg_sleep'"),
        ("SELECT load_extension('x')", "Value error, Macro query cannot call function 'load_extension'"),
        ("SELECT 1; SELECT 2", "Value error, Macro query must be a single statement"),
    ] {
        let refused =
            superadmin.post("/api/v1/macros", json!({ "name": "m", "sql_query": sql })).await.expect(422);
        assert_eq!(refused.body["detail"][0]["msg"], message);
        assert_eq!(refused.body["detail"][0]["loc"], json!(["body", "sql_query"]));
    }
    // What cannot be told by the names alone is not there to be read.
    let id = add_macro(&superadmin, "m", "SELECT max(password_hash) FROM users, col_notes", &[]).await;
    let tried = superadmin.post(&format!("/api/v1/macros/{id}/test"), json!({})).await.expect(422);
    let detail = tried.str("detail");
    assert!(detail.starts_with("Macro execution failed: ") && detail.contains("password_hash"), "{detail}");
    // A query that never ends is cut off.
    let many = "SELECT count(*) FROM (SELECT 1 AS x UNION ALL SELECT 2) a".to_owned()
        + &(0..26)
            .map(|n| format!(", (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 3) t{n}"))
            .collect::<String>();
    superadmin.put(&format!("/api/v1/macros/{id}"), json!({ "sql_query": many })).await.expect(200);
    let begun = std::time::Instant::now();
    let tried = superadmin.post(&format!("/api/v1/macros/{id}/test"), json!({})).await.expect(422);
    assert!(tried.str("detail").starts_with("Macro execution failed: "), "{}", tried.text);
    assert!((4..15).contains(&begun.elapsed().as_secs()), "after {:?}", begun.elapsed());
    server.assert_ready().await;
}

async fn changes_of_macros_are_audited(database: Database) {
    let (_server, superadmin, _acme) = stage(database).await;
    let id = add_macro(&superadmin, "told", "SELECT 1", &[]).await;
    superadmin.patch(&format!("/api/v1/macros/{id}"), json!({ "sql_query": "SELECT 2" })).await.expect(200);
    superadmin.delete(&format!("/api/v1/macros/{id}")).await.expect(204);
    let entries =
        superadmin.get_with("/api/v1/audit-logs", &[("table_name", "macros"), ("limit", "100")]).await;
    let entries = entries.expect(200);
    let told = |operation: &str, column: &str| {
        entries.items().iter().any(|entry| {
            entry["operation"] == operation
                && entry["column_name"] == column
                && entry["record_id"] == json!(id)
        })
    };
    assert!(
        told("CREATE", "name") && told("UPDATE", "sql_query") && told("DELETE", "sql_query"),
        "{}",
        entries.text
    );
}
