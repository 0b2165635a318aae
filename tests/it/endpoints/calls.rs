//! Who may call, what is understood of a call, and what is written down.

use reqwest::Method;
use serde_json::{Value, json};

use super::{World, path};
use crate::on_each_database;
use crate::server::Database;
use crate::tenant::add_collection;

on_each_database!(
    strangers_act_as_nobody_and_only_in_the_account,
    who_is_not_signed_in_does_not_pass_for_somebody,
    bodies_of_all_kinds_are_understood,
    paths_are_taken_as_they_come,
    secrets_are_not_written_down,
    only_the_five_methods_are_known,
);

async fn strangers_act_as_nobody_and_only_in_the_account(database: Database) {
    let world = World::new(database).await;
    let schema = json!([{ "name": "title", "type": "text" }]);
    add_collection(&world.superadmin, "notes", schema, json!({ "create_rule": null })).await;
    let output = json!({ "u": "[{{auth.user_id}}{{auth.email}}]", "a": "{{auth.account_id}}" });
    let endpoint = world
        .create(json!({
            "method": "POST",
            "actions": [
                { "type": "create_record", "collection": "notes",
                    "data": { "title": "{{request.body.t}}" } },
                { "type": "transform", "output": output },
            ],
        }))
        .await;
    let body = json!({ "t": "by a stranger", "account_id": world.other.id });
    for stranger in [&world.server.anonymous(), &world.other.user, &world.superadmin] {
        let reply = stranger.post(&world.url("/e"), body.clone()).await.expect(200);
        assert_eq!(reply.body, json!({ "u": "[]", "a": world.acme.id }));
    }
    let reply = world.acme.user.post(&world.url("/e"), body).await.expect(200);
    assert_eq!(reply.body["u"], json!(format!("[{}{}]", world.acme.user_id, world.acme.user_email)));
    let made = world.acme.admin.get("/api/v1/records/notes?sort=%2Bcreated_at").await.expect(200);
    let (admin, user) = (json!(world.acme.admin_id), json!(world.acme.user_id));
    assert_eq!(made.each("created_by"), [admin.clone(), admin.clone(), admin, user]);
    let theirs = world.other.admin.get("/api/v1/records/notes").await.expect(200);
    assert_eq!(theirs.body["total"], 0);
    world.acme.admin.put(&path(&endpoint, ""), json!({ "auth_required": true })).await.expect(200);
    for stranger in [&world.other.admin, &world.superadmin] {
        let refused = stranger.post(&world.url("/e"), json!({})).await.expect(403);
        assert_eq!(refused.body, json!({ "detail": "Access denied: account mismatch" }));
    }
    let refused = world.server.anonymous().post(&world.url("/e"), json!({})).await.expect(401);
    assert_eq!(refused.headers["www-authenticate"], "Bearer");
    let made = world.acme.admin.get("/api/v1/records/notes").await.expect(200);
    assert_eq!(made.body["total"], 4);
    assert_eq!(world.executions(&endpoint).await.len(), 4);
}

async fn who_is_not_signed_in_does_not_pass_for_somebody(database: Database) {
    let world = World::new(database).await;
    for (n, condition) in ["auth.user_id != ''", "auth.email", "!(auth.user_id = '')"].into_iter().enumerate()
    {
        let path = format!("/c{n}");
        world.create(json!({ "path": path, "condition": condition })).await;
        let denied = world.get(&path).await.expect(403);
        assert_eq!(denied.body, json!({ "detail": "Access denied: condition not satisfied" }));
        world.other.admin.get(&world.url(&path)).await.expect(403);
        world.acme.user.get(&world.url(&path)).await.expect(200);
    }
}

async fn bodies_of_all_kinds_are_understood(database: Database) {
    let world = World::new(database).await;
    let echo =
        json!([{ "type": "transform", "output": "{{request.body}}|{{request.body.a}}|{{request.body.0}}" }]);
    for method in ["POST", "DELETE"] {
        world.create(json!({ "method": method, "actions": echo })).await;
    }
    let send = async |method, kind: &str, body: &str| {
        let url = world.url("/e");
        world.server.anonymous().send_bytes(method, &url, kind, body.as_bytes().to_vec()).await
    };
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    for (kind, body, seen) in [
        ("application/json", "{\"a\": 1.0}", "{\"a\":1.0}|1|"),
        ("Application/JSON; charset=utf-8", "{\"a\": true}", "{\"a\":true}|true|"),
        ("application/json", "[\"x\", 2]", "[\"x\",2]||x"),
        ("application/json", "\"text\"", "text||"),
        ("application/json", "12", "12||"),
        ("application/json", "null", "||"),
        ("application/json", "", "{}||"),
        ("application/json", "{\"a\":", "{}||"),
        ("application/json", &deep, "{}||"),
        ("application/vnd.api+json", "{\"a\": 1}", "{}||"),
        ("text/plain", "{\"a\": 1}", "{}||"),
        ("application/x-www-form-urlencoded", "a=1", "{}||"),
    ] {
        let reply = send(Method::POST, kind, body).await.expect(200);
        assert_eq!(reply.body, json!(seen), "{kind} {body:.40}");
    }
    assert_eq!(send(Method::DELETE, "application/json", "{\"a\": 1}").await.expect(200).body, json!("{}||"));
    let refused = send(Method::POST, "application/json", "{\"a\": \"\\u0000\"}").await.expect(422);
    assert_eq!(refused.body["detail"][0]["loc"], json!(["body", "a"]));
    world.get("/e?q=%00").await.expect(404);
    let large = vec![b' '; 11 * 1024 * 1024];
    let (client, url) = (world.server.anonymous(), world.url("/e"));
    client.send_bytes(Method::POST, &url, "application/json", large).await.expect(413);
}

async fn paths_are_taken_as_they_come(database: Database) {
    let world = World::new(database).await;
    for path in ["/", "/f/:name.:kind", "/s/"] {
        let output = json!({ "path": path, "name": "{{request.params.name}}", "q": "{{request.query.q}}" });
        world.create(json!({ "path": path, "actions": [{ "type": "transform", "output": output }] })).await;
    }
    for (asked, path, name) in [
        ("", "/", ""),
        ("/", "/", ""),
        ("/f/a%2eb.c", "/f/:name.:kind", "a.b"),
        ("/f/%C3%A9%20%2525.c?q=1&q=a+b%26", "/f/:name.:kind", "é %25"),
        ("/s/", "/s/", ""),
        ("/s%2f", "/s/", ""),
    ] {
        let reply = world.get(asked).await.expect(200);
        assert_eq!((&reply.body["path"], &reply.body["name"]), (&json!(path), &json!(name)), "{asked}");
        if asked.contains('?') {
            assert_eq!(reply.body["q"], "a b&");
        }
    }
    for asked in ["/s", "//", "/f/a", "/f/a.b/", "/F/a.b", "/f%2Fa%2Fb.c"] {
        let absent = world.get(asked).await.expect(404);
        assert_eq!(absent.body, json!({ "detail": "No matching custom endpoint found" }), "{asked}");
    }
    for slug in [world.acme.code.as_str(), world.acme.id.as_str(), "nowhere"] {
        let absent = world.server.anonymous().get(&format!("/api/v1/x/{slug}/s/")).await.expect(404);
        assert_eq!(absent.body, json!({ "detail": format!("Account '{slug}' not found") }));
    }
    world.server.anonymous().get("/api/v1/x").await.expect(404);
}

async fn secrets_are_not_written_down(database: Database) {
    let world = World::new(database).await;
    let actions = json!([{ "type": "transform", "output": { "token": "t0ken", "seen": true } }]);
    let endpoint = world.create(json!({ "path": "/r/:token", "method": "POST", "actions": actions })).await;
    let body = json!({ "password": "p4ss", "list": [{ "api_key": "k3y" }], "plain": "shown" });
    let reply = world.server.anonymous().post(&world.url("/r/p4th?secret=q&q=1"), body).await.expect(200);
    assert_eq!(reply.body["token"], "t0ken");
    let execution = world.executions(&endpoint).await[0].clone();
    let hidden = "********";
    assert_eq!(
        execution["request_data"],
        json!({
            "method": "POST", "path": format!("/r/{hidden}"), "params": { "token": hidden },
            "query": { "secret": hidden, "q": "1" },
            "body": { "password": hidden, "list": [{ "api_key": hidden }], "plain": "shown" },
        })
    );
    assert_eq!(execution["response_body"], json!({ "token": hidden, "seen": true }));
}

async fn only_the_five_methods_are_known(database: Database) {
    let world = World::new(database).await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let actions = json!([{ "type": "transform", "output": method }]);
        world.create(json!({ "method": method, "actions": actions })).await;
        let reply = world.server.anonymous().send(method.parse().unwrap(), &world.url("/e"), None).await;
        assert_eq!(reply.expect(200).body, json!(method));
    }
    for method in ["HEAD", "OPTIONS", "TRACE", "PURGE"] {
        let reply = world.server.anonymous().send(method.parse().unwrap(), &world.url("/e"), None).await;
        assert_eq!(reply.expect(405).headers["allow"], "GET, POST, PUT, PATCH, DELETE", "{method}");
    }
    let executions: Value = world.acme.admin.get("/api/v1/endpoints?method=get").await.expect(200).body;
    assert_eq!(world.executions(&executions["items"][0]).await.len(), 1);
}
