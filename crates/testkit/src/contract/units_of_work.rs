//! Units of work: all or nothing, and nobody sees them before the end.

use std::sync::Arc;

use snackbase_application::ports::Storage;

use crate::builders::account;

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    storage.ping().await.unwrap();
    unseen_until_committed(&storage).await;
    undone_when_rolled_back_or_dropped(&storage).await;
    undone_after_a_failure(&storage).await;
    parts_are_undone_alone(&storage).await;
}

async fn unseen_until_committed(storage: &Arc<dyn Storage>) {
    let made = account(1);
    let work = storage.begin().await.unwrap();
    work.repositories().accounts().insert(&made).await.unwrap();
    assert_eq!(work.repositories().accounts().find(made.id).await.unwrap(), Some(made.clone()), "within");
    assert_eq!(storage.read().accounts().find(made.id).await.unwrap(), None, "from outside");
    work.commit().await.unwrap();
    assert_eq!(storage.read().accounts().find(made.id).await.unwrap(), Some(made));
}

async fn undone_when_rolled_back_or_dropped(storage: &Arc<dyn Storage>) {
    let work = storage.begin().await.unwrap();
    work.repositories().accounts().insert(&account(2)).await.unwrap();
    work.rollback().await.unwrap();
    let work = storage.begin().await.unwrap();
    work.repositories().accounts().insert(&account(3)).await.unwrap();
    drop(work);
    // Comes after the one that was dropped.
    let work = storage.begin().await.unwrap();
    work.repositories().accounts().insert(&account(4)).await.unwrap();
    work.commit().await.unwrap();
    for (n, there) in [(2, false), (3, false), (4, true)] {
        let found = storage.read().accounts().find(account(n).id).await.unwrap();
        assert_eq!(found.is_some(), there, "account {n}");
    }
}

async fn undone_after_a_failure(storage: &Arc<dyn Storage>) {
    let work = storage.begin().await.unwrap();
    let store = work.repositories();
    store.accounts().insert(&account(5)).await.unwrap();
    store.accounts().insert(&account(1)).await.unwrap_err();
    work.rollback().await.unwrap();
    assert_eq!(storage.read().accounts().find(account(5).id).await.unwrap(), None);
}

async fn parts_are_undone_alone(storage: &Arc<dyn Storage>) {
    let work = storage.begin().await.unwrap();
    work.repositories().accounts().insert(&account(6)).await.unwrap();
    work.begin_part().await.unwrap();
    work.repositories().accounts().insert(&account(7)).await.unwrap();
    work.repositories().accounts().insert(&account(1)).await.unwrap_err();
    work.undo_part().await.unwrap();
    work.begin_part().await.unwrap();
    work.repositories().accounts().insert(&account(8)).await.unwrap();
    work.keep_part().await.unwrap();
    work.repositories().accounts().insert(&account(9)).await.unwrap();
    work.flush().await.unwrap();
    work.commit().await.unwrap();
    for (n, there) in [(6, true), (7, false), (8, true), (9, true)] {
        let found = storage.read().accounts().find(account(n).id).await.unwrap();
        assert_eq!(found.is_some(), there, "account {n}");
    }
}
