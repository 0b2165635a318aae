//! Who may make, see, change and delete endpoints, and what holds afterwards.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{ENDPOINTS, World, described, path};
use crate::on_each_database;
use crate::server::Database;

on_each_database!(
    admins_manage_endpoints_of_their_account_and_nobody_else,
    superadmins_act_in_the_account_that_they_name,
    the_limit_and_the_place_hold_when_many_ask_at_once,
    what_cannot_be_is_refused_and_changes_nothing,
    changes_are_audited_without_secrets,
    what_is_changed_elsewhere_holds_within_a_second,
    endpoints_are_described,
);

/// All calls about an endpoint.
fn calls(endpoint: &Value) -> Vec<(Method, String, Option<Value>)> {
    vec![
        (Method::GET, path(endpoint, ""), None),
        (Method::PUT, path(endpoint, ""), Some(json!({ "enabled": false }))),
        (Method::PATCH, path(endpoint, "/toggle"), None),
        (Method::GET, path(endpoint, "/executions"), None),
        (Method::DELETE, path(endpoint, ""), None),
    ]
}

async fn admins_manage_endpoints_of_their_account_and_nobody_else(database: Database) {
    let world = World::new(database).await;
    let endpoint = world.create(json!({})).await;
    let whole = [
        (Method::GET, ENDPOINTS.to_owned(), None),
        (Method::GET, format!("{ENDPOINTS}/openapi.json"), None),
        (Method::POST, ENDPOINTS.to_owned(), Some(described(json!({ "path": "/other" })))),
    ];
    for (method, path, body) in whole.into_iter().chain(calls(&endpoint)) {
        let denied = world.acme.user.send(method.clone(), &path, body.clone()).await.expect(403);
        assert_eq!(denied.body, json!({ "detail": "Admin access required" }));
        let unknown = world.server.anonymous().send(method, &path, body).await.expect(401);
        assert_eq!(unknown.body, json!({ "detail": "Missing authentication credentials" }));
    }
    let query = format!("?account_id={}", world.acme.id);
    for (method, path, body) in calls(&endpoint) {
        for client in [&world.other.admin, &world.superadmin] {
            let absent = client.send(method.clone(), &path, body.clone()).await.expect(404);
            assert_eq!(absent.body, json!({ "detail": "Endpoint not found" }), "{method} {path}");
        }
        // For others the parameter has no effect.
        world.other.admin.send(method, &format!("{path}{query}"), body).await.expect(404);
    }
    let seen = world.other.admin.get(&format!("{ENDPOINTS}{query}")).await.expect(200);
    assert_eq!(seen.body, json!({ "items": [], "total": 0 }));
    assert_eq!(world.acme.admin.get(&path(&endpoint, "")).await.expect(200).body, endpoint);
    world.get("/e").await.expect(200);
}

async fn superadmins_act_in_the_account_that_they_name(database: Database) {
    let world = World::new(database).await;
    let query = format!("?account_id={}", world.acme.id);
    let body = described(json!({ "actions": [{ "type": "transform", "output": "{{auth.account_id}}" }] }));
    let made = world.superadmin.post(&format!("{ENDPOINTS}{query}"), body.clone()).await.expect(201).body;
    assert_eq!(made["account_id"], json!(world.acme.id));
    assert_eq!(world.get("/e").await.expect(200).body, json!(world.acme.id));
    world.superadmin.delete(&format!("{}{query}", path(&made, ""))).await.expect(204);
    world.get("/e").await.expect(404);
    let nowhere = format!("{ENDPOINTS}?account_id=00000000-0000-4000-8000-000000000404");
    let refused = world.superadmin.post(&nowhere, body).await.expect(404);
    assert_eq!(refused.body, json!({ "detail": "Account not found" }));
}

async fn the_limit_and_the_place_hold_when_many_ask_at_once(database: Database) {
    let world = World::with(database, &[("MAX_ENDPOINTS_PER_ACCOUNT", "3")]).await;
    let ask = async |paths: &[&str]| {
        let mut asking = JoinSet::new();
        for path in paths {
            let (admin, body) = (world.acme.admin.clone(), described(json!({ "path": path })));
            asking.spawn(async move { admin.post(ENDPOINTS, body).await });
        }
        let mut replies = asking.join_all().await;
        replies.sort_by_key(|reply| reply.status);
        replies
    };
    let same = ask(&["/same"; 6]).await;
    assert_eq!(same.iter().filter(|reply| reply.status == 201).count(), 1);
    let taken = "An endpoint with path '/same' and method 'GET' already exists for this account";
    assert_eq!(same[1].body, json!({ "detail": taken }));
    let more = ask(&["/a", "/b", "/c", "/d", "/e", "/f"]).await;
    assert_eq!(more.iter().map(|reply| reply.status).collect::<Vec<_>>(), [201, 201, 409, 409, 409, 409]);
    let full = "Account has reached the maximum of 3 custom endpoints";
    assert_eq!(more[5].body, json!({ "detail": full }));
    assert_eq!(world.acme.admin.get(ENDPOINTS).await.expect(200).body["total"], 3);
    world.other.admin.post(ENDPOINTS, described(json!({}))).await.expect(201);
}

async fn what_cannot_be_is_refused_and_changes_nothing(database: Database) {
    let world = World::new(database).await;
    let endpoint = world.create(json!({ "description": "d" })).await;
    let supported = "aggregate_records, create_record, delete_record, enqueue_job, query_records, send_email, \
                     send_webhook, transform, update_record";
    for (body, detail) in [
        (json!({ "condition": "a = = 1" }), "Invalid condition:".to_owned()),
        (json!({ "condition": "nothing(1)" }), "Invalid condition:".to_owned()),
        (
            json!({ "actions": [{ "type": "dance" }] }),
            format!("Unknown action type 'dance'. Supported: {supported}"),
        ),
        (json!({ "actions": [{}] }), format!("Unknown action type ''. Supported: {supported}")),
        (json!({ "response_template": { "status": 99 } }), "Invalid response_template: status".to_owned()),
        (
            json!({ "response_template": { "headers": { "Set-Cookie": "a=b" } } }),
            "Invalid response_template: header 'Set-Cookie'".to_owned(),
        ),
    ] {
        let made = world.acme.admin.post(ENDPOINTS, described(body.clone())).await.expect(422);
        assert!(made.str("detail").starts_with(&detail), "{}", made.text);
        let mut changes = body;
        changes["name"] = json!("changed");
        let changed = world.acme.admin.put(&path(&endpoint, ""), changes).await.expect(422);
        assert!(changed.str("detail").starts_with(&detail), "{}", changed.text);
    }
    for (body, kind, field) in [
        (json!({ "actions": ["x"] }), "dict_type", json!(["body", "actions", 0])),
        (json!({ "response_template": [] }), "dict_type", json!(["body", "response_template"])),
        (json!({ "name": "" }), "string_too_short", json!(["body", "name"])),
        (json!({ "name": "x".repeat(201) }), "string_too_long", json!(["body", "name"])),
        (json!({ "path": format!("/{}", "a".repeat(500)) }), "value_error", json!(["body", "path"])),
        (json!({ "method": "HEAD" }), "literal_error", json!(["body", "method"])),
    ] {
        for refused in [
            world.acme.admin.post(ENDPOINTS, described(body.clone())).await,
            world.acme.admin.put(&path(&endpoint, ""), body.clone()).await,
        ] {
            let fault = refused.expect(422).body["detail"][0].clone();
            assert_eq!((&fault["type"], &fault["loc"]), (&json!(kind), &field));
        }
    }
    assert_eq!(world.acme.admin.get(&path(&endpoint, "")).await.expect(200).body, endpoint);
    assert_eq!(world.acme.admin.get(ENDPOINTS).await.expect(200).body["total"], 1);
    let change = json!({ "description": "", "name": null });
    let cleared = world.acme.admin.put(&path(&endpoint, ""), change).await.expect(200).body;
    assert_eq!((&cleared["description"], &cleared["name"]), (&json!(""), &json!("E")));
}

async fn changes_are_audited_without_secrets(database: Database) {
    let world = World::new(database).await;
    let action = json!({ "type": "send_webhook", "url": "https://example.com/",
        "headers": { "Authorization": "Bearer s3cret" } });
    let template = json!({ "headers": { "X-Token": "s3cret" } });
    let endpoint = world.create(json!({ "actions": [action], "response_template": template })).await;
    world.acme.admin.put(&path(&endpoint, ""), json!({ "path": "/moved" })).await.expect(200);
    world.acme.admin.patch(&path(&endpoint, "/toggle"), json!({})).await.expect(200);
    world.acme.admin.delete(&path(&endpoint, "")).await.expect(204);
    let rows = world.acme.admin.get("/api/v1/audit-logs?table_name=endpoints&limit=100").await.expect(200);
    assert!(!rows.text.contains("s3cret") && rows.text.contains("********"), "{}", rows.text);
    let seen = |operation: &str, column: &str| {
        let mut rows = rows.items().iter();
        rows.any(|row| row["operation"] == operation && row["column_name"] == column)
    };
    for (operation, column) in
        [("CREATE", "actions"), ("UPDATE", "path"), ("UPDATE", "enabled"), ("DELETE", "response_template")]
    {
        assert!(seen(operation, column), "{operation} {column}");
    }
}

async fn what_is_changed_elsewhere_holds_within_a_second(database: Database) {
    let world = World::new(database).await;
    let endpoint = world.create(json!({ "actions": [{ "type": "transform", "output": 1 }] })).await;
    assert_eq!(world.get("/e").await.expect(200).body, json!(1));
    // Somebody imports what the API would refuse; it counts as not holding.
    let broken = "UPDATE endpoints SET condition = '(('; UPDATE automation_state SET revision = revision + 1";
    world.server.database().execute(broken).await.unwrap();
    world.becomes("/e", 403).await;
    if !world.server.database().is_sqlite() {
        let node = world.server.beside(&[]);
        let there = node.anonymous().with_token(world.acme.admin.token());
        there.put(&path(&endpoint, ""), json!({ "condition": "" })).await.expect(200);
        assert_eq!(node.anonymous().get(&world.url("/e")).await.expect(200).body, json!(1));
        world.becomes("/e", 200).await;
        there.delete(&path(&endpoint, "")).await.expect(204);
        world.becomes("/e", 404).await;
    }
}

async fn endpoints_are_described(database: Database) {
    let world = World::new(database).await;
    let template = json!({ "status": 201 });
    world.create(json!({ "path": "/o/:id", "name": "One", "description": "d", "auth_required": true })).await;
    world.create(json!({ "path": "/o/:key", "method": "POST", "response_template": template })).await;
    world.create(json!({ "path": "/o/:other", "name": "Never called" })).await;
    world.create(json!({ "path": "/off", "enabled": false })).await;
    let described = world.acme.admin.get(&format!("{ENDPOINTS}/openapi.json")).await.expect(200).body;
    assert_eq!(described["openapi"], "3.1.0");
    assert_eq!(described["servers"], json!([{ "url": world.url("") }]));
    let paths = &described["paths"];
    assert_eq!(paths.as_object().unwrap().keys().collect::<Vec<_>>(), ["/o/{id}"]);
    let (read, made) = (&paths["/o/{id}"]["get"], &paths["/o/{id}"]["post"]);
    let names = json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    assert_eq!((&read["parameters"], &made["parameters"]), (&names, &names));
    assert_eq!((&read["summary"], &read["description"]), (&json!("One"), &json!("d")));
    assert_eq!((&read["operationId"], &made["operationId"]), (&json!("get_o_id"), &json!("post_o_id")));
    let statuses = |operation: &Value| -> Vec<String> {
        operation["responses"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(statuses(read), ["200", "401", "403"]);
    assert_eq!(statuses(made), ["201"]);
    assert!(read.get("requestBody").is_none() && made.get("requestBody").is_some());
    assert_eq!(read["security"], json!([{ "bearer": [] }]));
}
