//! The promises of `IdempotencyKeys`.

use std::sync::Arc;

use snackbase_application::ports::{AnsweredRequest, KeyedRequest, Storage, StoreError};
use snackbase_domain::account::Account;

use super::{commit, seed};
use crate::builders::moment;

fn keyed(account: &Account, id: &str, request: &str, at: i64) -> KeyedRequest {
    KeyedRequest {
        id: id.to_owned(),
        account_id: account.id,
        request: request.to_owned(),
        created_at: moment(at),
        expires_at: moment(at + 100),
    }
}

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, ..) = seed(&storage).await;
    let request = keyed(&first, "key", "digest", 0);
    let taken = commit(&storage, async |store| {
        let taken = store.idempotency_keys().take(&request).await?;
        store.idempotency_keys().answer("key", "the reply").await?;
        Ok(taken)
    })
    .await;
    assert_eq!(taken, None);
    let known = Some(AnsweredRequest { request: "digest".to_owned(), reply: "the reply".to_owned() });
    let take = async |request: KeyedRequest| {
        commit(&storage, async |store| store.idempotency_keys().take(&request).await).await
    };
    assert_eq!(take(keyed(&first, "key", "another", 99)).await, known);
    assert_eq!(take(keyed(&first, "other key", "digest", 0)).await, None);
    // What is rolled back leaves no key.
    let work = storage.begin().await.unwrap();
    assert_eq!(work.repositories().idempotency_keys().take(&keyed(&first, "lost", "x", 0)).await, Ok(None));
    work.rollback().await.unwrap();
    assert_eq!(take(keyed(&first, "lost", "y", 1)).await, None);
    // Expired keys are free, whether they were removed or not.
    assert_eq!(take(keyed(&first, "key", "later", 100)).await, None);
    let remove = async |at| {
        commit(&storage, async |store| store.idempotency_keys().remove_expired(moment(at)).await).await
    };
    assert_eq!((remove(101).await, remove(101).await), (1, 0));
    assert_eq!(take(keyed(&first, "other key", "anew", 1)).await, None);
    assert_eq!(take(keyed(&first, "key", "later", 150)).await.unwrap().request, "later");
}

/// What holds where several units of work run at once: nobody waits for a key.
pub async fn at_once(storage: Arc<dyn Storage>) {
    let (first, ..) = seed(&storage).await;
    let (one, two) = (storage.begin().await.unwrap(), storage.begin().await.unwrap());
    let request = keyed(&first, "key", "digest", 0);
    assert_eq!(one.repositories().idempotency_keys().take(&request).await, Ok(None));
    let refused = two.repositories().idempotency_keys().take(&request).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    two.rollback().await.unwrap();
    one.commit().await.unwrap();
}
