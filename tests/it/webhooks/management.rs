//! Who may make, see, change and delete webhooks, and what nobody sees.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{WEBHOOKS, World, path};
use crate::on_each_database;
use crate::server::Database;
use crate::tenant::Tenant;

on_each_database!(
    admins_manage_webhooks_of_their_account_and_nobody_else,
    superadmins_act_in_the_account_that_they_name,
    the_limit_holds_when_many_ask_at_once,
    what_is_changed_is_audited_without_the_secret,
    the_secret_shows_when_it_is_made_and_never_again,
    webhooks_go_with_their_account,
);

/// All calls about a webhook.
fn calls(webhook: &Value, delivery: &str) -> Vec<(Method, String, Option<Value>)> {
    vec![
        (Method::GET, path(webhook, ""), None),
        (Method::PUT, path(webhook, ""), Some(json!({ "enabled": false }))),
        (Method::GET, path(webhook, "/deliveries"), None),
        (Method::POST, path(webhook, &format!("/deliveries/{delivery}/redeliver")), None),
        (Method::POST, path(webhook, "/test"), None),
        (Method::POST, path(webhook, "/rotate-secret"), None),
        (Method::DELETE, path(webhook, ""), None),
    ]
}

async fn admins_manage_webhooks_of_their_account_and_nobody_else(database: Database) {
    let world = World::new(database).await;
    let other = Tenant::create(&world.server, &world.superadmin, "Other").await;
    let webhook = world.create(json!({})).await;
    world.create_thing("one").await;
    let delivery = world.newest_becomes(&webhook, "delivered").await;
    let delivery = delivery["id"].as_str().unwrap();
    let own = json!({ "url": world.receiver.url("/in"), "collection": "things", "events": ["create"] });
    let own = other.admin.post(WEBHOOKS, own).await.expect(201).body;
    let redeliver = path(&own, &format!("/deliveries/{delivery}/redeliver"));
    let refused = other.admin.post(&redeliver, json!({})).await.expect(404);
    assert_eq!(refused.body, json!({ "detail": "Delivery not found" }));
    let whole =
        [(Method::GET, WEBHOOKS.to_owned(), None), (Method::POST, WEBHOOKS.to_owned(), Some(json!({})))];
    for (method, path, body) in whole.into_iter().chain(calls(&webhook, delivery)) {
        let denied = world.acme.user.send(method.clone(), &path, body.clone()).await.expect(403);
        assert_eq!(denied.body, json!({ "detail": "Admin access required" }));
        let unknown = world.server.anonymous().send(method, &path, body).await.expect(401);
        assert_eq!(unknown.body, json!({ "detail": "Missing authentication credentials" }));
    }
    let query = format!("?account_id={}", world.acme.id);
    for (method, path, body) in calls(&webhook, delivery) {
        for client in [&other.admin, &world.superadmin] {
            let absent = client.send(method.clone(), &path, body.clone()).await.expect(404);
            assert_eq!(absent.body, json!({ "detail": "Webhook not found" }), "{method} {path}");
        }
        // For others the parameter has no effect.
        other.admin.send(method.clone(), &format!("{path}{query}"), body.clone()).await.expect(404);
    }
    let seen = other.admin.get(&format!("{WEBHOOKS}{query}")).await.expect(200);
    assert_eq!(seen.each("id"), [own["id"].clone()]);
    let body = json!({ "url": world.receiver.url("/in"), "collection": "things", "events": ["create"] });
    let made = other.admin.post(&format!("{WEBHOOKS}{query}"), body).await.expect(201);
    assert_eq!(made.body["account_id"], json!(other.id));
    let unchanged = world.acme.admin.get(&path(&webhook, "")).await.expect(200).body;
    assert_eq!((&unchanged["enabled"], &unchanged["updated_at"]), (&json!(true), &webhook["updated_at"]));
    assert_eq!(world.receiver.received().len(), 1);
}

async fn superadmins_act_in_the_account_that_they_name(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({})).await;
    let query = format!("?account_id={}", world.acme.id);
    let seen = world.superadmin.get(&format!("{WEBHOOKS}{query}")).await.expect(200);
    assert_eq!(seen.each("id"), [webhook["id"].clone()]);
    let body = json!({ "url": world.receiver.url("/in"), "collection": "c", "events": ["create"] });
    let made = world.superadmin.post(&format!("{WEBHOOKS}{query}"), body.clone()).await.expect(201).body;
    assert_eq!(made["account_id"], json!(world.acme.id));
    assert_eq!(world.acme.admin.get(WEBHOOKS).await.expect(200).body["total"], 2);
    world.superadmin.delete(&format!("{}{query}", path(&made, ""))).await.expect(204);
    for unknown in ["00000000-0000-4000-8000-000000000404", "nope", ""] {
        let path = format!("{WEBHOOKS}?account_id={unknown}");
        for refused in [world.superadmin.get(&path).await, world.superadmin.post(&path, body.clone()).await] {
            assert_eq!(refused.expect(404).body, json!({ "detail": "Account not found" }));
        }
    }
    let own = world.superadmin.post(WEBHOOKS, body).await.expect(201).body;
    assert_eq!(own["account_id"], json!("00000000-0000-0000-0000-000000000000"));
}

async fn the_limit_holds_when_many_ask_at_once(database: Database) {
    let settings = [("ALLOW_PRIVATE_DESTINATIONS", "true"), ("MAX_WEBHOOKS_PER_ACCOUNT", "3")];
    let world = World::with(database, &settings).await;
    let mut asking = JoinSet::new();
    for _ in 0..12 {
        let admin = world.acme.admin.clone();
        let body = json!({ "url": world.receiver.url("/in"), "collection": "c", "events": ["create"] });
        asking.spawn(async move { admin.post(WEBHOOKS, body).await });
    }
    let mut statuses: Vec<_> = asking
        .join_all()
        .await
        .into_iter()
        .map(|reply| {
            if reply.status != 201 {
                let text = "Maximum number of webhooks per account reached (3)";
                assert_eq!(reply.body, json!({ "detail": text }));
            }
            reply.status
        })
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses[..4], [201, 201, 201, 400]);
    assert_eq!(world.acme.admin.get(WEBHOOKS).await.expect(200).body["total"], 3);
}

async fn what_is_changed_is_audited_without_the_secret(database: Database) {
    let world = World::new(database).await;
    let headers = json!({ "Authorization": "Bearer of-the-receiver", "X-Plain": "seen" });
    let webhook = world.create(json!({ "secret": "the-secret-of-acme", "headers": headers })).await;
    let change = json!({ "filter": "n > 1", "events": ["delete", "delete"] });
    let changed = world.acme.admin.put(&path(&webhook, ""), change).await.expect(200).body;
    assert_eq!((&changed["events"], &changed["filter"]), (&json!(["delete"]), &json!("n > 1")));
    world.acme.admin.put(&path(&webhook, ""), json!({ "filter": "", "events": null })).await.expect(200);
    world.acme.admin.post(&path(&webhook, "/rotate-secret"), json!({})).await.expect(200);
    world.acme.admin.delete(&path(&webhook, "")).await.expect(204);
    world.server.services().audit.settle().await.unwrap();
    let query = [
        ("table_name", "webhooks"),
        ("record_id", webhook["id"].as_str().unwrap()),
        ("limit", "100"),
        ("sort_by", "id"),
        ("sort_order", "asc"),
    ];
    let log = world.superadmin.get_with("/api/v1/audit-logs", &query).await.expect(200);
    let entries = |operation: &str, column: &str| -> Vec<(Value, Value)> {
        let is = |entry: &&Value| entry["operation"] == operation && entry["column_name"] == column;
        let values = |entry: &Value| (entry["old_value"].clone(), entry["new_value"].clone());
        log.items().iter().filter(is).map(values).collect()
    };
    let (null, hidden) = (Value::Null, json!("********"));
    assert_eq!(entries("CREATE", "url"), [(null.clone(), webhook["url"].clone())]);
    assert_eq!(entries("CREATE", "secret"), [(null.clone(), hidden.clone())]);
    let expected = [(null.clone(), json!("n > 1")), (json!("n > 1"), null.clone())];
    assert_eq!(entries("UPDATE", "filter"), expected);
    assert_eq!(entries("UPDATE", "events"), [(json!("create,delete,update"), json!("delete"))]);
    assert_eq!(entries("UPDATE", "secret"), [(hidden.clone(), hidden.clone())]);
    assert_eq!(entries("DELETE", "secret"), [(hidden, null.clone())]);
    let kept = json!(r#"{"Authorization":"********","X-Plain":"seen"}"#);
    assert_eq!(entries("CREATE", "headers"), [(null, kept)]);
    for entry in log.items() {
        assert_eq!(entry["account_id"], json!(world.acme.id));
        assert_eq!(entry["user_id"], json!(world.acme.admin_id));
    }
    assert!(
        !log.text.contains("the-secret-of-acme") && !log.text.contains("of-the-receiver"),
        "{}",
        log.text
    );
}

async fn the_secret_shows_when_it_is_made_and_never_again(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({})).await;
    let made = webhook["secret"].as_str().unwrap().to_owned();
    assert_eq!(made.len(), 64);
    let rotated = world.acme.admin.post(&path(&webhook, "/rotate-secret"), json!({})).await.expect(200);
    let rotated = rotated.str("secret").to_owned();
    assert_ne!(made, rotated);
    world.create_thing("one").await;
    world.newest_becomes(&webhook, "delivered").await;
    let changed = world.acme.admin.put(&path(&webhook, ""), json!({ "secret": "ignored" })).await.expect(200);
    let mut said = vec![changed];
    for path in [WEBHOOKS.to_owned(), path(&webhook, ""), path(&webhook, "/deliveries")] {
        said.push(world.acme.admin.get(&path).await.expect(200));
    }
    said.push(world.acme.admin.post(&path(&webhook, "/test"), json!({})).await.expect(200));
    said.push(world.superadmin.get("/api/v1/admin/jobs?handler=webhook_delivery").await.expect(200));
    for reply in said {
        assert!(!reply.text.contains("\"secret\""), "{}", reply.text);
        assert!(!reply.text.contains(&made) && !reply.text.contains(&rotated), "{}", reply.text);
    }
}

async fn webhooks_go_with_their_account(database: Database) {
    let world = World::new(database).await;
    let webhook = world.create(json!({})).await;
    world.create_thing("one").await;
    world.newest_becomes(&webhook, "delivered").await;
    let late = world.event(snackbase_domain::automation::EventKind::RecordCreated, json!({ "id": "late" }));
    world.superadmin.delete(&format!("/api/v1/accounts/{}", world.acme.id)).await.expect(204);
    world.dispatch(&late).await;
    world.server.services().accounts.finish_deletions().await.unwrap();
    assert_eq!(world.server.services().storage.read().webhooks().all().await.unwrap(), []);
    assert_eq!(world.receiver.received().len(), 1);
}
