//! What callers are answered, and what no account can have them answered.

use serde_json::{Value, json};

use super::{World, path};
use crate::on_each_database;
use crate::server::Database;

on_each_database!(
    no_header_can_be_smuggled_in,
    statuses_may_be_filled_in,
    texts_are_sent_as_they_are_where_nothing_runs_them,
    large_replies_are_kept_in_part,
);

async fn no_header_can_be_smuggled_in(database: Database) {
    let world = World::new(database).await;
    let template = json!({ "headers": {
        "X-Given": "{{request.query.v}}", "X-Fine": "a{{request.query.v}}", "X-Frame-Options": "ALLOWALL",
        "Content-Security-Policy": "script-src *", "X-Content-Type-Options": "sniff",
    } });
    let endpoint = world.create(json!({ "response_template": template })).await;
    let reply = world.get("/e?v=%E2%9C%93%201").await.expect(200);
    assert_eq!(reply.headers["x-given"].as_bytes(), "✓ 1".as_bytes());
    for evil in ["a%0d%0aSet-Cookie:%20s=1", "%0a", "a%0d", "%7f", "%01"] {
        let reply = world.get(&format!("/e?v={evil}")).await.expect(200);
        for absent in ["x-given", "x-fine", "set-cookie"] {
            assert!(!reply.headers.contains_key(absent), "{evil} {absent}");
        }
    }
    let all = |name: &str| reply.headers.get_all(name).iter().collect::<Vec<_>>();
    assert_eq!(all("x-frame-options"), ["DENY"]);
    assert_eq!(all("x-content-type-options"), ["nosniff"]);
    assert_eq!(all("content-security-policy"), ["default-src 'none'; sandbox; frame-ancestors 'none'"]);
    let status = world.acme.admin.get(&path(&endpoint, "/executions")).await.expect(200).each("status");
    assert!(status.iter().all(|status| status == "success"), "{status:?}");
}

async fn statuses_may_be_filled_in(database: Database) {
    let world = World::new(database).await;
    let template = json!({ "status": "{{request.query.s}}", "body": { "s": "{{request.query.s}}" } });
    let endpoint = world.create(json!({ "response_template": template })).await;
    assert_eq!(world.get("/e?s=418").await.expect(418).body, json!({ "s": "418" }));
    for status in ["204", "304"] {
        let reply = world.get(&format!("/e?s={status}")).await.expect(status.parse().unwrap());
        assert_eq!(reply.text, "");
        assert_eq!(world.executions(&endpoint).await[0]["response_body"], Value::Null);
    }
    for wrong in ["", "x", "100", "600", "-1", "200.5"] {
        let reply = world.get(&format!("/e?s={wrong}")).await.expect(500);
        assert_eq!(reply.body, json!({ "detail": "Invalid response template" }), "{wrong}");
        let execution = world.executions(&endpoint).await[0].clone();
        assert_eq!((&execution["status"], &execution["http_status"]), (&json!("failed"), &json!(500)));
        assert_eq!(execution["error_message"], "Invalid response template");
    }
}

async fn texts_are_sent_as_they_are_where_nothing_runs_them(database: Database) {
    let world = World::new(database).await;
    for (n, (kind, text)) in [
        (None, "\"a,b\""),
        (Some("text/plain; charset=utf-8"), "a,b"),
        (Some("text/csv"), "a,b"),
        (Some("text/html"), "\"a,b\""),
        (Some("text/javascript"), "\"a,b\""),
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("/t{n}");
        let mut template = json!({ "body": "a,b" });
        if let Some(kind) = kind {
            template["headers"] = json!({ "content-type": kind });
        }
        world.create(json!({ "path": path, "response_template": template })).await;
        let reply = world.get(&path).await.expect(200);
        assert_eq!(reply.headers["content-type"], kind.unwrap_or("application/json"));
        assert_eq!(reply.text, text);
    }
}

async fn large_replies_are_kept_in_part(database: Database) {
    let world = World::new(database).await;
    let actions = json!([{ "type": "transform", "output": ["{{request.body.text}}"] }]);
    let endpoint = world.create(json!({ "method": "POST", "actions": actions })).await;
    let text = "é".repeat(40_000);
    let body = json!({ "text": text });
    let reply = world.server.anonymous().post(&world.url("/e"), body).await.expect(200);
    assert_eq!(reply.body, json!([text]));
    let execution = world.executions(&endpoint).await[0].clone();
    for kept in [&execution["response_body"], &execution["request_data"]["body"]] {
        let kept = kept.as_str().unwrap();
        assert!((65_000..=65_536).contains(&kept.len()), "{}", kept.len());
    }
}
