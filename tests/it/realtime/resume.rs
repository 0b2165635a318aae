//! Going on where one was: without gap or duplicate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::socket::{Socket, Stream};
use super::{Stage, add, change, delete, told};
use crate::client::Client;
use crate::on_each_database;
use crate::program::Program;
use crate::server::Database;
use crate::tenant::add_collection;

on_each_database!(
    what_was_missed_comes_first_and_in_order,
    under_writes_nothing_is_missed_or_told_twice,
    who_asks_for_what_is_not_kept_is_told_so,
    what_was_missed_is_shown_by_the_rules_of_now,
);

async fn what_was_missed_comes_first_and_in_order(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    let mut socket = stage.socket(user).await;
    socket.subscribe("posts").await;
    let first = add(user, json!({ "n": 1 })).await;
    let since = socket.message().await["event_id"].as_str().unwrap().to_owned();
    drop(socket);
    let second = add(user, json!({ "n": 2 })).await;
    change(user, &first, json!({ "n": 3 })).await;
    delete(user, &second).await;
    let missed = [
        ("posts.create", second.as_str()),
        ("posts.update", first.as_str()),
        ("posts.delete", second.as_str()),
    ];
    let mut socket = stage.socket(user).await;
    socket.subscribe_as(json!({ "collection": "posts", "since": since })).await;
    let third = add(user, json!({ "n": 4 })).await;
    let all = [&missed[..], &[("posts.create", third.as_str())]].concat();
    let messages = socket.so_far().await;
    let ids: Vec<_> = messages.iter().map(|message| message["event_id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted() && ids[0] > since.as_str());
    let events: Vec<_> = messages.iter().cloned().map(super::socket::event).collect();
    assert_eq!(told(&events), all);
    // Deletions alone, and by server-sent events.
    let mut socket = stage.socket(user).await;
    let message = json!({ "collection": "posts", "since": since, "operations": ["delete"] });
    socket.subscribe_as(message).await;
    assert_eq!(told(&socket.events_so_far().await), [missed[2]]);
    let query = format!("token={}&collection=posts&collection=marks", user.token());
    let headers = [("Last-Event-ID", since.as_str())];
    let mut stream = Stream::try_open(stage.server.base(), &query, &headers).await.ok().unwrap();
    for (kind, id) in all {
        let sent = stream.next().await.unwrap();
        assert_eq!((sent.data["type"].as_str(), sent.data["data"]["id"].as_str()), (Some(kind), Some(id)));
    }
    let mark = user.post("/api/v1/records/marks", json!({})).await.expect(201);
    assert_eq!(stream.next().await.unwrap().data["data"]["id"], mark.str("id"));
}

/// Writes posts one after the other until it is told to stop; tells their ids.
fn write_on(client: &Client, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<Vec<String>> {
    let (client, stop) = (client.clone(), stop.clone());
    tokio::spawn(async move {
        let mut made = Vec::new();
        while !stop.load(Ordering::SeqCst) {
            let Some(reply) = client.post_while_it_lasts(super::POSTS, json!({ "n": made.len() })).await
            else {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                continue;
            };
            made.push(reply.expect(201).str("id").to_owned());
        }
        made
    })
}

async fn under_writes_nothing_is_missed_or_told_twice(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    let mut socket = stage.socket(user).await;
    socket.subscribe("posts").await;
    let stop = Arc::new(AtomicBool::new(false));
    let writers = [write_on(user, &stop), write_on(&stage.acme.admin, &stop)];
    let mut heard: Vec<(String, String)> = Vec::new();
    let note = |heard: &mut Vec<(String, String)>, message: Value| {
        let (id, event) = (message["data"]["id"].as_str().unwrap(), message["event_id"].as_str().unwrap());
        heard.push((event.to_owned(), id.to_owned()));
    };
    let first = socket.message().await;
    note(&mut heard, first);
    for round in 0..30 {
        // One kind of transport after the other, each cut off in the midst.
        let since = heard.last().unwrap().0.clone();
        if round % 2 == 0 {
            socket = stage.socket(user).await;
            socket.subscribe_as(json!({ "collection": "posts", "since": since })).await;
            for _ in 0..4 {
                let message = socket.message().await;
                note(&mut heard, message);
            }
        } else {
            let query = format!("token={}&collection=posts", user.token());
            let headers = [("Last-Event-ID", since.as_str())];
            let mut stream = Stream::try_open(stage.server.base(), &query, &headers).await.ok().unwrap();
            for _ in 0..4 {
                let sent = stream.next().await.unwrap();
                let mut message = sent.data;
                message["event_id"] = json!(sent.id.unwrap());
                note(&mut heard, message);
            }
        }
    }
    stop.store(true, Ordering::SeqCst);
    let mut made = Vec::new();
    for writer in writers {
        made.extend(writer.await.unwrap());
    }
    let since = heard.last().unwrap().0.clone();
    let mut socket = stage.socket(user).await;
    socket.subscribe_as(json!({ "collection": "posts", "since": since })).await;
    for message in socket.so_far().await {
        note(&mut heard, message);
    }
    assert!(heard.iter().map(|(event, _)| event).is_sorted());
    let mut told: Vec<_> = heard.into_iter().map(|(_, id)| id).collect();
    told.sort();
    made.sort();
    assert_eq!(told, made);
}

async fn who_asks_for_what_is_not_kept_is_told_so(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    let mut socket = stage.socket(user).await;
    socket.subscribe("posts").await;
    add(user, json!({})).await;
    let since = socket.message().await["event_id"].as_str().unwrap().to_owned();
    let (epoch, _) = since.rsplit_once('-').unwrap();
    let future = format!("{epoch}-00000000ffffffff");
    for unknown in ["", "nonsense", "0123456789abcdef-0000000000000001", &future] {
        let mut socket = stage.socket(user).await;
        socket.subscribe_as(json!({ "collection": "posts", "since": unknown })).await;
        assert_eq!(socket.message().await, json!({ "type": "reset", "collection": "posts" }), "{unknown}");
        let id = add(user, json!({})).await;
        assert_eq!(told(&socket.events_so_far().await), [("posts.create", id.as_str())]);
    }
    // What is older than is kept.
    add(user, json!({})).await;
    stage.server.clock().pass(std::time::Duration::from_secs(25 * 3600));
    stage.server.services().sequencer.forget_old().await.unwrap();
    let fresh = stage.server.anonymous().signed_in(&stage.acme.code, &stage.acme.user_email).await;
    let headers = [("Last-Event-ID", since.as_str())];
    let query = format!("token={}&collection=posts", fresh.token());
    let mut stream = Stream::try_open(stage.server.base(), &query, &headers).await.ok().unwrap();
    assert_eq!(stream.next().await.unwrap().data, json!({ "type": "reset", "collection": "posts" }));
}

async fn what_was_missed_is_shown_by_the_rules_of_now(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    let mut socket = stage.socket(user).await;
    socket.subscribe("posts").await;
    add(user, json!({})).await;
    let since = socket.message().await["event_id"].as_str().unwrap().to_owned();
    let public = add(user, json!({ "status": "public", "secret": "s" })).await;
    add(user, json!({ "status": "private" })).await;
    stage.set_rules(json!({ "list_rule": "status = \"public\"", "list_fields": "[\"title\"]" })).await;
    let mut socket = stage.socket(user).await;
    socket.subscribe_as(json!({ "collection": "posts", "since": since })).await;
    let heard = socket.events_so_far().await;
    assert_eq!(told(&heard), [("posts.create", public.as_str())]);
    assert!(heard[0].1.get("secret").is_none());
}

/// A server that is killed while somebody listens and others write: he goes on at the next one.
#[tokio::test]
async fn after_a_kill_one_goes_on_without_gap_or_duplicate() {
    let Some(program) = Program::find("realtime: kill") else { return };
    let settings = [("SECRET_KEY", "the same key for each of the servers, long enough")];
    let mut serving = program.serve_with(&settings).await;
    let superadmin = serving.superadmin().await;
    add_collection(&superadmin, "marks", json!([{ "name": "n", "type": "number" }]), json!({})).await;
    add_collection(&superadmin, "posts", json!([{ "name": "n", "type": "number" }]), json!({})).await;
    let token = superadmin.token().to_owned();
    let mut heard: Vec<(String, String)> = Vec::new();
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let mut socket = Socket::open(serving.base(), &token).await;
        let since = heard.last().map(|(event, _)| event.clone());
        socket.subscribe_as(json!({ "collection": "posts", "since": since })).await;
        let stop = Arc::new(AtomicBool::new(false));
        let writer = write_on(&Client::new(serving.base()).with_token(&token), &stop);
        for _ in 0..20 {
            let message = socket.message().await;
            let (id, event) =
                (message["data"]["id"].as_str().unwrap(), message["event_id"].as_str().unwrap());
            heard.push((event.to_owned(), id.to_owned()));
        }
        if round < 2 {
            serving.kill();
        }
        stop.store(true, Ordering::SeqCst);
        acknowledged.extend(writer.await.unwrap());
        if round < 2 {
            serving = program.serve_with(&settings).await;
        }
    }
    let mut socket = Socket::open(serving.base(), &token).await;
    let since = heard.last().unwrap().0.clone();
    socket.subscribe_as(json!({ "collection": "posts", "since": since })).await;
    for message in socket.so_far().await {
        let (id, event) = (message["data"]["id"].as_str().unwrap(), message["event_id"].as_str().unwrap());
        heard.push((event.to_owned(), id.to_owned()));
    }
    assert!(heard.iter().map(|(event, _)| event).is_sorted());
    let told: Vec<_> = heard.iter().map(|(_, id)| id.clone()).collect();
    let there = superadmin_ids(serving.base(), &token).await;
    // In the order in which they were made, each once, and all that were acknowledged.
    assert_eq!(told, there);
    assert!(acknowledged.iter().all(|id| told.contains(id)));
}

/// All posts, in the order of their making.
async fn superadmin_ids(base: &str, token: &str) -> Vec<String> {
    let client = Client::new(base).with_token(token);
    let mut ids = Vec::new();
    loop {
        let path = format!("{}?limit=100&sort=%2Bcreated_at&skip={}", super::POSTS, ids.len());
        let page = client.get(&path).await.expect(200);
        if page.items().is_empty() {
            return ids;
        }
        ids.extend(page.each("id").iter().map(|id| id.as_str().unwrap().to_owned()));
    }
}
