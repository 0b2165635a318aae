//! What one client may ask for, and what becomes of those who do not keep up.

use std::time::Duration;

use serde_json::{Value, json};

use super::socket::{Heard, Socket, Stream};
use super::{POSTS, Stage};
use crate::on_each_database;
use crate::program::Program;
use crate::server::Database;
use crate::tenant::add_collection;

on_each_database!(
    subscriptions_messages_and_sizes_are_bounded,
    connections_are_bounded_and_the_refusal_says_so,
    who_reads_too_slowly_is_cut_off_and_told_so,
    who_gives_no_sign_of_life_is_cut_off,
);

async fn subscriptions_messages_and_sizes_are_bounded(database: Database) {
    let stage = Stage::set(database).await;
    let mut socket = stage.socket(&stage.acme.user).await;
    for n in 0..100 {
        socket.subscribe_as(json!({ "collection": "posts", "id": n.to_string() })).await;
    }
    let more = socket.ask(json!({ "action": "subscribe", "collection": "posts" })).await;
    assert_eq!(more, json!({ "error": "Max subscriptions reached (100)" }));
    socket.subscribe_as(json!({ "collection": "posts", "id": "7", "operations": ["create"] })).await;
    for _ in 0..400 {
        socket.send(json!({ "action": "ping" })).await;
    }
    let mut answers = Vec::new();
    for _ in 0..400 {
        answers.push(socket.message().await);
    }
    assert!(answers.contains(&json!({ "error": "Too many messages" })), "400 at once are too many");
    assert_eq!(answers[0], json!({ "type": "pong" }));

    let too_big = || vec![b'x'; 64 * 1024 + 1];
    let mut socket = stage.socket(&stage.acme.user).await;
    socket.send_frame(0x81, &vec![b'x'; 64 * 1024]).await;
    assert_eq!(socket.message().await["error"], "Invalid JSON");
    socket.send_frame(0x81, &too_big()).await;
    assert_eq!(socket.end().await, (1009, "Message too big".to_owned()));
    let mut socket = stage.socket(&stage.acme.user).await;
    socket.send_frame(0x01, &vec![b'x'; 40_000]).await;
    socket.send_frame(0x80, &vec![b'x'; 40_000]).await;
    assert_eq!(socket.end().await, (1009, "Message too big".to_owned()));
    let mut socket = stage.socket(&stage.acme.user).await;
    socket.send_frame(0x81, &vec![b'x'; 8 << 20]).await;
    assert!(matches!(socket.next().await, Heard::Closed(1009, _) | Heard::Lost));
}

async fn connections_are_bounded_and_the_refusal_says_so(database: Database) {
    let settings = [
        ("REALTIME_MAX_CONNECTIONS_PER_USER", "2"),
        ("REALTIME_MAX_CONNECTIONS_PER_ACCOUNT", "3"),
        ("REALTIME_MAX_CONNECTIONS", "4"),
    ];
    let stage = Stage::set_with(database, &settings).await;
    let (base, acme) = (stage.server.base(), &stage.acme);
    let open = async |token: &str| Socket::try_open(base, &format!("?token={token}"), &[], None).await;
    let first = open(acme.user.token()).await.ok().unwrap();
    let query = format!("token={}&collection=posts", acme.user.token());
    let _second = Stream::try_open(base, &query, &[]).await.ok().unwrap();
    let refused = |outcome: Result<Socket, String>| outcome.err().unwrap();
    let of_user = r#"429 {"detail":"Too many realtime connections of this user"}"#;
    assert_eq!(refused(open(acme.user.token()).await), of_user);
    assert_eq!(Stream::try_open(base, &query, &[]).await.err().as_deref(), Some(of_user));
    let _third = open(acme.admin.token()).await.ok().unwrap();
    let of_account = r#"429 {"detail":"Too many realtime connections of this account"}"#;
    assert_eq!(refused(open(acme.admin.token()).await), of_account);
    let _fourth = open(stage.superadmin.token()).await.ok().unwrap();
    assert_eq!(
        refused(open(stage.superadmin.token()).await),
        r#"503 {"detail":"Too many realtime connections"}"#
    );
    drop(first);
    for _ in 0..500 {
        if open(acme.user.token()).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("a connection that has ended still counts");
}

async fn who_reads_too_slowly_is_cut_off_and_told_so(database: Database) {
    let stage = Stage::set(database).await;
    let acme = &stage.acme;
    let mut slow = Socket::open_narrow(stage.server.base(), acme.user.token()).await;
    slow.subscribe("posts").await;
    let mut quick = stage.socket(&acme.user).await;
    quick.subscribe("posts").await;
    let text = "x".repeat(16_000);
    let records: Vec<Value> = (0..100).map(|n| json!({ "title": text, "n": n })).collect();
    let mut heard = 0;
    for _ in 0..24 {
        acme.admin.post(&format!("{POSTS}/batch"), json!({ "records": records })).await.expect(201);
        for _ in 0..100 {
            assert_eq!(quick.message().await["type"], "posts.create");
            heard += 1;
        }
    }
    assert_eq!(heard, 2400);
    let mut got = 0;
    loop {
        match slow.next().await {
            Heard::Text(_) => got += 1,
            Heard::Closed(code, reason) => {
                assert_eq!((code, reason.as_str()), (1013, "Too slow"));
                break;
            }
            Heard::Lost => panic!("cut off without a word"),
        }
    }
    assert!(got < 2400, "{got}");
}

async fn who_gives_no_sign_of_life_is_cut_off(database: Database) {
    let stage = Stage::set_with(database, &[("REALTIME_HEARTBEAT_SECONDS", "0.2")]).await;
    let mut silent = stage.socket(&stage.acme.user).await;
    silent.answers_pings = false;
    assert_eq!(silent.next().await, Heard::Lost);
    assert!(silent.heartbeats >= 1);
    let mut lively = stage.socket(&stage.acme.user).await;
    while lively.heartbeats < 5 {
        lively.subscribe("posts").await;
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Open connections are told, and do not hold up the end of the server.
#[tokio::test]
async fn at_the_end_of_the_server_connections_are_told() {
    let Some(program) = Program::find("realtime: shutdown") else { return };
    let mut serving = program.serve().await;
    let superadmin = serving.superadmin().await;
    add_collection(&superadmin, "posts", json!([{ "name": "t", "type": "text" }]), json!({})).await;
    let mut socket = Socket::open(serving.base(), superadmin.token()).await;
    socket.subscribe("posts").await;
    let query = format!("token={}&collection=posts", superadmin.token());
    let mut stream = Stream::try_open(serving.base(), &query, &[]).await.ok().unwrap();
    let asked = std::time::Instant::now();
    serving.terminate();
    assert_eq!(socket.end().await, (1001, "Server is shutting down".to_owned()));
    assert_eq!(stream.next().await.unwrap().name, "closed");
    assert!(serving.ended().await.success());
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
}
