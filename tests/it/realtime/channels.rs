//! Who is there, and what they say to each other.

use serde_json::{Value, json};

use super::socket::{Heard, Socket};
use super::{Stage, add, change, delete};
use crate::on_each_database;
use crate::program::Program;
use crate::server::{Database, skipped};
use crate::tenant::Tenant;

on_each_database!(
    those_in_a_channel_see_and_hear_each_other,
    only_who_may_see_the_record_is_let_in_and_may_stay,
    what_is_said_is_bounded,
);

/// The answer to a message. What was said in the channel before may come before it, also of a former stay.
async fn answer(socket: &mut Socket) -> Value {
    loop {
        let message = socket.message().await;
        if !message["type"].as_str().is_some_and(|kind| kind.starts_with("presence.")) {
            return message;
        }
    }
}

async fn join(socket: &mut Socket, channel: &str, meta: Value) -> Value {
    socket.send(json!({ "action": "join", "channel": channel, "meta": meta })).await;
    let joined = answer(socket).await;
    assert_eq!(joined["type"], "joined", "{joined}");
    joined
}

fn kind_and_user(message: &Value) -> (&str, &str) {
    let who = if message["from"].is_object() { &message["from"] } else { &message["member"] };
    (message["type"].as_str().unwrap(), who["user_id"].as_str().unwrap())
}

async fn those_in_a_channel_see_and_hear_each_other(database: Database) {
    let stage = Stage::set(database).await;
    let acme = &stage.acme;
    let post = add(&acme.user, json!({ "title": "x" })).await;
    let channel = format!("posts/{post}");
    let mut one = stage.socket(&acme.user).await;
    let joined = join(&mut one, &channel, json!({ "name": "one" })).await;
    assert_eq!(joined["members"].as_array().unwrap().len(), 1);
    let mut two = stage.socket(&acme.admin).await;
    let joined = join(&mut two, &channel, json!({ "name": "two" })).await;
    let names: Vec<_> = joined["members"].as_array().unwrap().iter().map(|m| &m["meta"]["name"]).collect();
    assert_eq!(names, ["one", "two"]);
    let heard = one.message().await;
    assert_eq!(kind_and_user(&heard), ("presence.join", acme.admin_id.as_str()));
    assert_eq!((&heard["channel"], &heard["member"]["id"]), (&json!(channel), &joined["member"]));
    // Another channel hears nothing of it.
    let mut elsewhere = stage.socket(&acme.user).await;
    join(&mut elsewhere, "posts", json!({})).await;

    two.send(json!({ "action": "broadcast", "channel": channel, "event": "typing", "payload": { "n": 1 } }))
        .await;
    for socket in [&mut one, &mut two] {
        let heard = socket.message().await;
        assert_eq!(kind_and_user(&heard), ("broadcast", acme.admin_id.as_str()));
        assert_eq!((&heard["event"], &heard["payload"]), (&json!("typing"), &json!({ "n": 1 })));
    }
    one.send(json!({ "action": "presence", "channel": channel, "meta": { "name": "uno" } })).await;
    for socket in [&mut one, &mut two] {
        let heard = socket.message().await;
        assert_eq!(kind_and_user(&heard), ("presence.update", acme.user_id.as_str()));
        assert_eq!(heard["member"]["meta"]["name"], "uno");
    }
    let left = one.ask(json!({ "action": "leave", "channel": channel })).await;
    assert_eq!((&left["type"], &left["channel"]), (&json!("left"), &json!(channel)));
    assert_eq!(kind_and_user(&two.message().await), ("presence.leave", acme.user_id.as_str()));
    // A connection that ends leaves, too.
    join(&mut one, &channel, json!({})).await;
    assert_eq!(kind_and_user(&two.message().await).0, "presence.join");
    drop(one);
    assert_eq!(kind_and_user(&two.message().await), ("presence.leave", acme.user_id.as_str()));
    assert_eq!(elsewhere.so_far().await, [Value::Null; 0]);
}

async fn only_who_may_see_the_record_is_let_in_and_may_stay(database: Database) {
    let stage = Stage::set(database).await;
    let acme = &stage.acme;
    let other = Tenant::create(&stage.server, &stage.superadmin, "Other").await;
    stage.set_rules(json!({ "view_rule": "status = \"open\"", "list_rule": null })).await;
    let open = add(&acme.user, json!({ "status": "open" })).await;
    let shut = add(&acme.user, json!({ "status": "shut" })).await;
    let channel = format!("posts/{open}");
    let mut foreign = stage.socket(&other.user).await;
    let mut socket = stage.socket(&acme.user).await;
    let refused = async |socket: &mut Socket, channel: &str| {
        let answer = socket.ask(json!({ "action": "join", "channel": channel })).await;
        assert_eq!(answer, json!({ "error": "Join denied", "channel": channel }));
    };
    refused(&mut foreign, &channel).await;
    for other in [format!("posts/{shut}").as_str(), "posts", "nothing", "posts/nothing"] {
        refused(&mut socket, other).await;
    }
    let said = json!({ "action": "broadcast", "channel": channel, "event": "x" });
    assert_eq!(socket.ask(said.clone()).await["error"], "Not joined");
    join(&mut socket, &channel, json!({})).await;
    // A superadmin is in the channel of the record's account.
    let mut superadmin = stage.socket(&stage.superadmin).await;
    let joined = join(&mut superadmin, &channel, json!({})).await;
    assert_eq!(joined["members"].as_array().unwrap().len(), 2);
    assert_eq!(socket.message().await["type"], "presence.join");
    change(&acme.user, &open, json!({ "status": "shut" })).await;
    let left = socket.message().await;
    assert_eq!((&left["type"], &left["reason"]), (&json!("left"), &json!("Access denied")));
    superadmin.send(said.clone()).await;
    let heard: Vec<_> =
        [superadmin.message().await, superadmin.message().await].map(|m| m["type"].clone()).into();
    assert!(heard.contains(&json!("presence.leave")) && heard.contains(&json!("broadcast")), "{heard:?}");
    assert_eq!(socket.so_far().await, [Value::Null; 0]);
    // With a rule that changes, and with the record.
    stage.set_rules(json!({ "view_rule": "" })).await;
    join(&mut socket, &channel, json!({})).await;
    stage.set_rules(json!({ "view_rule": null })).await;
    assert_eq!(answer(&mut socket).await["reason"], "Access denied");
    stage.set_rules(json!({ "view_rule": "" })).await;
    join(&mut socket, &channel, json!({})).await;
    delete(&acme.user, &open).await;
    assert_eq!(answer(&mut socket).await["reason"], "Access denied");
}

async fn what_is_said_is_bounded(database: Database) {
    let stage = Stage::set(database).await;
    let mut socket = stage.socket(&stage.acme.user).await;
    join(&mut socket, "posts", json!({})).await;
    let say = |event: Value, payload: Value| json!({ "action": "broadcast", "channel": "posts", "event": event, "payload": payload });
    async fn check(socket: &mut Socket, message: Value, error: &str) {
        assert_eq!(socket.ask(message).await["error"], error);
    }
    check(&mut socket, say(json!("x"), json!("x".repeat(16 * 1024))), "Too large: at most 16384 bytes").await;
    check(&mut socket, say(json!(""), json!(1)), "Invalid message").await;
    check(&mut socket, say(json!(5), json!(1)), "Invalid message").await;
    check(&mut socket, json!({ "action": "join" }), "Missing channel").await;
    check(&mut socket, json!({ "action": "join", "channel": 5 }), "Invalid message").await;
    check(&mut socket, json!({ "action": "presence", "channel": "posts" }), "Invalid message").await;
    let meta = json!({ "action": "presence", "channel": "posts", "meta": "x".repeat(4096) });
    check(&mut socket, meta, "Too large: at most 4096 bytes").await;
    for n in 0..100 {
        let id = add(&stage.acme.user, json!({ "n": n })).await;
        let answer = socket.ask(json!({ "action": "join", "channel": format!("posts/{id}") })).await;
        match n {
            99 => assert_eq!(answer["error"], "Max channels reached (100)"),
            _ => assert_eq!(answer["type"], "joined"),
        }
    }
}

#[tokio::test]
async fn channels_reach_over_nodes_and_those_of_a_killed_node_leave() {
    let Some(database) = Database::postgres().await else {
        return skipped("realtime: channels of nodes", "TEST_POSTGRES_URL names no PostgreSQL server");
    };
    let Some(program) = Program::find("realtime: channels of nodes") else { return };
    let stage = Stage::set(database).await;
    let settings: Vec<_> = ["DATABASE_URL", "SECRET_KEY", "TOKEN_SECRET", "ENCRYPTION_KEY"]
        .map(|name| (name, stage.server.database().variables()[&format!("SNACKBASE_{name}")].clone()))
        .into();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut doomed = program.serve_with(&settings).await;
    let acme = &stage.acme;
    let mut here = stage.socket(&acme.user).await;
    join(&mut here, "posts", json!({})).await;
    let mut there = Socket::open(doomed.base(), acme.admin.token()).await;
    let joined = join(&mut there, "posts", json!({})).await;
    assert_eq!(joined["members"].as_array().unwrap().len(), 2);
    assert_eq!(kind_and_user(&here.message().await), ("presence.join", acme.admin_id.as_str()));
    there.send(json!({ "action": "broadcast", "channel": "posts", "event": "hello" })).await;
    assert_eq!(there.message().await["event"], "hello");
    assert_eq!(here.message().await["event"], "hello");
    doomed.kill();
    assert_eq!(there.next().await, Heard::Lost);
    stage.server.clock().pass(std::time::Duration::from_secs(50));
    assert_eq!(kind_and_user(&here.message().await), ("presence.leave", acme.admin_id.as_str()));
    let again = join(&mut here, "posts", json!({})).await;
    assert_eq!(again["members"].as_array().unwrap().len(), 1, "who is here still is");
}
