//! Several nodes on one PostgreSQL.

use serde_json::json;

use super::socket::{Heard, Socket};
use super::{POSTS, Stage, add, told};
use crate::program::Program;
use crate::server::{Database, skipped};

async fn postgres(test: &str) -> Option<Database> {
    let database = Database::postgres().await;
    if database.is_none() {
        skipped(test, "TEST_POSTGRES_URL names no PostgreSQL server");
    }
    database
}

#[tokio::test]
async fn what_one_node_writes_is_heard_at_another_and_by_its_rules() {
    let Some(database) = postgres("realtime: nodes").await else { return };
    let stage = Stage::set(database).await;
    let other = stage.server.beside(&[]);
    let user = &stage.acme.user;
    let mut socket = Socket::open(other.base(), user.token()).await;
    socket.subscribe("posts").await;
    let id = add(user, json!({ "title": "x" })).await;
    assert_eq!(told(&[super::socket::event(socket.message().await)]), [("posts.create", id.as_str())]);
    // A rule that changed at one node counts at the other for what is written after it.
    for round in 0..10 {
        stage.set_rules(json!({ "list_rule": "n = 1" })).await;
        add(user, json!({ "n": 2 })).await;
        let seen = add(user, json!({ "n": 1, "title": round.to_string() })).await;
        assert_eq!(told(&socket.events_so_far().await), [("posts.create", seen.as_str())], "{round}");
        stage.set_rules(json!({ "list_rule": "" })).await;
    }
    // So does a right that is taken away.
    let deactivated = json!({ "is_active": false });
    let path = format!("/api/v1/users/{}", stage.acme.user_id);
    stage.superadmin.patch(&path, deactivated).await.expect(200);
    add(&stage.acme.admin, json!({ "title": "secret" })).await;
    assert_eq!(socket.next().await, Heard::Closed(1008, "Token expired".to_owned()));
}

#[tokio::test]
async fn who_was_at_a_node_that_is_killed_goes_on_at_another() {
    let Some(database) = postgres("realtime: killed node").await else { return };
    let Some(program) = Program::find("realtime: killed node") else { return };
    let stage = Stage::set(database).await;
    let settings: Vec<_> = ["DATABASE_URL", "SECRET_KEY", "TOKEN_SECRET", "ENCRYPTION_KEY"]
        .map(|name| (name, stage.server.database().variables()[&format!("SNACKBASE_{name}")].clone()))
        .into();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut doomed = program.serve_with(&settings).await;
    let user = &stage.acme.user;
    let mut socket = Socket::open(doomed.base(), user.token()).await;
    socket.subscribe("posts").await;
    let at_doomed = crate::client::Client::new(doomed.base()).with_token(user.token());
    let mut heard = Vec::new();
    let mut made = Vec::new();
    for n in 0..20 {
        let client = if n % 2 == 0 { user } else { &at_doomed };
        made.push(add(client, json!({ "n": n })).await);
    }
    let mut since = String::new();
    for _ in 0..10 {
        let message = socket.message().await;
        since = message["event_id"].as_str().unwrap().to_owned();
        heard.push(message["data"]["id"].as_str().unwrap().to_owned());
    }
    doomed.kill();
    for n in 20..30 {
        made.push(add(user, json!({ "n": n })).await);
    }
    let mut socket = stage.socket(user).await;
    socket.subscribe_as(json!({ "collection": "posts", "since": since })).await;
    made.push(add(user, json!({ "n": 30 })).await);
    for (_, data) in socket.events_so_far().await {
        heard.push(data["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(heard, made);
    assert_eq!(user.get(&format!("{POSTS}?limit=1")).await.expect(200).body["total"], 31);
}
