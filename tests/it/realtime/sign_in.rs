//! Who is let in, and who may stay.

use std::time::Duration;

use serde_json::{Value, json};

use super::socket::{Socket, Stream};
use super::{Stage, add, told};
use crate::client::Client;
use crate::on_each_database;
use crate::program::Program;
use crate::server::{Database, PASSWORD};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    only_who_is_signed_in_comes_in,
    each_credential_of_the_api_is_taken,
    pages_of_other_origins_are_refused,
    who_may_not_stay_is_put_out_at_once,
    a_token_that_runs_out_ends_the_connection,
    other_rights_are_other_events_from_then_on,
);

const EXPIRED: &str = "Token expired";

async fn only_who_is_signed_in_comes_in(database: Database) {
    let stage = Stage::set(database).await;
    let base = stage.server.base();
    let refresh = format!("?token={}", stage.acme.user.refresh_token());
    for (query, reason) in [
        ("", "Missing token"),
        ("?token=", "Missing token"),
        ("?token=bad", "Authentication failed"),
        ("?token=sb_ak.a.b", "Authentication failed"),
        (refresh.as_str(), "Authentication failed"),
    ] {
        let mut socket = Socket::try_open(base, query, &[], None).await.unwrap();
        assert_eq!(socket.end().await, (1008, reason.to_owned()), "{query}");
    }
    let plain = stage.acme.user.get("/api/v1/realtime/ws").await;
    assert_eq!((plain.status, plain.headers["sec-websocket-version"].to_str().unwrap()), (400, "13"));
}

async fn each_credential_of_the_api_is_taken(database: Database) {
    let stage = Stage::set(database).await;
    let base = stage.server.base();
    let token = stage.acme.user.token();
    let bearer = format!("Bearer {token}");
    let key = stage.superadmin.post("/api/v1/admin/api-keys", json!({ "name": "key" })).await.expect(201);
    let key = key.str("key");
    let by_query = format!("?token={key}");
    for (query, headers) in [
        ("", vec![("Sec-WebSocket-Protocol", token)]),
        ("", vec![("Authorization", bearer.as_str())]),
        ("", vec![("X-API-Key", key)]),
        (by_query.as_str(), vec![]),
    ] {
        let mut socket = Socket::try_open(base, query, &headers, None).await.unwrap();
        assert_eq!(socket.ask(json!({ "action": "ping" })).await, json!({ "type": "pong" }), "{headers:?}");
        let answered = socket.head.to_lowercase().contains("sec-websocket-protocol");
        assert_eq!(answered, headers.iter().any(|(name, _)| *name == "Sec-WebSocket-Protocol"));
    }
    let headers = [("X-API-Key", key)];
    let mut stream = Stream::try_open(base, "collection=posts", &headers).await.ok().unwrap();
    let id = add(&stage.acme.user, json!({})).await;
    assert_eq!(stream.next().await.unwrap().data["data"]["id"], id.as_str());
}

async fn pages_of_other_origins_are_refused(database: Database) {
    let stage = Stage::set_with(database, &[("CORS_ORIGINS", "https://app.example.com")]).await;
    let base = stage.server.base();
    let query = format!("?token={}", stage.acme.user.token());
    for origin in ["https://app.example.com", base] {
        let mut socket = Socket::try_open(base, &query, &[("Origin", origin)], None).await.unwrap();
        assert_eq!(socket.ask(json!({ "action": "ping" })).await["type"], "pong", "{origin}");
    }
    for origin in ["https://evil.example.com", "null"] {
        let mut socket = Socket::try_open(base, &query, &[("Origin", origin)], None).await.unwrap();
        assert_eq!(socket.end().await, (1008, "Origin not allowed".to_owned()), "{origin}");
    }
}

/// A user of an account with a socket that hears of posts.
async fn listener(stage: &Stage, name: &str) -> (Client, String, Socket) {
    let email = format!("{name}@{}.com", stage.acme.slug);
    let id = crate::tenant::add_user(&stage.superadmin, &stage.acme.id, &email, "user").await;
    let client = stage.server.anonymous().signed_in(&stage.acme.code, &email).await;
    let mut socket = stage.socket(&client).await;
    socket.subscribe("posts").await;
    (client, id, socket)
}

async fn who_may_not_stay_is_put_out_at_once(database: Database) {
    let stage = Stage::set(database).await;
    let (acme, superadmin) = (&stage.acme, &stage.superadmin);
    // Each ends what the connection rests on; a record is written right behind it, of which nothing is heard.
    let put_out = async |socket: &mut Socket, what: &str| {
        add(&acme.admin, json!({ "title": "secret" })).await;
        assert_eq!(socket.next().await, super::socket::Heard::Closed(1008, EXPIRED.to_owned()), "{what}");
    };
    let (client, _, mut socket) = listener(&stage, "leaver").await;
    let mut stays = stage.socket(&acme.user).await;
    stays.subscribe("posts").await;
    let refresh = json!({ "refresh_token": client.refresh_token() });
    client.post("/api/v1/auth/logout", refresh).await.expect(200);
    put_out(&mut socket, "signing out").await;

    let (_, id, mut socket) = listener(&stage, "inactive").await;
    superadmin.patch(&format!("/api/v1/users/{id}"), json!({ "is_active": false })).await.expect(200);
    put_out(&mut socket, "deactivation").await;

    let (_, id, mut socket) = listener(&stage, "forgetful").await;
    // The token's times are whole seconds.
    stage.server.clock().pass(Duration::from_secs(2));
    let body = json!({ "new_password": format!("{PASSWORD}2") });
    superadmin.put(&format!("/api/v1/users/{id}/password"), body).await.expect(200);
    put_out(&mut socket, "another password").await;

    let (_, id, mut socket) = listener(&stage, "deleted").await;
    superadmin.delete(&format!("/api/v1/users/{id}")).await.expect(204);
    put_out(&mut socket, "deletion").await;

    let key = superadmin.post("/api/v1/admin/api-keys", json!({ "name": "key" })).await.expect(201);
    let mut socket = Socket::open(stage.server.base(), key.str("key")).await;
    socket.subscribe("posts").await;
    let query = format!("collection=posts&token={}", key.str("key"));
    let mut stream = Stream::try_open(stage.server.base(), &query, &[]).await.ok().unwrap();
    superadmin.delete(&format!("/api/v1/admin/api-keys/{}", key.str("id"))).await.expect(204);
    put_out(&mut socket, "a revoked key").await;
    let last = stream.next().await.unwrap();
    assert_eq!((last.name.as_str(), &last.data), ("closed", &json!({ "code": 1008, "reason": EXPIRED })));
    assert_eq!(stream.next().await, None);

    let other = Tenant::create(&stage.server, superadmin, "Other").await;
    let mut socket = stage.socket(&other.user).await;
    socket.subscribe("posts").await;
    superadmin.delete(&format!("/api/v1/accounts/{}", other.id)).await.expect(204);
    put_out(&mut socket, "a deleted account").await;
    assert_eq!(stays.events_so_far().await.len(), 6);
}

async fn a_token_that_runs_out_ends_the_connection(database: Database) {
    let stage = Stage::set_with(database, &[("ACCESS_TOKEN_EXPIRE_MINUTES", "5")]).await;
    let mut socket = stage.socket(&stage.acme.user).await;
    socket.subscribe("posts").await;
    stage.server.clock().pass(Duration::from_secs(280));
    let fresh = stage.server.anonymous().refresh(stage.acme.user.refresh_token()).await.expect(200);
    let mut renewed = Socket::open(stage.server.base(), fresh.str("token")).await;
    assert_eq!(socket.so_far().await, [Value::Null; 0]);
    stage.server.clock().pass(Duration::from_secs(25));
    assert_eq!(socket.end().await, (1008, EXPIRED.to_owned()));
    assert_eq!(renewed.ask(json!({ "action": "ping" })).await["type"], "pong");
}

async fn other_rights_are_other_events_from_then_on(database: Database) {
    let stage = Stage::set(database).await;
    let (client, id, mut socket) = listener(&stage, "climber").await;
    stage.set_rules(json!({ "list_rule": "@request.auth.role = \"admin\"" })).await;
    add(&client, json!({ "title": "as a user" })).await;
    let body = json!({ "role": "admin" });
    stage.superadmin.patch(&format!("/api/v1/users/{id}"), body).await.expect(200);
    let heard = add(&client, json!({ "title": "as an admin" })).await;
    assert_eq!(told(&socket.events_so_far().await), [("posts.create", heard.as_str())]);
    stage.superadmin.patch(&format!("/api/v1/users/{id}"), json!({ "role": "user" })).await.expect(200);
    add(&client, json!({ "title": "as a user again" })).await;
    assert_eq!(socket.so_far().await, [Value::Null; 0]);
}

/// Tokens in addresses do not get into the log.
#[tokio::test]
async fn tokens_in_addresses_are_not_logged() {
    let Some(program) = Program::find("realtime: tokens in the log") else { return };
    let serving = program.serve_with(&[("LOG_LEVEL", "DEBUG")]).await;
    let superadmin = serving.superadmin().await;
    add_collection(&superadmin, "posts", json!([{ "name": "t", "type": "text" }]), json!({})).await;
    let mut socket = Socket::open(serving.base(), superadmin.token()).await;
    socket.subscribe("posts").await;
    let query = format!("token={}&collection=posts", superadmin.token());
    let _stream = Stream::try_open(serving.base(), &query, &[]).await.ok().unwrap();
    superadmin.get("/api/v1/realtime/ws?token=tell-tale").await.expect(400);
    let log = program.log();
    assert!(log.contains("/api/v1/realtime/ws") && log.contains("/api/v1/realtime/subscribe"), "{log}");
    assert!(!log.contains(superadmin.token()) && !log.contains("tell-tale"));
}
