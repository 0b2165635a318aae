//! What receivers are told, how often, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use snackbase_domain::automation::EventKind;
use tokio::task::JoinSet;

use super::{World, object, path};
use crate::on_each_database;
use crate::receiver::Request;
use crate::server::Database;

on_each_database!(
    a_change_is_told_and_signed,
    an_event_is_told_once_however_often_it_is_handed_on,
    what_fails_is_tried_again_until_it_arrives,
    a_webhook_that_is_disabled_or_deleted_is_not_tried_again,
    a_delivery_is_made_again_by_hand,
    own_headers_do_not_speak_for_the_server,
    a_test_is_sent_at_once_and_leaves_nothing,
    answers_are_kept_in_part_and_redirects_not_followed,
    lists_are_parted,
);

fn hmac(secret: &str, text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Checks what a receiver checks.
#[track_caller]
fn assert_signed(request: &Request, secret: &str) {
    let hex: String = hmac(secret, &request.body).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(request.header("x-snackbase-signature"), format!("sha256={hex}"));
    let (id, time) = (request.header("webhook-id"), request.header("webhook-timestamp"));
    let signed = STANDARD.encode(hmac(secret, &format!("{id}.{time}.{}", request.body)));
    assert_eq!(request.header("webhook-signature"), format!("v1,{signed}"));
}

async fn a_change_is_told_and_signed(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({ "secret": "s3cr3t" })).await;
    let mut event = world.event(EventKind::RecordUpdated, json!({ "id": "r", "title": "é", "n": 2 }));
    event.previous = Some(object(json!({ "id": "r", "title": "e", "n": 1 })));
    world.dispatch(&event).await;
    let request = world.receiver.until_received(1).await.remove(0);
    let told = request.json();
    let time = event.occurred_at.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string();
    let expected = json!({
        "event": "records.update", "collection": "things", "record": event.record, "previous": event.previous,
        "timestamp": time, "webhook_id": webhook["id"], "account_id": world.acme.id,
    });
    assert_eq!(told, expected);
    assert_eq!(request.line, "POST /in");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("x-snackbase-event"), "records.update");
    assert_eq!(json!(request.header("x-snackbase-webhook-id")), webhook["id"]);
    let agent = format!("SnackBase-Webhook/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), agent);
    assert_signed(&request, "s3cr3t");
    let delivery = world.newest_becomes(&webhook, "delivered").await;
    assert_eq!(json!(request.header("x-snackbase-delivery")), delivery["id"]);
    assert_eq!(request.header("webhook-id"), request.header("x-snackbase-delivery"));
    let expected = json!({
        "id": delivery["id"], "webhook_id": webhook["id"], "event": "records.update", "payload": told,
        "response_status": 200, "response_body": "ok", "attempt_number": 1,
        "delivered_at": delivery["delivered_at"], "next_retry_at": null, "status": "delivered",
        "created_at": delivery["created_at"],
    });
    assert_eq!(delivery, expected);
    assert!(delivery["delivered_at"].is_string());

    world.dispatch(&world.event(EventKind::RecordDeleted, json!({ "id": "r", "title": "é" }))).await;
    let told = world.receiver.until_received(2).await.remove(1).json();
    assert_eq!((&told["record"], &told["previous"]), (&json!({}), &json!({ "id": "r", "title": "é" })));
}

async fn an_event_is_told_once_however_often_it_is_handed_on(database: Database) {
    let world = World::new(database).await;
    let one = world.create(json!({ "url": world.receiver.url("/one") })).await;
    world.create(json!({ "url": world.receiver.url("/two") })).await;
    world.create(json!({ "url": world.receiver.url("/none"), "filter": "n > 1" })).await;
    let event = world.event(EventKind::RecordCreated, json!({ "id": "r", "n": 1 }));
    let webhooks = world.server.services().webhooks.clone();
    let event = Arc::new(event);
    let mut handing_on = JoinSet::new();
    for _ in 0..8 {
        let (webhooks, event) = (webhooks.clone(), event.clone());
        handing_on.spawn(async move { webhooks.dispatch(&event).await });
    }
    for done in handing_on.join_all().await {
        done.unwrap();
    }
    world.newest_becomes(&one, "delivered").await;
    let mut lines: Vec<_> = world.receiver.until_received(2).await.into_iter().map(|r| r.line).collect();
    lines.sort();
    assert_eq!(lines, ["POST /one", "POST /two"]);
    let jobs = world.superadmin.get("/api/v1/admin/jobs?handler=webhook_delivery").await.expect(200);
    assert_eq!(jobs.body["total"], 2);
    assert_eq!(jobs.items()[0]["account_id"], json!(world.acme.id));
}

async fn what_fails_is_tried_again_until_it_arrives(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({})).await;
    world.receiver.answer("500 Internal Server Error", "not now");
    world.receiver.answer("503 Service Unavailable", "nor now");
    world.create_thing("one").await;
    let waits = world.newest_becomes(&webhook, "retrying").await;
    assert_eq!((&waits["attempt_number"], &waits["response_status"]), (&json!(1), &json!(500)));
    assert_eq!((&waits["response_body"], &waits["delivered_at"]), (&json!("not now"), &Value::Null));
    let jobs = world.superadmin.get("/api/v1/admin/jobs?handler=webhook_delivery").await.expect(200);
    let job = &jobs.items()[0];
    let of_job = (&job["queue"], &job["priority"], &job["max_retries"], &job["retry_delay_seconds"]);
    assert_eq!(of_job, (&json!("webhooks"), &json!(1), &json!(5), &json!(60)));
    assert!(waits["next_retry_at"].as_str() <= job["run_at"].as_str(), "{waits} {job}");
    world.server.clock().pass(Duration::from_secs(61));
    world.newest_has(&webhook, "attempt_number", json!(2)).await;
    world.server.clock().pass(Duration::from_secs(121));
    let done = world.newest_becomes(&webhook, "delivered").await;
    assert_eq!((&done["attempt_number"], &done["next_retry_at"]), (&json!(3), &Value::Null));
    let received = world.receiver.received();
    assert_eq!(received.len(), 3);
    for request in &received {
        assert_eq!(json!(request.header("x-snackbase-delivery")), done["id"]);
        assert_eq!(request.body, received[0].body);
        assert_signed(request, webhook["secret"].as_str().unwrap());
    }
    let times: Vec<i64> = received.iter().map(|r| r.header("webhook-timestamp").parse().unwrap()).collect();
    assert!(times[1] - times[0] >= 60 && times[2] - times[1] >= 120, "{times:?}");
}

async fn a_webhook_that_is_disabled_or_deleted_is_not_tried_again(database: Database) {
    let world = World::new(database).await;
    let (disabled, deleted) = (world.create(json!({})).await, world.create(json!({})).await);
    for _ in 0..2 {
        world.receiver.answer("500 Internal Server Error", "no");
    }
    world.create_thing("one").await;
    for webhook in [&disabled, &deleted] {
        world.newest_becomes(webhook, "retrying").await;
    }
    world.acme.admin.put(&path(&disabled, ""), json!({ "enabled": false })).await.expect(200);
    world.acme.admin.delete(&path(&deleted, "")).await.expect(204);
    world.server.clock().pass(Duration::from_secs(61));
    let ended = world.newest_becomes(&disabled, "failed").await;
    assert_eq!((&ended["next_retry_at"], &ended["attempt_number"]), (&Value::Null, &json!(1)));
    world.acme.admin.get(&path(&deleted, "/deliveries")).await.expect(404);
    // Jobs of both have come to their end.
    for _ in 0..400 {
        let jobs = world.superadmin.get("/api/v1/admin/jobs?status=completed").await.expect(200);
        if jobs.body["total"] == 2 {
            assert_eq!(world.receiver.received().len(), 2);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("jobs of webhooks that are gone are still tried");
}

async fn a_delivery_is_made_again_by_hand(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({})).await;
    world.create_thing("again").await;
    let first = world.newest_becomes(&webhook, "delivered").await;
    let redeliver = |id: &str| path(&webhook, &format!("/deliveries/{id}/redeliver"));
    let made =
        world.acme.admin.post(&redeliver(first["id"].as_str().unwrap()), json!({})).await.expect(202).body;
    assert_ne!(made["id"], first["id"]);
    assert_eq!((&made["payload"], &made["status"]), (&first["payload"], &json!("pending")));
    let received = world.receiver.until_received(2).await;
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(json!(received[1].header("x-snackbase-delivery")), made["id"]);
    assert_eq!(world.newest_becomes(&webhook, "delivered").await["id"], made["id"]);
    for id in ["nope", "00000000-0000-4000-8000-000000000404"] {
        let refused = world.acme.admin.post(&redeliver(id), json!({})).await.expect(404);
        assert_eq!(refused.body, json!({ "detail": "Delivery not found" }));
    }
}

async fn own_headers_do_not_speak_for_the_server(database: Database) {
    let world = World::new(database).await;
    let headers = json!({
        "X-SnackBase-Signature": "sha256=forged", "x-snackbase-event": "mine", "X-SnackBase-Other": "1",
        "Webhook-Signature": "v1,forged", "Host": "evil.example.com", "Content-Length": "1",
        "Transfer-Encoding": "chunked", "Connection": "close", "X-Ok": "1", "Authorization": "Bearer abc",
    });
    let webhook = world.create(json!({ "headers": headers })).await;
    assert_eq!(webhook["headers"], headers);
    world.create_thing("one").await;
    let request = world.receiver.until_received(1).await.remove(0);
    assert_signed(&request, webhook["secret"].as_str().unwrap());
    assert_eq!(request.header("x-snackbase-event"), "records.create");
    assert_eq!(request.header("host"), format!("127.0.0.1:{}", world.receiver.port()));
    assert_eq!((request.header("x-ok"), request.header("authorization")), ("1", "Bearer abc"));
    for absent in ["x-snackbase-other", "transfer-encoding", "connection"] {
        assert_eq!(request.all(absent), Vec::<&str>::new(), "{absent}");
    }
    for (name, value) in [("a b", "1"), ("X-A", "1\r\nX-B: 2"), ("", "1")] {
        let refused = world.acme.admin.put(&path(&webhook, ""), json!({ "headers": { name: value } })).await;
        refused.expect(422);
    }
    let kept = world.acme.admin.get(&path(&webhook, "")).await.expect(200);
    assert_eq!(kept.body["headers"], headers);
}

async fn a_test_is_sent_at_once_and_leaves_nothing(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({ "enabled": false, "events": ["delete"] })).await;
    let test = async || world.acme.admin.post(&path(&webhook, "/test"), json!({})).await.expect(200).body;
    let expected = json!({ "success": true, "status_code": 200, "response_body": "ok", "error": null });
    assert_eq!(test().await, expected);
    let request = world.receiver.until_received(1).await.remove(0);
    assert_signed(&request, webhook["secret"].as_str().unwrap());
    assert_eq!(request.header("x-snackbase-event"), "test");
    let told = request.json();
    let expected = json!({
        "event": "test", "collection": "things", "record": { "id": "test-record", "example": "data" },
        "previous": null, "timestamp": told["timestamp"], "webhook_id": webhook["id"],
        "account_id": world.acme.id,
    });
    assert_eq!(told, expected);
    world.receiver.answer("503 Service Unavailable", "down");
    let expected = json!({ "success": false, "status_code": 503, "response_body": "down", "error": null });
    assert_eq!(test().await, expected);
    let nobody = json!({ "url": "http://127.0.0.1:1/token" });
    world.acme.admin.put(&path(&webhook, ""), nobody).await.expect(200);
    let failed = test().await;
    let error = failed["error"].as_str().unwrap();
    assert!(!error.is_empty() && !error.contains("token"), "{error}");
    let expected = json!({ "success": false, "status_code": null, "response_body": null, "error": error });
    assert_eq!(failed, expected);
    assert_eq!(world.deliveries(&webhook).await, Vec::<Value>::new());
}

async fn answers_are_kept_in_part_and_redirects_not_followed(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({})).await;
    let long = "é\0".repeat(100_000);
    world.receiver.answer("200 OK", &long);
    world.create_thing("long").await;
    let delivery = world.newest_becomes(&webhook, "delivered").await;
    let kept = delivery["response_body"].as_str().unwrap();
    assert_eq!(kept, "é\u{fffd}".repeat(2500));
    let to = world.receiver.url("/elsewhere");
    world.receiver.answer_with(format!(
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
    ));
    world.create_thing("redirected").await;
    let waits = world.newest_becomes(&webhook, "retrying").await;
    assert_eq!(waits["response_status"], 307);
    assert!(world.receiver.received().iter().all(|request| request.line == "POST /in"));
}

async fn lists_are_parted(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({})).await;
    for title in ["a", "b", "c"] {
        world.create_thing(title).await;
    }
    let list =
        async |query: &str| world.acme.admin.get(&path(&webhook, &format!("/deliveries{query}"))).await;
    let all = list("").await.expect(200);
    let titles: Vec<_> = all.items().iter().map(|item| item["payload"]["record"]["title"].clone()).collect();
    assert_eq!(titles, ["c", "b", "a"]);
    let part = list("?limit=1&offset=1").await.expect(200);
    assert_eq!((part.each("id"), &part.body["total"]), (vec![all.items()[1]["id"].clone()], &json!(3)));
    for wrong in ["?limit=0", "?limit=201", "?offset=-1", "?limit=x"] {
        list(wrong).await.expect(422);
    }
}
