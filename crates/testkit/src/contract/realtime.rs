//! The promises of `RealtimeLog`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use snackbase_application::access::Scoped;
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{
    LogBounds, LogEntry, LogEntryKind, NewLogEntry, RealtimeLog, RecordOperation, Repositories, Storage,
};
use snackbase_application::realtime::change;
use snackbase_application::tracking::TrackedStorage;
use snackbase_domain::account::Account;
use snackbase_domain::{AccountId, CollectionId, RecordId};
use tokio::task::JoinSet;

use super::{commit, seed};
use crate::FixedClock;
use crate::builders::{NOW, changes, compiled, everywhere, record, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    it_is_empty_at_first(&storage).await;
    what_is_appended_comes_back_whole(&storage).await;
    what_is_undone_was_never_there(&storage).await;
    many_entries_keep_their_order(&storage).await;
    the_oldest_are_forgotten(&storage).await;
    let (first, second, ..) = seed(&storage).await;
    entries_go_with_their_account(&storage, &first, &second).await;
    all_is_told_once_and_in_order(storage.clone(), storage, &second).await;
}

fn log(storage: &Arc<dyn Storage>) -> &dyn RealtimeLog {
    storage.read().realtime_log()
}

async fn settle_some(storage: &Arc<dyn Storage>, limit: u64) -> u64 {
    let work = storage.begin().await.unwrap();
    let settled = work.repositories().realtime_log().settle(limit).await.unwrap();
    work.commit().await.unwrap();
    settled
}

/// Gives all entries their places, a few at a time; answers how many waited.
async fn settle(storage: &Arc<dyn Storage>, at_once: u64) -> u64 {
    let mut all = 0;
    loop {
        let settled = settle_some(storage, at_once).await;
        assert!(settled <= at_once);
        all += settled;
        if settled == 0 {
            return all;
        }
    }
}

async fn bounds(storage: &Arc<dyn Storage>) -> LogBounds {
    log(storage).bounds().await.unwrap()
}

fn said(body: &str, occurred_at: i64) -> NewLogEntry {
    NewLogEntry {
        kind: LogEntryKind::Channel,
        account_id: None,
        collection_id: None,
        record_id: None,
        operation: None,
        body: body.to_owned(),
        occurred_at,
    }
}

fn placed(position: u64, entry: NewLogEntry) -> LogEntry {
    LogEntry {
        position,
        kind: entry.kind,
        account_id: entry.account_id,
        collection_id: entry.collection_id,
        record_id: entry.record_id,
        operation: entry.operation,
        body: entry.body,
        occurred_at: entry.occurred_at,
    }
}

async fn append(storage: &Arc<dyn Storage>, entries: &[NewLogEntry]) {
    commit(storage, async |store| store.realtime_log().append(entries).await).await;
    settle(storage, 1000).await;
}

fn bodies(entries: &[LogEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.body.as_str()).collect()
}

async fn it_is_empty_at_first(storage: &Arc<dyn Storage>) {
    let found = bounds(storage).await;
    assert_eq!((found.first, found.last), (1, 0));
    assert!(!found.epoch.is_empty());
    assert!(found.follows(0) && !found.follows(1));
    assert_eq!(log(storage).after(0, 10).await.unwrap(), []);
    assert_eq!(settle(storage, 10).await, 0);
    assert_eq!(log(storage).forget_before(i64::MAX, 10).await.unwrap(), 0);
    append(storage, &[]).await;
    assert_eq!(bounds(storage).await, found);
}

async fn what_is_appended_comes_back_whole(storage: &Arc<dyn Storage>) {
    let (account, collection) = (AccountId::new(uuid(1)), CollectionId::new(uuid(2)));
    let mut entries = vec![
        said("{}", NOW),
        NewLogEntry {
            kind: LogEntryKind::Access,
            account_id: Some(account),
            ..said("[1.50, \"ü'🦀\\\"\"]", -1)
        },
        said(&"x".repeat(1 << 20), i64::MAX),
    ];
    entries.extend(RecordOperation::ALL.map(|operation| NewLogEntry {
        kind: LogEntryKind::Record,
        account_id: Some(account),
        collection_id: Some(collection),
        record_id: Some(format!("any {} id'", operation.name())),
        operation: Some(operation),
        ..said("null", 0)
    }));
    append(storage, &entries).await;
    let expected: Vec<_> = (1..).zip(entries).map(|(position, entry)| placed(position, entry)).collect();
    assert_eq!(log(storage).after(0, 10).await.unwrap(), expected);
    assert_eq!(log(storage).after(2, 2).await.unwrap(), expected[2..4]);
    assert_eq!(log(storage).after(6, 2).await.unwrap(), []);
    assert_eq!(log(storage).after(u64::MAX, 2).await.unwrap(), []);
    let found = bounds(storage).await;
    assert_eq!((found.first, found.last), (1, 6));
    assert!(found.follows(0) && found.follows(6) && !found.follows(7));
}

async fn what_is_undone_was_never_there(storage: &Arc<dyn Storage>) {
    let work = storage.begin().await.unwrap();
    work.repositories().realtime_log().append(&[said("rolled back", 0)]).await.unwrap();
    work.rollback().await.unwrap();
    let work = storage.begin().await.unwrap();
    work.repositories().realtime_log().append(&[said("before", 0)]).await.unwrap();
    work.begin_part().await.unwrap();
    work.repositories().realtime_log().append(&[said("undone", 0)]).await.unwrap();
    work.undo_part().await.unwrap();
    work.repositories().realtime_log().append(&[said("after", 0)]).await.unwrap();
    assert_eq!(log(storage).after(6, 10).await.unwrap(), [], "from outside");
    work.commit().await.unwrap();
    settle(storage, 10).await;
    let found = log(storage).after(6, 10).await.unwrap();
    assert_eq!(bodies(&found), ["before", "after"]);
    assert_eq!(found.iter().map(|entry| entry.position).collect::<Vec<_>>(), [7, 8]);
}

async fn many_entries_keep_their_order(storage: &Arc<dyn Storage>) {
    const MANY: usize = 2300;
    let entries: Vec<_> = (0..MANY).map(|n| said(&n.to_string(), 0)).collect();
    commit(storage, async |store| store.realtime_log().append(&entries).await).await;
    settle(storage, 700).await;
    let found = log(storage).after(8, 10_000).await.unwrap();
    let expected: Vec<_> = (9..).zip(entries).map(|(position, entry)| placed(position, entry)).collect();
    assert_eq!(found, expected);
    assert_eq!(bounds(storage).await.last, 8 + MANY as u64);
}

async fn the_oldest_are_forgotten(storage: &Arc<dyn Storage>) {
    let before = bounds(storage).await;
    assert_eq!(log(storage).forget_before(i64::MAX, 1_000_000).await.unwrap(), before.last);
    let after = bounds(storage).await;
    assert_eq!((after.first, after.last), (before.last + 1, before.last), "places are given once");
    assert_eq!(after.epoch, before.epoch);
    assert!(after.follows(after.last) && !after.follows(0) && !after.follows(after.last - 1));
    // Clocks of nodes differ a little, and transactions do not end in the order of their times.
    let times = [10, 12, 11, 20, 15, 30];
    append(storage, &times.map(|at| said(&at.to_string(), at))).await;
    let start = before.last;
    let left = async || {
        let entries = log(storage).after(start, 100).await.unwrap();
        entries.iter().map(|entry| entry.occurred_at).collect::<Vec<_>>()
    };
    assert_eq!(log(storage).forget_before(10, 100).await.unwrap(), 0);
    assert_eq!(log(storage).forget_before(11, 100).await.unwrap(), 1);
    assert_eq!(left().await, times[1..]);
    assert_eq!(log(storage).forget_before(12, 100).await.unwrap(), 2, "up to the last that is old");
    assert_eq!(left().await, times[3..]);
    assert_eq!(log(storage).forget_before(100, 2).await.unwrap(), 2, "no more at once");
    assert_eq!(left().await, times[5..]);
    let found = bounds(storage).await;
    assert_eq!((found.first, found.last), (start + 6, start + 6));
}

async fn entries_go_with_their_account(storage: &Arc<dyn Storage>, gone: &Account, other: &Account) {
    let start = bounds(storage).await.last;
    let of = |account: &Account, body| NewLogEntry { account_id: Some(account.id), ..said(body, NOW) };
    append(storage, &[of(gone, "1"), of(other, "2"), of(gone, "3"), said("4", NOW)]).await;
    while commit(storage, async |store| store.accounts().delete_some(gone.id, 1).await).await > 0 {}
    let left = log(storage).after(start, 10).await.unwrap();
    assert_eq!(bodies(&left), ["2", "4"]);
    assert_eq!(left[0].position, start + 2, "nobody else moves");
}

const WRITERS: usize = 8;
const TURNS: usize = 200;
const COUNTERS: usize = 6;

/// Writers who change the same records at once, some in vain; two who settle; and one who reads on from
/// position to position: he sees every change that was committed once, and those of a record in the order
/// in which they were made. The two stores may be two nodes of one database.
pub async fn all_is_told_once_and_in_order(
    writers: Arc<dyn Storage>,
    others: Arc<dyn Storage>,
    account: &Account,
) {
    let counters = compiled(json!({"name": "counters", "fields": [{"name": "n", "type": "number"}]}));
    commit(&writers, async |store| {
        store.tables().create(&counters.collection).await?;
        for n in 0..COUNTERS {
            let row = record(&counters, account, &n.to_string(), json!({"n": 0}));
            store.records().insert(&everywhere(&counters), &row).await?;
        }
        Ok(())
    })
    .await;
    settle(&writers, 1000).await;
    let start = bounds(&writers).await.last;
    let done = Arc::new(AtomicBool::new(false));
    let mut settlers = JoinSet::new();
    for storage in [&writers, &others] {
        let (storage, done) = (storage.clone(), done.clone());
        settlers.spawn(async move {
            while !done.load(Ordering::SeqCst) {
                settle_some(&storage, 7).await;
                tokio::task::yield_now().await;
            }
        });
    }
    let reader = tokio::spawn(follow(others.clone(), start, done.clone()));
    let clock = Arc::new(FixedClock::default());
    let tracked = TrackedStorage::new(writers.clone(), clock).with_realtime(Arc::default());
    let tracked: Arc<dyn Storage> = Arc::new(tracked);
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        tasks.spawn(write(tracked.clone(), counters.clone(), writer));
    }
    let mut committed: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    done.store(true, Ordering::SeqCst);
    settlers.join_all().await;
    settle(&writers, 1000).await;
    let mut told = reader.await.unwrap();
    let from = told.last().map_or(start, |entry| entry.position);
    told.extend(others.read().realtime_log().after(from, 100_000).await.unwrap());
    assert!(told.iter().zip(start + 1..).all(|(entry, expected)| entry.position == expected), "no gaps");

    let mut versions: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for entry in &told {
        let change = change::read(&counters.collection, &entry.body).unwrap();
        let (before, after) = (change.before.unwrap(), change.after.unwrap());
        let known = versions.entry(after.id.as_str().to_owned()).or_insert_with(|| vec![before.updated_at]);
        assert_eq!(known.last(), Some(&before.updated_at), "record {} changes from what it was", after.id);
        known.push(after.updated_at);
    }
    let mut found: Vec<_> = versions
        .into_iter()
        .flat_map(|(id, versions)| versions.into_iter().skip(1).map(move |version| (id.clone(), version)))
        .collect();
    found.sort();
    committed.sort();
    assert_eq!(found, committed);
    assert!(committed.len() > WRITERS * TURNS / 2);
}

/// Reads on as long as others write.
async fn follow(storage: Arc<dyn Storage>, mut position: u64, done: Arc<AtomicBool>) -> Vec<LogEntry> {
    let mut told = Vec::new();
    while !done.load(Ordering::SeqCst) {
        let new = storage.read().realtime_log().after(position, 50).await.unwrap();
        position = new.last().map_or(position, |entry| entry.position);
        told.extend(new);
        tokio::task::yield_now().await;
    }
    told
}

/// Changes records, one or two in a unit of work; answers which versions were committed.
async fn write(storage: Arc<dyn Storage>, counters: Arc<Compiled>, writer: usize) -> Vec<(String, i64)> {
    let scope = everywhere(&counters);
    let mut committed = Vec::new();
    for turn in 0..TURNS {
        let mix = (writer * 31 + turn * 17) % 97;
        let work = storage.begin().await.unwrap();
        let mut versions = vec![update(work.repositories(), &scope, mix % COUNTERS).await];
        if mix.is_multiple_of(4) && mix % COUNTERS + 1 < COUNTERS {
            // In the order of ids, so that nobody waits in a circle.
            versions.push(update(work.repositories(), &scope, mix % COUNTERS + 1).await);
        }
        match mix % 5 {
            0 => work.rollback().await.unwrap(),
            1 if turn % 2 == 0 => drop(work),
            _ => {
                work.commit().await.unwrap();
                committed.extend(versions);
            }
        }
    }
    committed
}

async fn update(store: &dyn Repositories, scope: &Scoped, n: usize) -> (String, i64) {
    let (id, change) = (RecordId::new(n.to_string()), changes(scope.compiled(), json!({ "n": n })));
    let changed = store.records().update(scope, &id, &change, NOW, "writer").await.unwrap().unwrap();
    (n.to_string(), changed.updated_at)
}
