//! Stored macros that take long are cut off where others may wait for them, and take nobody along.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use snackbase_application::ports::{ListQuery, MacroCall, MacroCaller, Storage, StoreError};
use snackbase_domain::AccountId;
use snackbase_domain::stored_macro::Query;
use snackbase_storage::Store;
use snackbase_testkit::builders::{NOW, account, compiled, record, within};

use super::{Postgres, Sqlite, skipped};

/// More combinations of 60 records than anybody counts.
const SLOW: &str = "SELECT count(*) FROM col_posts a, col_posts b, col_posts c, col_posts d, col_posts e, \
                    col_posts f WHERE a.t <> 'x'";

async fn ask(
    store: &dyn Storage,
    sql: &str,
    account: AccountId,
) -> (Result<Option<bool>, StoreError>, Duration) {
    let query = Query::read(sql, &[]).unwrap();
    let caller = MacroCaller { account_id: Some(account.to_string()), ..MacroCaller::default() };
    let call = MacroCall { query: &query, arguments: &[], types: &[], caller: &caller, now: NOW };
    let work = store.begin().await.unwrap();
    work.repositories().accounts().insert(&snackbase_testkit::builders::account(9)).await.unwrap();
    let began = Instant::now();
    let outcome = work.repositories().macros().holds(&call).await;
    let took = began.elapsed();
    work.rollback().await.unwrap();
    (outcome, took)
}

async fn slow_macros_end(store: Arc<Store>) {
    let (posts, owner) =
        (compiled(json!({"name": "posts", "fields": [{"name": "t", "type": "text"}]})), account(1));
    let scope = within(&posts, &owner, "");
    let work = store.begin().await.unwrap();
    work.repositories().accounts().insert(&owner).await.unwrap();
    work.repositories().tables().create(&posts.collection).await.unwrap();
    for n in 0..60 {
        let row = record(&posts, &owner, &n.to_string(), json!({"t": "a"}));
        work.repositories().records().insert(&scope, &row).await.unwrap();
    }
    work.commit().await.unwrap();

    // Units that wait meanwhile share a commit with it on SQLite, and do not notice.
    let first = store.begin().await.unwrap();
    first.repositories().accounts().insert(&account(2)).await.unwrap();
    let asking = tokio::spawn({
        let (store, owner) = (Arc::clone(&store), owner.id);
        async move { ask(&*store, SLOW, owner).await }
    });
    tokio::task::yield_now().await;
    first.commit().await.unwrap();
    let (outcome, took) = asking.await.unwrap();
    assert_eq!(outcome, Err(StoreError::Macro("it took longer than 5 s".to_owned())));
    assert!((4..10).contains(&took.as_secs()), "{took:?}");

    let (outcome, _) = ask(&*store, "SELECT count(*) FROM col_posts", owner.id).await;
    assert_eq!(outcome, Ok(Some(true)), "the next one has its time");
    let work = store.begin().await.unwrap();
    work.repositories().accounts().insert(&account(9)).await.unwrap();
    work.commit().await.unwrap();
    let query = ListQuery { skip: 0, limit: 1, sort: Vec::new(), count: true };
    assert_eq!(store.read().records().list(&scope, &query).await.unwrap().1, Some(60));
    for kept in [2, 9] {
        assert!(store.read().accounts().find(account(kept).id).await.unwrap().is_some(), "account {kept}");
    }
}

#[tokio::test]
async fn slow_macros_end_on_sqlite() {
    let database = Sqlite::new();
    slow_macros_end(database.open().await).await;
}

#[tokio::test]
async fn slow_macros_end_on_postgres() {
    match Postgres::new().await {
        Some(database) => {
            slow_macros_end(database.open().await).await;
            database.remove().await;
        }
        None => skipped("slow macros on PostgreSQL"),
    }
}
