//! Of changes that meet, each is done as a whole, one after the other.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use snackbase_application::access::Scoped;
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::record::{Record, Value};
use tokio::task::JoinSet;

use super::{create, delete, insert, values};
use crate::builders::{NOW, changes, compiled, record, within};

const TRIES: usize = 12;

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account) {
    let counters = compiled(json!({"name": "counters", "fields": [
        {"name": "code", "type": "text", "unique": true}, {"name": "n", "type": "number"},
    ]}));
    create(storage, &counters).await;
    one_of_many_gets_a_unique_value(storage, &counters, first).await;
    one_of_many_finds_the_record_as_the_rule_wants_it(storage, &counters, first).await;
    one_of_many_deletes(storage, &counters, first).await;
    an_update_does_not_bring_back_what_is_deleted(storage, &counters, first).await;
    no_reference_is_left_without_its_target(storage, first).await;
}

/// Does the same several times at once, each in a unit of work of its own.
async fn at_once<T: Send + 'static>(
    tries: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut set = JoinSet::new();
    for attempt in tries {
        set.spawn(attempt);
    }
    set.join_all().await
}

async fn try_insert(storage: Arc<dyn Storage>, scope: Scoped, record: Record) -> Result<(), StoreError> {
    let work = storage.begin().await.unwrap();
    match work.repositories().records().insert(&scope, &record).await {
        Ok(()) => work.commit().await,
        Err(error) => work.rollback().await.and(Err(error)),
    }
}

/// Whether the record was there and as the scope wants it.
async fn try_update(storage: Arc<dyn Storage>, scope: Scoped, id: &str, body: Json) -> bool {
    let change = changes(scope.compiled(), body);
    let work = storage.begin().await.unwrap();
    let records = work.repositories().records();
    let updated = records.update(&scope, &RecordId::new(id), &change, NOW, "racer").await.unwrap();
    work.commit().await.unwrap();
    updated.is_some()
}

async fn try_delete(
    storage: Arc<dyn Storage>,
    compiled: Arc<Compiled>,
    account: Account,
    id: &'static str,
) -> Result<bool, StoreError> {
    delete(&storage, &compiled, &account, id).await
}

async fn one_of_many_gets_a_unique_value(
    storage: &Arc<dyn Storage>,
    counters: &Arc<Compiled>,
    first: &Account,
) {
    let outcomes = at_once((0..TRIES).map(|n| {
        let new = record(counters, first, &format!("u{n}"), json!({"code": "the one"}));
        try_insert(Arc::clone(storage), within(counters, first, ""), new)
    }))
    .await;
    let taken = Err(StoreError::Conflict { constraint: "code".to_owned() });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == taken).count(), TRIES - 1, "{outcomes:?}");
    assert_eq!(storage.read().tables().count(&counters.collection).await, Ok(1));
}

async fn one_of_many_finds_the_record_as_the_rule_wants_it(
    storage: &Arc<dyn Storage>,
    counters: &Arc<Compiled>,
    first: &Account,
) {
    insert(storage, counters, first, "open", json!({"n": 0})).await;
    let updated =
        at_once((1..=TRIES).map(|n| {
            try_update(Arc::clone(storage), within(counters, first, "n = 0"), "open", json!({"n": n}))
        }))
        .await;
    assert_eq!(updated.iter().filter(|updated| **updated).count(), 1, "{updated:?}");
    let found = values(storage, counters, first, "open").await.unwrap();
    assert!(matches!(found[1], Value::Number(n) if n > 0.0), "{found:?}");
}

async fn one_of_many_deletes(storage: &Arc<dyn Storage>, counters: &Arc<Compiled>, first: &Account) {
    insert(storage, counters, first, "doomed", json!({})).await;
    let deleted = at_once(
        (0..TRIES).map(|_| try_delete(Arc::clone(storage), Arc::clone(counters), first.clone(), "doomed")),
    )
    .await;
    assert_eq!(deleted.iter().filter(|deleted| **deleted == Ok(true)).count(), 1, "{deleted:?}");
    assert_eq!(deleted.iter().filter(|deleted| **deleted == Ok(false)).count(), TRIES - 1, "{deleted:?}");
}

async fn an_update_does_not_bring_back_what_is_deleted(
    storage: &Arc<dyn Storage>,
    counters: &Arc<Compiled>,
    first: &Account,
) {
    for _ in 0..5 {
        insert(storage, counters, first, "fought-over", json!({"n": 0})).await;
        let updates = at_once((0..TRIES).map(|n| {
            try_update(Arc::clone(storage), within(counters, first, ""), "fought-over", json!({"n": n}))
        }));
        let doom = try_delete(Arc::clone(storage), Arc::clone(counters), first.clone(), "fought-over");
        let (_, deleted) = tokio::join!(updates, doom);
        assert_eq!(deleted, Ok(true));
        assert_eq!(values(storage, counters, first, "fought-over").await, None);
    }
}

async fn no_reference_is_left_without_its_target(storage: &Arc<dyn Storage>, first: &Account) {
    let port = compiled(json!({"name": "ports", "fields": []}));
    let ship = compiled(json!({"name": "ships", "fields": [
        {"name": "at", "type": "reference", "collection": "ports", "on_delete": "restrict"},
        {"name": "for", "type": "reference", "collection": "ports", "on_delete": "cascade"},
    ]}));
    create(storage, &port).await;
    create(storage, &ship).await;
    for (field, restricts) in [("at", true), ("for", false)] {
        for round in 0..10 {
            insert(storage, &port, first, "p", json!({})).await;
            let id = format!("{field}-{round}");
            let new = record(&ship, first, &id, [(field.to_owned(), json!("p"))].into_iter().collect());
            let docking = tokio::spawn(try_insert(Arc::clone(storage), within(&ship, first, ""), new));
            let closing =
                tokio::spawn(try_delete(Arc::clone(storage), Arc::clone(&port), first.clone(), "p"));
            let (docked, closed) = (docking.await.unwrap(), closing.await.unwrap());
            let there = values(storage, &ship, first, &id).await.is_some();
            match (&docked, &closed) {
                (Ok(()), Err(StoreError::ForeignKey)) if restricts => {
                    assert!(there);
                    delete(storage, &ship, first, &id).await.unwrap();
                    assert_eq!(delete(storage, &port, first, "p").await, Ok(true));
                }
                // Whichever came first, nothing refers to what is gone.
                (Err(StoreError::ForeignKey), Ok(true)) => assert!(!there),
                (Ok(()), Ok(true)) if !restricts => assert!(!there),
                other => panic!("{field}, {round}: {other:?}"),
            }
        }
    }
}
