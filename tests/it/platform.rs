//! The installation at a glance, and the history of its schema.

use std::time::Duration;

use serde_json::json;

use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(the_dashboard_counts_what_there_is, the_history_follows_the_collections);

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
