//! The words of the protocol.

use serde_json::json;

use super::socket::{Heard, Stream};
use super::{Stage, add, change, delete, told};
use crate::files;
use crate::on_each_database;
use crate::server::Database;
use crate::tenant::add_collection;

on_each_database!(
    bad_messages_are_answered_and_the_connection_goes_on,
    subscriptions_by_record_filter_and_name,
    one_may_subscribe_to_all_collections,
    streams_take_narrowed_subscriptions_and_say_why_not,
    events_are_whole_records,
);

async fn bad_messages_are_answered_and_the_connection_goes_on(database: Database) {
    let stage = Stage::set(database).await;
    let mut socket = stage.socket(&stage.acme.user).await;
    for (sent, error) in [
        ("no json", "Invalid JSON"),
        ("[1]", "Invalid message"),
        ("7", "Invalid message"),
        ("null", "Invalid message"),
        ("{}", "Unknown action"),
        (r#"{"action":"fly"}"#, "Unknown action"),
        (r#"{"action":5}"#, "Invalid message"),
        (r#"{"action":"subscribe"}"#, "Missing collection"),
        (r#"{"action":"unsubscribe"}"#, "Missing collection"),
        (r#"{"action":"subscribe","collection":5}"#, "Invalid message"),
        (r#"{"action":"subscribe","collection":"posts","operations":"create"}"#, "Invalid message"),
        (r#"{"action":"subscribe","collection":"posts","operations":[1]}"#, "Invalid message"),
        (r#"{"action":"subscribe","collection":"posts","since":5}"#, "Invalid message"),
        (r#"{"action":"subscribe","collection":"*","filter":"n = 1"}"#, "Invalid message"),
        (r#"{"action":"subscribe","collection":"posts","filter":"n ="}"#, "Invalid filter expression"),
        (
            r#"{"action":"subscribe","collection":"posts","filter":"nothing = 1"}"#,
            "Invalid filter expression",
        ),
        (r#"{"action":"subscribe","collection":"nothing"}"#, "Subscription denied"),
        ("{\"action\":\"subscribe\",\"collection\":\"po\\u0000sts\"}", "Subscription denied"),
    ] {
        socket.send_text(sent).await;
        assert_eq!(socket.message().await["error"], error, "{sent}");
    }
    socket.send_frame(0x82, &[0xff, 0xfe]).await;
    assert_eq!(socket.message().await["error"], "Invalid message");
    socket.send_frame(0x82, br#"{"action":"ping"}"#).await;
    assert_eq!(socket.message().await, json!({ "type": "pong" }));
    // In two frames, with a ping between.
    socket.send_frame(0x01, br#"{"action":"#).await;
    socket.send_frame(0x89, b"still there?").await;
    socket.send_frame(0x80, br#""ping"}"#).await;
    assert_eq!(socket.message().await, json!({ "type": "pong" }));
    let answer = socket.ask(json!({ "action": "unsubscribe", "collection": "nothing" })).await;
    assert_eq!((&answer["status"], &answer["collection"]), (&json!("unsubscribed"), &json!("nothing")));
    socket.send_frame(0x81, &[0xff]).await;
    assert_eq!(socket.end().await, (1007, "Not UTF-8".to_owned()));
    // A client that says goodbye is answered with his own word.
    let mut socket = stage.socket(&stage.acme.user).await;
    socket.send_frame(0x88, &1000_u16.to_be_bytes()).await;
    assert_eq!(socket.next().await, Heard::Closed(1000, String::new()));
}

async fn subscriptions_by_record_filter_and_name(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    let mut socket = stage.socket(user).await;
    let one = add(user, json!({ "title": "one", "n": 1 })).await;
    let two = add(user, json!({ "title": "two", "n": 2 })).await;
    socket.subscribe_as(json!({ "collection": "posts", "record": one })).await;
    socket.subscribe_as(json!({ "collection": "posts", "filter": "n > 1", "id": "many" })).await;
    change(user, &one, json!({ "title": "uno" })).await;
    change(user, &two, json!({ "title": "due" })).await;
    // It leaves what the filter wants, and comes back.
    change(user, &two, json!({ "n": 0 })).await;
    change(user, &two, json!({ "n": 5 })).await;
    let messages = socket.so_far().await;
    assert_eq!(messages.len(), 4, "{messages:?}");
    assert!(messages[0].get("subscription").is_none());
    assert!(messages[1..].iter().all(|message| message["subscription"] == "many"));
    let events: Vec<_> = messages.into_iter().map(super::socket::event).collect();
    let (one_, two_) = (one.as_str(), two.as_str());
    let expected =
        [("posts.update", one_), ("posts.update", two_), ("posts.delete", two_), ("posts.update", two_)];
    assert_eq!(told(&events), expected);
    assert_eq!(events[2].1, json!({ "id": two }));
    let ended = socket.ask(json!({ "action": "unsubscribe", "id": "many" })).await;
    assert_eq!((&ended["type"], &ended["id"]), (&json!("unsubscribed"), &json!("many")));
    delete(user, &two).await;
    delete(user, &one).await;
    assert_eq!(told(&socket.events_so_far().await), [("posts.delete", one_)]);
    let gone = socket.ask(json!({ "action": "subscribe", "collection": "posts", "record": one })).await;
    assert_eq!(gone, json!({ "error": "Subscription denied", "collection": "posts", "record": one }));
}

async fn one_may_subscribe_to_all_collections(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    let locked = json!({ "list_rule": null });
    add_collection(&stage.superadmin, "vault", json!([{ "name": "t", "type": "text" }]), locked).await;
    let mut socket = stage.socket(user).await;
    socket.subscribe("*").await;
    socket.subscribe_as(json!({ "collection": "posts", "operations": ["delete"] })).await;
    // One that comes later is among them.
    add_collection(&stage.superadmin, "later", json!([{ "name": "t", "type": "text" }]), json!({})).await;
    user.post("/api/v1/records/vault", json!({ "t": "x" })).await.expect(201);
    let later = user.post("/api/v1/records/later", json!({ "t": "x" })).await.expect(201);
    let post = add(user, json!({ "title": "x" })).await;
    delete(user, &post).await;
    let events = socket.events_so_far().await;
    assert_eq!(told(&events), [("later.create", later.str("id")), ("posts.delete", post.as_str())]);
}

async fn streams_take_narrowed_subscriptions_and_say_why_not(database: Database) {
    let stage = Stage::set(database).await;
    let (base, user) = (stage.server.base(), &stage.acme.user);
    let token = user.token();
    for (query, refusal) in [
        ("collection=posts".to_owned(), r#"401 {"detail":"Missing token"}"#),
        ("token=x&collection=posts".to_owned(), r#"401 {"detail":"Invalid token"}"#),
        (format!("token={token}&collection=x"), r#"403 {"detail":"Subscription denied: x"}"#),
        (
            format!("token={token}{}", (0..101).map(|n| format!("&collection=c{n}")).collect::<String>()),
            r#"400 {"detail":"Max subscriptions reached (100)"}"#,
        ),
    ] {
        assert_eq!(Stream::try_open(base, &query, &[]).await.err().as_deref(), Some(refusal), "{query}");
    }
    let query = format!("token={token}&collection=posts&filter.posts=n%20%3D");
    assert!(
        Stream::try_open(base, &query, &[]).await.err().is_some_and(|refusal| refusal.starts_with("400 "))
    );
    let query = "collections=posts:create,delete&filter.posts=n%20%3E%201";
    let bearer = format!("Bearer {token}");
    let mut stream =
        Stream::try_open(base, query, &[("Authorization", &bearer), ("Accept-Encoding", "gzip, br")])
            .await
            .ok()
            .unwrap();
    let head = stream.head.to_lowercase();
    for line in [
        "content-type: text/event-stream; charset=utf-8",
        "cache-control: no-store",
        "x-accel-buffering: no",
        "transfer-encoding: chunked",
    ] {
        assert!(head.contains(line), "{line}: {head}");
    }
    assert!(!head.contains("content-encoding"), "{head}");
    add(user, json!({ "n": 1 })).await;
    let post = add(user, json!({ "n": 2 })).await;
    change(user, &post, json!({ "title": "x" })).await;
    change(user, &post, json!({ "n": 0 })).await;
    for (kind, data_n) in [("posts.create", json!(2)), ("posts.delete", json!(null))] {
        let sent = stream.next().await.unwrap();
        assert_eq!((sent.name.as_str(), &sent.data["type"]), ("message", &json!(kind)));
        assert_eq!((&sent.data["data"]["id"], &sent.data["data"]["n"]), (&json!(post), &data_n));
        assert!(sent.id.is_some() && sent.data.get("event_id").is_none());
    }
}

async fn events_are_whole_records(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    let mut socket = stage.socket(user).await;
    socket.subscribe("posts").await;
    let body = json!({ "title": "ü\n\"", "n": 1.5, "paper": { "a": [1, null] }, "mail": "ann@example.com" });
    let id = add(user, body).await;
    let mut shown = user.get(&format!("{}/{id}", super::POSTS)).await.expect(200).body;
    shown.as_object_mut().unwrap().remove("account_name");
    let events = socket.events_so_far().await;
    assert_eq!(events, [("posts.create".to_owned(), shown)]);
    // Files are objects here, where a view has their text.
    add_collection(&stage.superadmin, "papers", files::papers(), json!({})).await;
    socket.subscribe("papers").await;
    let scan = files::text(user, "hello").await;
    user.post("/api/v1/records/papers", json!({ "scan": scan })).await.expect(201);
    let events = socket.events_so_far().await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].1["scan"], scan);
}
