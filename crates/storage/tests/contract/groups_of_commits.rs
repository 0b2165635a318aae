//! SQLite has one writer, and units of work that wait share a commit: they must
//! not notice.

use std::sync::Arc;

use snackbase_application::ports::{AccountQuery, AccountSort, Storage};
use snackbase_storage::Store;
use snackbase_testkit::builders::account;
use tokio::task::JoinSet;

use crate::databases::Sqlite;

/// The numbers of the accounts in their order.
async fn accounts(store: &Store) -> Vec<u16> {
    let query =
        AccountQuery { skip: 0, limit: 1000, sort: AccountSort::CreatedAt, descending: false, search: None };
    let page = store.read().accounts().page(&query).await.unwrap();
    let number = |slug: &str| slug.trim_start_matches("account-").parse::<u16>().unwrap();
    page.items.iter().map(|(account, _)| number(&account.slug)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_at_once_lose_nothing() {
    let database = Sqlite::new();
    let store = database.open().await;
    let mut writers = JoinSet::new();
    for writer in 0..64 {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            for n in 0..4 {
                let work = store.begin().await.unwrap();
                work.repositories().accounts().insert(&account(writer * 4 + n + 1)).await.unwrap();
                work.commit().await.unwrap();
            }
        });
    }
    writers.join_all().await;
    assert_eq!(accounts(&store).await, (1..=256).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_fails_within_a_group_leaves_no_trace() {
    let database = Sqlite::new();
    let store = database.open().await;
    // While this one is under way the others queue up, to be committed together.
    let first = store.begin().await.unwrap();
    first.repositories().accounts().insert(&account(1)).await.unwrap();
    let mut others = JoinSet::new();
    for n in 2..=60 {
        let store = Arc::clone(&store);
        others.spawn(async move {
            let work = store.begin().await.unwrap();
            work.repositories().accounts().insert(&account(n)).await.unwrap();
            match n % 4 {
                0 => work.commit().await.unwrap(),
                1 => drop(work),
                2 => work.rollback().await.unwrap(),
                _ => {
                    // A failed statement does not take the unit of work with it.
                    work.repositories().accounts().insert(&account(1)).await.unwrap_err();
                    work.commit().await.unwrap();
                }
            }
        });
    }
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    first.commit().await.unwrap();
    others.join_all().await;
    let expected: Vec<_> = (1..=60).filter(|n| *n == 1 || matches!(n % 4, 0 | 3)).collect();
    assert_eq!(accounts(&store).await, expected);
}

#[tokio::test]
async fn another_opening_of_the_file_sees_everything() {
    let database = Sqlite::new();
    let one = database.open().await;
    let two = database.open().await;
    for (n, store) in [(1, &one), (2, &two), (3, &one)] {
        let work = store.begin().await.unwrap();
        work.repositories().accounts().insert(&account(n)).await.unwrap();
        work.commit().await.unwrap();
        for store in [&one, &two] {
            assert_eq!(accounts(store).await, (1..=n).collect::<Vec<_>>());
        }
    }
    drop((one, two));
    assert_eq!(accounts(&*database.open().await).await, [1, 2, 3]);
}
