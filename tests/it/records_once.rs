//! Changes that are lost to nobody, and creates that happen once.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    an_entity_tag_follows_what_the_caller_sees,
    of_changes_of_one_version_one_happens,
    of_creates_with_one_key_one_happens,
    a_key_belongs_to_its_caller_and_request,
);

const NOTES: &str = "/api/v1/records/notes";

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "title", "type": "text", "required": true },
        { "name": "n", "type": "number" },
        { "name": "hidden", "type": "text" },
    ]);
    let rules = json!({
        "list_rule": "", "view_rule": "", "create_rule": "", "delete_rule": "title != \"kept\"",
        "update_rule": "title != \"kept\"",
        "view_fields": "[\"title\",\"n\"]", "update_fields": "[\"title\",\"n\"]",
    });
    add_collection(&superadmin, "notes", schema, rules).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

fn tag(reply: &Reply) -> String {
    reply.headers["etag"].to_str().unwrap().to_owned()
}

async fn an_entity_tag_follows_what_the_caller_sees(database: Database) {
    let (_server, superadmin, acme) = stage(database).await;
    let user = &acme.user;
    let made = user.post(NOTES, json!({ "title": "a", "hidden": "x" })).await.expect(201);
    let path = format!("{NOTES}/{}", made.str("id"));
    let seen = user.get(&path).await.expect(200);
    assert_eq!(tag(&seen), tag(&user.get(&path).await.expect(200)));
    let known = user.with_header("if-none-match", &tag(&seen)).get(&path).await.expect(304);
    assert_eq!((known.text.as_str(), tag(&known)), ("", tag(&seen)));
    user.with_header("if-none-match", "\"other\"").get(&path).await.expect(200);
    // Another view is another representation.
    user.with_header("if-none-match", &tag(&seen)).get(&format!("{path}?fields=n")).await.expect(200);
    let whole = superadmin.get(&path).await.expect(200);
    assert_ne!(tag(&whole), tag(&seen));
    let encoded = user.with_header("accept-encoding", "gzip").get(&path).await.expect(200);
    assert_eq!(tag(&encoded), format!("{}-gzip\"", tag(&seen).trim_end_matches('"')));
    user.with_header("if-none-match", &tag(&encoded)).get(&path).await.expect(304);

    let patched = user.with_header("if-match", &tag(&made)).patch(&path, json!({ "n": 1 })).await.expect(200);
    assert_ne!(tag(&patched), tag(&made));
    user.with_header("if-none-match", &tag(&seen)).get(&path).await.expect(200);
    for old in [tag(&made), tag(&seen), format!("W/{}", tag(&patched)), "\"nonsense\"".to_owned()] {
        let late = user.with_header("if-match", &old);
        let refused = late.patch(&path, json!({ "n": 2 })).await.expect(412);
        assert_eq!(refused.body["error"], "Precondition failed");
        late.put(&path, json!({ "title": "late" })).await.expect(412);
        late.delete(&path).await.expect(412);
        // What is wrong anyway is told first.
        late.patch(&path, json!({ "n": "x" })).await.expect(400);
        late.patch(&format!("{NOTES}/nothing"), json!({})).await.expect(404);
    }
    let either = format!("{}, {}", tag(&made), tag(&encoded_after(user, &path).await));
    let put = user.with_header("if-match", &either).put(&path, json!({ "title": "kept" })).await.expect(200);
    assert_eq!((&put.body["title"], &put.body["n"]), (&json!("kept"), &json!(1)));
    // Out of the rule's reach it is not there, whatever its version.
    user.with_header("if-match", &tag(&put)).delete(&path).await.expect(404);
    user.with_header("if-match", "\"0-0\"").delete(&path).await.expect(404);
    superadmin.with_header("if-match", "*").delete(&path).await.expect(204);
}

async fn encoded_after(user: &Client, path: &str) -> Reply {
    user.with_header("accept-encoding", "gzip").get(path).await.expect(200)
}

async fn of_changes_of_one_version_one_happens(database: Database) {
    let (_server, _superadmin, acme) = stage(database).await;
    let made = acme.user.post(NOTES, json!({ "title": "a", "n": 0 })).await.expect(201);
    let path = format!("{NOTES}/{}", made.str("id"));
    let mut current = tag(&made);
    for round in 1..=3 {
        let user = acme.user.with_header("if-match", &current);
        let changes = (0..20).map(|k| user.patch(&path, json!({ "n": round * 100 + k })));
        let (done, refused): (Vec<_>, Vec<_>) =
            join_all(changes).await.into_iter().partition(|reply| reply.status == 200);
        assert_eq!((done.len(), refused.len()), (1, 19));
        assert!(refused.iter().all(|reply| reply.status == 412), "{refused:?}");
        assert_eq!(acme.user.get(&path).await.expect(200).body["n"], done[0].body["n"]);
        current = tag(&done[0]);
    }
    // No two changes have one version, however fast they follow each other.
    let changes = (0..50).map(|n| acme.user.patch(&path, json!({ "n": n })));
    let moments: HashSet<_> = join_all(changes)
        .await
        .into_iter()
        .map(|reply| reply.expect(200).str("updated_at").to_owned())
        .collect();
    assert_eq!(moments.len(), 50);
}

async fn of_creates_with_one_key_one_happens(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let total = async || acme.user.get(NOTES).await.expect(200).body["total"].as_u64().unwrap();
    let anonymous = server.anonymous().with_header("x-account-id", &acme.code);
    let mut expected = 0;
    for (who, client) in [("user", &acme.user), ("anonymous", &anonymous)] {
        let keyed = client.with_header("idempotency-key", "\"8e03978e-40d5-43e8\"");
        let body = json!({ "title": who, "n": 1 });
        let (made, refused): (Vec<_>, Vec<_>) = join_all((0..20).map(|_| keyed.post(NOTES, body.clone())))
            .await
            .into_iter()
            .partition(|r| r.status == 201);
        assert!(!made.is_empty() && refused.iter().all(|reply| reply.status == 409), "{refused:?}");
        expected += 1;
        assert_eq!(total().await, expected);
        let again = keyed.post(NOTES, body).await.expect(201);
        assert_eq!(again.headers["idempotency-replayed"], "true");
        for reply in &made {
            assert_eq!((&reply.text, tag(reply)), (&again.text, tag(&again)));
        }
    }
    let keyed = acme.user.with_header("idempotency-key", "batch-1");
    let records = json!({ "records": [{ "title": "one" }, { "title": "two" }] });
    let path = format!("{NOTES}/batch");
    let replies = join_all((0..10).map(|_| keyed.post(&path, records.clone()))).await;
    assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 409)));
    let again = keyed.post(&path, records).await.expect(201);
    assert_eq!((&again.body["count"], total().await), (&json!(2), expected + 2));
    let made = replies.iter().find(|reply| reply.status == 201).unwrap();
    assert_eq!(made.text, again.text);
}

async fn a_key_belongs_to_its_caller_and_request(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let body = json!({ "title": "the same" });
    let keyed = |client: &Client| client.with_header("idempotency-key", "key");
    let made = keyed(&acme.user).post(NOTES, body.clone()).await.expect(201);
    let mut ids = HashSet::from([made.str("id").to_owned()]);
    for client in [&acme.admin, &other.user, &superadmin] {
        let own = keyed(client).post(NOTES, body.clone()).await.expect(201);
        assert!(own.headers.get("idempotency-replayed").is_none());
        assert!(ids.insert(own.str("id").to_owned()));
    }
    let refused = keyed(&acme.user).post(NOTES, json!({ "title": "another" })).await.expect(422);
    assert_eq!(refused.body["error"], "Idempotency-Key reused");
    keyed(&acme.user).post(&format!("{NOTES}/batch"), json!({ "records": [body] })).await.expect(422);
    // A refusal leaves the key free.
    let second = acme.user.with_header("idempotency-key", "second");
    second.post(NOTES, json!({ "n": 1 })).await.expect(400);
    second.post(NOTES, json!({ "title": "now" })).await.expect(201);
    acme.user.with_header("idempotency-key", "two words").post(NOTES, body_of("x")).await.expect(400);
    // After a day it is free again.
    server.clock().pass(Duration::from_secs(24 * 3600 - 60));
    let user = server.anonymous().signed_in(&acme.code, &acme.user_email).await;
    let replayed = keyed(&user).post(NOTES, body_of("the same")).await.expect(201);
    assert_eq!(replayed.str("id"), made.str("id"));
    server.clock().pass(Duration::from_secs(120));
    let anew = keyed(&user).post(NOTES, body_of("the same")).await.expect(201);
    assert_ne!(anew.str("id"), made.str("id"));
}

fn body_of(title: &str) -> Value {
    json!({ "title": title })
}
