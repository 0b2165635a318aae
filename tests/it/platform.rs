//! The installation at a glance, and the history of its schema.

use std::time::Duration;

use serde_json::json;

use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    the_dashboard_counts_what_there_is,
    days_are_counted_one_by_one,
    the_report_tells_how_the_installation_is,
    expressions_are_tried_on_made_up_values,
    the_history_follows_the_collections,
);

async fn the_dashboard_counts_what_there_is(database: Database) {
    std::fs::create_dir_all(database.folder().join("files/a")).unwrap();
    std::fs::write(database.folder().join("files/a/b"), vec![0; 1_572_864]).unwrap();
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let empty = superadmin.get("/api/v1/dashboard/stats").await.expect(200).body;
    assert_eq!(empty["total_records"], 0);
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let schema = json!([{ "name": "title", "type": "text" }]);
    add_collection(&superadmin, "notes", schema.clone(), json!({})).await;
    add_collection(&superadmin, "secrets", schema, json!({ "list_rule": null, "view_rule": null })).await;
    for title in ["a", "b"] {
        acme.user.post("/api/v1/records/notes", json!({ "title": title })).await.expect(201);
    }
    let stats = superadmin.get("/api/v1/dashboard/stats").await.expect(200).body;
    let expected = json!({
        "total_accounts": 2, "total_users": 3, "total_collections": 2, "total_records": 2,
        "new_accounts_7d": 2, "new_users_7d": 3, "active_sessions": 3, "public_collections_count": 1,
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&stats[key], value, "{key}");
    }
    assert_eq!(stats["system_health"], json!({ "database_status": "connected", "storage_usage_mb": 1.5 }));
    let newest = &stats["recent_registrations"][0];
    assert_eq!(newest["email"], acme.user_email.as_str());
    assert_eq!((&newest["account_code"], &newest["account_name"]), (&json!(acme.code), &json!("Acme")));
    server.clock().pass(Duration::from_secs(8 * 86_400));
    let superadmin = server.superadmin().await;
    let later = superadmin.get("/api/v1/dashboard/stats").await.expect(200).body;
    assert_eq!((&later["new_accounts_7d"], &later["new_users_7d"]), (&json!(0), &json!(0)));
    assert_eq!(later["active_sessions"], 1, "the others have expired");
    server.anonymous().get("/api/v1/dashboard/stats").await.expect(401);
}

async fn days_are_counted_one_by_one(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let note = acme.user.post("/api/v1/records/notes", json!({ "title": "a" })).await.expect(201);
    let note = format!("/api/v1/records/notes/{}", note.str("id"));
    acme.user.patch(&note, json!({ "title": "b" })).await.expect(200);
    acme.user.delete(&note).await.expect(204);
    server.clock().pass(Duration::from_secs(2 * 86_400));
    let superadmin = server.superadmin().await;
    // Changes come into the log behind the reply.
    let mut series = json!(null);
    for _ in 0..200 {
        series = superadmin.get("/api/v1/dashboard/series?days=3").await.expect(200).body;
        if series["points"][0]["deletes"] == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let points = series["points"].as_array().unwrap();
    assert_eq!(points.len(), 3, "{series}");
    assert_eq!((&points[0]["date"], &points[2]["date"]), (&series["from"], &series["to"]));
    let first = &points[0];
    assert_eq!((&first["accounts"], &first["users"]), (&json!(2), &json!(3)), "{series}");
    assert_eq!(first["deletes"], 1, "{series}");
    // The note and the verified users; the note, the collection, the account and its users.
    let at_least = |key: &str, n: u64| first[key].as_u64().is_some_and(|found| found >= n);
    assert!(at_least("updates", 1) && at_least("creates", 5), "{series}");
    assert_eq!(points[1]["creates"], 0);
    let default = superadmin.get("/api/v1/dashboard/series").await.expect(200).body;
    assert_eq!(default["points"].as_array().unwrap().len(), 30);
    for days in ["0", "366", "x"] {
        superadmin.get(&format!("/api/v1/dashboard/series?days={days}")).await.expect(422);
    }
    let admin = server.anonymous().signed_in(&acme.code, &format!("admin@{}.com", acme.slug)).await;
    admin.get("/api/v1/dashboard/series").await.expect(403);
    server.anonymous().get("/api/v1/dashboard/series").await.expect(401);
}

async fn the_report_tells_how_the_installation_is(database: Database) {
    let kind = if database.is_sqlite() { "sqlite" } else { "postgres" };
    let limits = [
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_PER_MINUTE", "600"),
        ("RATE_LIMIT_BURST", "500"),
        ("RATE_LIMIT_ENDPOINTS", "{\"/api/v1/roles\": 1}"),
    ];
    let server = Server::start_with(database, &limits);
    let superadmin = server.superadmin().await;
    let report = superadmin.get("/api/v1/admin/health").await.expect(200).body;
    assert_eq!(report["database"]["kind"], kind);
    assert!(report["database"]["size_bytes"].as_u64().unwrap() > 10_000, "{report}");
    assert_eq!(report["realtime"], json!({ "enabled": true, "connections": 0, "subscriptions": 0 }));
    assert_eq!(report["files"], json!({ "count": 0, "bytes": 0 }));
    let limit = &report["rate_limit"];
    assert_eq!(
        (&limit["enabled"], &limit["per_minute"], &limit["burst"]),
        (&json!(true), &json!(600), &json!(500))
    );
    assert_eq!((&limit["endpoints"], &limit["refused"]), (&json!({ "/api/v1/roles": 1 }), &json!([])));
    let mut refused = 0;
    for _ in 0..505 {
        if server.anonymous().get("/api/v1/roles").await.status == 429 {
            refused += 1;
        }
    }
    assert!(refused > 0);
    let report = superadmin.get("/api/v1/admin/health").await.expect(200).body;
    let told = &report["rate_limit"]["refused"][0];
    assert_eq!((&told["refused"], &told["path"]), (&json!(refused), &json!("/api/v1/roles")), "{report}");
    assert_eq!(told["key"], "ip:127.0.0.1");
    server.anonymous().get("/api/v1/admin/health").await.expect(401);
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    acme.admin.get("/api/v1/admin/health").await.expect(403);
}

async fn expressions_are_tried_on_made_up_values(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "first", "type": "text" }, { "name": "price", "type": "number" },
        { "name": "due", "type": "datetime" },
    ]);
    let body = |expression: &str| {
        json!({ "schema": schema, "expression": expression,
            "record": { "first": "Ann", "price": 2.5, "due": "2026-03-01T10:00:00Z", "unknown": 1 } })
    };
    for (expression, ty, value) in [
        ("upper(first)", "text", json!("ANN")),
        ("price * 2", "number", json!(5)),
        ("price > 2", "boolean", json!(true)),
        ("due", "datetime", json!("2026-03-01T10:00:00+00:00")),
        ("concat(first, updated_by)", "text", json!(null)),
    ] {
        let reply = superadmin.post("/api/v1/rules/compute", body(expression)).await.expect(200);
        assert_eq!(reply.body["type"], ty, "{expression}: {}", reply.text);
        if !value.is_null() {
            assert_eq!(reply.body["value"], value, "{expression}: {}", reply.text);
        }
    }
    for expression in ["price *", "nothing + 1", "@request.auth.id", "upper()"] {
        let refused = superadmin.post("/api/v1/rules/compute", body(expression)).await.expect(400);
        assert_eq!(refused.body["details"][0]["field"], "expression", "{}", refused.text);
    }
    superadmin.post("/api/v1/rules/compute", json!({ "expression": "1" })).await.expect(422);
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    acme.admin.post("/api/v1/rules/compute", body("price")).await.expect(403);
}

async fn the_history_follows_the_collections(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let list = superadmin.get("/api/v1/migrations").await.expect(200);
    let revisions = list.body["revisions"].as_array().unwrap();
    assert_eq!(list.body["total"], revisions.len());
    for (n, revision) in revisions.iter().enumerate() {
        assert_eq!(revision["branch_labels"], json!(["core"]));
        assert_eq!((&revision["is_applied"], &revision["is_head"]), (&json!(true), &json!(n == 0)));
        let before = revisions.get(n + 1).map(|before| before["revision"].clone());
        assert_eq!(revision["down_revision"], before.unwrap_or_default());
    }
    let current = list.str("current_revision").to_owned();
    assert_eq!(list.headers["etag"], format!("\"{current}\""));
    assert_eq!(list.headers["cache-control"], "private, max-age=60");
    let again = superadmin.with_header("if-none-match", &format!("\"x\", W/\"{current}\""));
    let unchanged = again.get("/api/v1/migrations").await.expect(304);
    assert_eq!((unchanged.text.as_str(), &unchanged.headers["etag"]), ("", &list.headers["etag"]));
    let id =
        add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let changed = again.get("/api/v1/migrations/current").await.expect(200);
    assert_eq!(changed.str("description"), "create collection notes");
    let fields =
        json!({ "schema": [{ "name": "title", "type": "text" }, { "name": "n", "type": "number" }] });
    superadmin.put(&format!("/api/v1/collections/{id}"), fields).await.expect(200);
    // What is refused leaves no revision behind.
    let wrong = json!({ "schema": [{ "name": "n", "type": "text" }] });
    superadmin.put(&format!("/api/v1/collections/{id}"), wrong).await.expect(400);
    superadmin.delete(&format!("/api/v1/collections/{id}")).await.expect(200);
    let history = superadmin.get("/api/v1/migrations/history").await.expect(200);
    let steps = history.body["history"].as_array().unwrap();
    let dynamic: Vec<_> = steps.iter().filter(|step| step["is_dynamic"] == true).collect();
    let descriptions: Vec<_> = dynamic.iter().map(|step| step["description"].as_str().unwrap()).collect();
    assert_eq!(
        descriptions,
        ["create collection notes", "update collection notes", "delete collection notes"]
    );
    assert_eq!(steps.len(), revisions.len() + 3);
    assert_eq!(steps[steps.len() - 3..].iter().collect::<Vec<_>>(), dynamic, "oldest first");
    let newest = superadmin.get("/api/v1/migrations").await.expect(200).body["revisions"][0].clone();
    assert_eq!((&newest["branch_labels"], &newest["is_head"]), (&json!(["dynamic"]), &json!(true)));
    for path in ["", "/current", "/history"] {
        server.anonymous().get(&format!("/api/v1/migrations{path}")).await.expect(401);
    }
}
