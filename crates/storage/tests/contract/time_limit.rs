//! Statements that read take no longer than they may; transactions take their time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use snackbase_application::ports::{ListQuery, Storage, StoreError};
use snackbase_storage::Store;
use snackbase_testkit::builders::{account, compiled, record, within};

use super::{Postgres, Sqlite, skipped};

const LIMIT: Duration = Duration::from_millis(50);

async fn slow_reads_end(store: Arc<Store>) {
    let (posts, owner) =
        (compiled(json!({"name": "posts", "fields": [{"name": "t", "type": "text"}]})), account(1));
    let scope = within(&posts, &owner, "");
    let work = store.begin().await.unwrap();
    work.repositories().accounts().insert(&owner).await.unwrap();
    work.repositories().tables().create(&posts.collection).await.unwrap();
    for n in 0..1500 {
        let row = record(&posts, &owner, &n.to_string(), json!({"t": "a".repeat(3000)}));
        work.repositories().records().insert(&scope, &row).await.unwrap();
    }
    work.commit().await.unwrap();
    let pattern = "%a".repeat(20);
    // Each one another: of equal ones PostgreSQL evaluates one.
    let slow: Vec<_> = (0..100).map(|n| format!("upper(t) ~ \"{pattern}b{n}%\"")).collect();
    let slow = slow.join(" || ");
    let slow = within(&posts, &owner, &slow);
    let query = ListQuery { skip: 0, limit: 1, sort: Vec::new(), count: true };

    let began = Instant::now();
    let refused = store.read().records().list(&slow, &query).await.unwrap_err();
    assert_eq!(refused, StoreError::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    for _ in 0..8 {
        let found = store.read().records().list(&scope, &query).await.unwrap();
        assert_eq!((found.0.len(), found.1), (1, Some(1500)), "the connection goes on to serve");
    }
}

#[tokio::test]
async fn slow_reads_end_on_sqlite() {
    let database = Sqlite::new();
    slow_reads_end(database.open_limited(LIMIT).await).await;
}

#[tokio::test]
async fn slow_reads_end_on_postgres() {
    match Postgres::new().await {
        Some(database) => {
            slow_reads_end(database.open_limited(LIMIT).await).await;
            unlimited_in_a_transaction(&database).await;
            database.remove().await;
        }
        None => skipped("slow reads on PostgreSQL"),
    }
}

/// A statement of a transaction that takes longer than the limit: it waits for a lock.
async fn unlimited_in_a_transaction(database: &Postgres) {
    let store = database.open_limited(LIMIT).await;
    let owner = account(1);
    let (first, second) = (store.begin().await.unwrap(), store.begin().await.unwrap());
    first.repositories().accounts().update(&owner).await.unwrap();
    let waiting = tokio::spawn(async move {
        let outcome = second.repositories().accounts().update(&account(1)).await;
        second.rollback().await.unwrap();
        outcome
    });
    tokio::time::sleep(LIMIT * 4).await;
    assert!(!waiting.is_finished(), "it waits");
    first.rollback().await.unwrap();
    waiting.await.unwrap().unwrap();
}
