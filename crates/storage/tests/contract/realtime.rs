//! The realtime log where several nodes work on one database.

use std::sync::Arc;
use std::time::Duration;

use snackbase_application::ports::{LogEntryKind, NewLogEntry, Storage, UnitOfWork};
use snackbase_storage::Store;
use snackbase_testkit::builders::{NOW, account};
use snackbase_testkit::contract::realtime::all_is_told_once_and_in_order;
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{Postgres, Sqlite, skipped};

fn said(body: &str) -> NewLogEntry {
    NewLogEntry {
        kind: LogEntryKind::Channel,
        account_id: None,
        collection_id: None,
        record_id: None,
        operation: None,
        body: body.to_owned(),
        occurred_at: NOW,
    }
}

async fn saying(store: &Store, body: &str) -> Box<dyn UnitOfWork> {
    let work = store.begin().await.unwrap();
    work.repositories().realtime_log().append(&[said(body)]).await.unwrap();
    work
}

async fn settle(store: &Store) -> u64 {
    let work = store.begin().await.unwrap();
    let settled = work.repositories().realtime_log().settle(100).await.unwrap();
    work.commit().await.unwrap();
    settled
}

async fn told(store: &Store) -> Vec<(u64, String)> {
    let entries = store.read().realtime_log().after(0, 100).await.unwrap();
    entries.into_iter().map(|entry| (entry.position, entry.body)).collect()
}

fn in_order(bodies: &[&str]) -> Vec<(u64, String)> {
    (1..).zip(bodies).map(|(position, body)| (position, (*body).to_owned())).collect()
}

/// For as long as nothing should wait.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("nobody is waited for")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_tell_all_once_and_in_order() {
    let Some(database) = Postgres::new().await else {
        return skipped("the realtime log of two nodes on PostgreSQL");
    };
    let (one, other) = (database.open().await, database.open().await);
    let owner = account(1);
    let work = one.begin().await.unwrap();
    work.repositories().accounts().insert(&owner).await.unwrap();
    work.commit().await.unwrap();
    all_is_told_once_and_in_order(one, other, &owner).await;
    database.remove().await;
}

#[tokio::test]
async fn a_long_transaction_holds_up_nobody() {
    let Some(database) = Postgres::new().await else {
        return skipped("the realtime log beside a long transaction on PostgreSQL");
    };
    let store = database.open().await;
    let long = saying(&store, "long").await;
    for body in ["short", "shorter", "shortest"] {
        soon(saying(&store, body).await.commit()).await.unwrap();
        assert_eq!(soon(settle(&store)).await, 1);
    }
    assert_eq!(told(&store).await, in_order(&["short", "shorter", "shortest"]));
    long.commit().await.unwrap();
    assert_eq!(settle(&store).await, 1);
    let all = ["short", "shorter", "shortest", "long"];
    assert_eq!(told(&store).await, in_order(&all), "behind where readers stand");
    assert_eq!(settle(&store).await, 0);
    database.remove().await;
}

/// What the head remembers of the server's transactions means nothing on another one.
#[tokio::test]
async fn a_restored_queue_is_placed() {
    let Some(database) = Postgres::new().await else {
        return skipped("a restored realtime log on PostgreSQL");
    };
    let store = database.open().await;
    saying(&store, "1").await.commit().await.unwrap();
    assert_eq!(settle(&store).await, 1);
    saying(&store, "2").await.commit().await.unwrap();
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    connection.execute("UPDATE realtime_head SET seen = '9000000000:9000000001:'").await.unwrap();
    assert_eq!(settle(&store).await, 1);
    saying(&store, "3").await.commit().await.unwrap();
    assert_eq!(settle(&store).await, 1);
    assert_eq!(told(&store).await, in_order(&["1", "2", "3"]));
    database.remove().await;
}

#[tokio::test]
async fn who_settles_holds_up_no_writer() {
    let Some(database) = Postgres::new().await else {
        return skipped("writing while the realtime log is settled on PostgreSQL");
    };
    let (one, other) = (database.open().await, database.open().await);
    saying(&one, "1").await.commit().await.unwrap();
    let settling = one.begin().await.unwrap();
    assert_eq!(settling.repositories().realtime_log().settle(100).await.unwrap(), 1);
    soon(saying(&other, "2").await.commit()).await.unwrap();
    assert_eq!(told(&other).await, [], "places are seen together");
    // The other one waits for his turn, and then sees what was committed until it came.
    let waiting = tokio::spawn({
        let other = Arc::clone(&other);
        async move { settle(&other).await }
    });
    soon(saying(&one, "3").await.commit()).await.unwrap();
    settling.commit().await.unwrap();
    let settled = soon(waiting).await.unwrap();
    assert_eq!(settled + settle(&one).await, 2);
    assert_eq!(told(&other).await, in_order(&["1", "2", "3"]));
    database.remove().await;
}

/// A node ends after its commit, and while it gives places.
async fn what_a_node_leaves_another_one_places(one: Arc<Store>, other: Arc<Store>) {
    saying(&one, "1").await.commit().await.unwrap();
    saying(&one, "2").await.commit().await.unwrap();
    let lost = saying(&one, "lost").await;
    let settling = one.begin().await.unwrap();
    settling.repositories().realtime_log().settle(100).await.unwrap();
    drop((settling, lost));
    let epoch = one.read().realtime_log().bounds().await.unwrap().epoch;
    drop(one);
    settle(&other).await;
    assert_eq!(told(&other).await, in_order(&["1", "2"]));
    saying(&other, "3").await.commit().await.unwrap();
    settle(&other).await;
    assert_eq!(told(&other).await, in_order(&["1", "2", "3"]));
    assert_eq!(other.read().realtime_log().bounds().await.unwrap().epoch, epoch);
}

#[tokio::test]
async fn what_a_node_leaves_another_one_places_on_sqlite() {
    let database = Sqlite::new();
    what_a_node_leaves_another_one_places(database.open().await, database.open().await).await;
}

#[tokio::test]
async fn what_a_node_leaves_another_one_places_on_postgres() {
    match Postgres::new().await {
        Some(database) => {
            what_a_node_leaves_another_one_places(database.open().await, database.open().await).await;
            database.remove().await;
        }
        None => skipped("what a node leaves of the realtime log on PostgreSQL"),
    }
}

#[tokio::test]
async fn nodes_hear_of_each_others_entries() {
    let Some(database) = Postgres::new().await else {
        return skipped("word of entries of the realtime log on PostgreSQL");
    };
    let (one, other) = (database.open().await, database.open().await);
    let signal = other.realtime_signal();
    // The first word is that of the connection.
    soon(signal.told()).await;
    settle(&one).await;
    let written = saying(&one, "1").await;
    written.commit().await.unwrap();
    let silent = tokio::time::timeout(Duration::from_millis(100), signal.told()).await;
    assert!(silent.is_err(), "what has no place yet is not told");
    settle(&one).await;
    soon(signal.told()).await;
    assert_eq!(told(&other).await, in_order(&["1"]));
    database.end_connections().await;
    soon(signal.told()).await;
    database.remove().await;
}

#[tokio::test]
async fn another_database_has_another_log() {
    let (one, other) = (Sqlite::new(), Sqlite::new());
    let epoch =
        async |database: &Sqlite| database.open().await.read().realtime_log().bounds().await.unwrap().epoch;
    assert_eq!(epoch(&one).await, epoch(&one).await);
    assert_ne!(epoch(&one).await, epoch(&other).await);
}
