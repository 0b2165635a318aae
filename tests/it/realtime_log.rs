//! The realtime log of a server: all that happens, in its order, whoever does it.

use std::time::Duration;

use serde_json::{Value, json};
use snackbase_application::ports::{LogEntry, LogEntryKind};
use snackbase_application::realtime::access::AccessChange;

use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    all_changes_of_records_are_told_in_their_order,
    entries_of_an_account_go_with_it,
    ended_sign_ins_and_changed_rights_are_told,
    nothing_is_written_where_realtime_is_off,
    entries_are_forgotten_when_they_are_old,
);

const NOTES: &str = "/api/v1/records/notes";

/// Waits until what was committed has its places.
async fn placed(server: &Server, wanted: impl Fn(&[LogEntry]) -> bool) -> Vec<LogEntry> {
    let services = server.services();
    let mut placed = services.sequencer.placed();
    let log = services.storage.read().realtime_log();
    let waiting = async {
        loop {
            placed.mark_unchanged();
            let entries = log.after(0, 10_000).await.unwrap();
            if wanted(&entries) {
                return entries;
            }
            placed.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("entries get their places")
}

/// What is told of records: operation, and title or id after or else before.
fn told(entries: &[LogEntry]) -> Vec<String> {
    let of_records = entries.iter().filter(|entry| entry.kind == LogEntryKind::Record);
    of_records
        .map(|entry| {
            let body: Value = serde_json::from_str(&entry.body).unwrap();
            let side = if body["after"].is_null() { &body["before"] } else { &body["after"] };
            assert_eq!(side["id"], json!(entry.record_id));
            assert_eq!(side["account_id"], json!(entry.account_id));
            format!("{} {}", entry.operation.unwrap().name(), side["title"].as_str().unwrap())
        })
        .collect()
}

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "title", "type": "text", "required": true },
        { "name": "of", "type": "reference", "collection": "notes", "on_delete": "cascade" },
        { "name": "see", "type": "reference", "collection": "notes", "on_delete": "set_null" },
    ]);
    add_collection(&superadmin, "notes", json!([schema[0]]), json!({})).await;
    let id = superadmin.get("/api/v1/collections?search=notes").await.expect(200).items()[0]["id"].clone();
    let path = format!("/api/v1/collections/{}", id.as_str().unwrap());
    superadmin.put(&path, json!({ "schema": schema })).await.expect(200);
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

async fn all_changes_of_records_are_told_in_their_order(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let made = acme.user.post(NOTES, json!({ "title": "root" })).await.expect(201);
    let root = made.str("id").to_owned();
    let records: Vec<_> = (0..3).map(|n| json!({ "title": format!("batch {n}") })).collect();
    acme.user.post(&format!("{NOTES}/batch"), json!({ "records": records })).await.expect(201);
    let twice = json!({ "records": [{ "title": "lost" }, {}] });
    acme.user.post(&format!("{NOTES}/batch"), twice).await.expect(400);
    acme.user.post(NOTES, json!({ "title": "child", "of": root })).await.expect(201);
    acme.user.post(NOTES, json!({ "title": "reader", "see": root })).await.expect(201);
    let path = format!("{NOTES}/{root}");
    superadmin.patch(&path, json!({ "title": "trunk" })).await.expect(200);
    acme.admin.delete(&path).await.expect(204);
    server.anonymous().post(&format!("{NOTES}?account={}", acme.slug), json!({ "title": "x" })).await;
    superadmin.post(NOTES, json!({ "title": "last", "account_id": acme.id })).await.expect(201);
    let entries = placed(&server, |entries| told(entries).contains(&"create last".to_owned())).await;
    assert!(entries.iter().zip(1..).all(|(entry, position)| entry.position == position));
    let mut told = told(&entries);
    told.retain(|line| line != "create x");
    let mut expected =
        vec!["create root", "create batch 0", "create batch 1", "create batch 2", "create child"];
    expected.extend(["create reader", "update trunk"]);
    assert_eq!(told[..7], expected);
    // What goes together has no order that anybody promised, but those that refer come first.
    let mut cascade = told[7..10].to_vec();
    assert_eq!(cascade[2], "delete trunk");
    cascade.sort();
    assert_eq!(cascade, ["delete child", "delete trunk", "update reader"]);
    assert_eq!(told[10..], ["create last"]);
}

async fn entries_of_an_account_go_with_it(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    for tenant in [&acme, &other] {
        tenant.user.post(NOTES, json!({ "title": tenant.slug })).await.expect(201);
    }
    placed(&server, |entries| told(entries).len() == 2).await;
    superadmin.delete(&format!("/api/v1/accounts/{}", acme.id)).await.expect(204);
    let entries = placed(&server, |entries| told(entries).len() == 1).await;
    assert_eq!(told(&entries), ["create other"]);
}

async fn ended_sign_ins_and_changed_rights_are_told(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let user = AccessChange::User(acme.user_id.parse().unwrap());
    let count = async |change: AccessChange| {
        server.services().sequencer.settle().await.unwrap();
        let entries = server.services().storage.read().realtime_log().after(0, 10_000).await.unwrap();
        let access = entries.iter().filter(|entry| entry.kind == LogEntryKind::Access);
        access.filter(|entry| AccessChange::read(&entry.body) == change).count()
    };
    let (of_user, of_all) = (count(user).await, count(AccessChange::All).await);
    acme.user.post("/api/v1/auth/logout", json!({})).await.expect(200);
    assert_eq!(count(user).await, of_user + 1);
    superadmin.patch(&format!("/api/v1/users/{}", acme.user_id), json!({ "role_id": 1 })).await.expect(200);
    assert_eq!(count(user).await, of_user + 2);
    assert_eq!(count(AccessChange::All).await, of_all);
    superadmin.put(&format!("/api/v1/accounts/{}", acme.id), json!({ "name": "Renamed" })).await.expect(200);
    assert_eq!(count(AccessChange::All).await, of_all + 1);
}

async fn nothing_is_written_where_realtime_is_off(database: Database) {
    let server = Server::start_with(database, &[("REALTIME_ENABLED", "false")]);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    superadmin.post(NOTES, json!({ "title": "quiet" })).await.expect(201);
    superadmin.post("/api/v1/auth/logout", json!({})).await.expect(200);
    server.services().sequencer.settle().await.unwrap();
    let log = server.services().storage.read().realtime_log();
    assert_eq!(log.after(0, 10).await.unwrap(), []);
    assert_eq!(log.bounds().await.unwrap().last, 0);
}

async fn entries_are_forgotten_when_they_are_old(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    acme.user.post(NOTES, json!({ "title": "old" })).await.expect(201);
    let known = placed(&server, |entries| !told(entries).is_empty()).await;
    let sequencer = &server.services().sequencer;
    server.clock().pass(Duration::from_secs(23 * 3600));
    assert_eq!(sequencer.forget_old().await.unwrap(), 0);
    server.clock().pass(Duration::from_secs(3601));
    assert_eq!(sequencer.forget_old().await.unwrap(), known.len() as u64);
    let log = server.services().storage.read().realtime_log();
    let bounds = log.bounds().await.unwrap();
    assert_eq!((bounds.first, bounds.last), (known.len() as u64 + 1, known.len() as u64));
}
