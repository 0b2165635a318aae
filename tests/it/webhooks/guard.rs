//! No webhook reaches what only the server reaches.

use serde_json::{Value, json};

use super::{WEBHOOKS, World, path};
use crate::on_each_database;
use crate::server::Database;

on_each_database!(
    addresses_that_are_not_public_are_refused,
    a_destination_is_checked_when_it_is_connected_to,
    what_is_no_address_is_refused,
);

async fn addresses_that_are_not_public_are_refused(database: Database) {
    let world = World::with(database, &[]).await;
    let public = json!({ "url": "https://hooks.example.com/in", "collection": "c", "events": ["create"] });
    let webhook = world.acme.admin.post(WEBHOOKS, public).await.expect(201).body;
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "[::]",
        "[::1]",
        "[fd00::1]",
        "[fe80::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "localhost",
        "LocalHost",
        "any.localhost",
    ] {
        let url = format!("http://{host}:8080/x");
        let body = json!({ "url": url, "collection": "c", "events": ["create"] });
        for refused in [
            world.acme.admin.post(WEBHOOKS, body).await,
            world.acme.admin.put(&path(&webhook, ""), json!({ "url": url })).await,
        ] {
            let refused = refused.expect(422);
            let text = "Webhook URL cannot target private/loopback IP address: ";
            assert!(refused.str("detail").starts_with(text), "{host}: {}", refused.text);
        }
    }
    let kept = world.acme.admin.get(WEBHOOKS).await.expect(200);
    assert_eq!(kept.each("url"), ["https://hooks.example.com/in"]);
}

async fn a_destination_is_checked_when_it_is_connected_to(database: Database) {
    let world = World::with(database, &[]).await;
    let public =
        json!({ "url": "https://hooks.example.com/in", "collection": "things", "events": ["create"] });
    let webhook = world.acme.admin.post(WEBHOOKS, public).await.expect(201).body;
    for host in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]"] {
        // As if its name led here by now.
        let url = format!("http://{host}:{}/in", world.receiver.port());
        world.server.database().execute(&format!("UPDATE webhooks SET url = '{url}'")).await.unwrap();
        let tested = world.acme.admin.post(&path(&webhook, "/test"), json!({})).await.expect(200).body;
        assert_eq!((&tested["success"], &tested["status_code"]), (&json!(false), &Value::Null));
        let error = tested["error"].as_str().unwrap();
        assert!(error.starts_with("Destination not allowed: "), "{host}: {error}");
        world.create_thing(host).await;
        let delivery = world.newest_becomes(&webhook, "retrying").await;
        assert_eq!((&delivery["response_body"], &delivery["response_status"]), (&json!(error), &Value::Null));
        world.acme.admin.put(&path(&webhook, ""), json!({ "enabled": true })).await.expect(200);
    }
    assert_eq!(world.receiver.received().len(), 0);
}

async fn what_is_no_address_is_refused(database: Database) {
    let world = World::new(database).await;
    for (url, text) in [
        ("ftp://x.example.com/", "Webhook URL must use http or https scheme"),
        ("file:///etc/passwd", "Webhook URL must use http or https scheme"),
        ("nonsense", "Webhook URL must use http or https scheme"),
        ("http://", "Webhook URL must have a valid hostname"),
    ] {
        let body = json!({ "url": url, "collection": "c", "events": ["create"] });
        let refused = world.acme.admin.post(WEBHOOKS, body).await.expect(422);
        assert_eq!(refused.body, json!({ "detail": text }), "{url}");
    }
    assert_eq!(world.acme.admin.get(WEBHOOKS).await.expect(200).body["total"], 0);
}
