//! The promises of `AuditLog`.

use std::sync::Arc;
use std::time::Duration;

use snackbase_application::ports::{
    AuditEntry, AuditExtent, AuditFilter, AuditQuery, AuditSort, QueuedChange, Storage, StoreError,
};
use snackbase_domain::audit::{AuditOperation, Cell, ChainHead, Change, Signature};
use snackbase_domain::{AccountId, UserId};

use super::commit;
use crate::builders::{account, moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    the_log_has_a_head_from_the_beginning(&storage).await;
    what_is_appended_comes_back_whole(&storage).await;
    what_is_rolled_back_was_never_there(&storage).await;
    heads_move_on(&storage).await;
    filters_choose(&storage).await;
    order_is_total(&storage).await;
    pages_follow_each_other(&storage).await;
    entries_after_an_id_come_by_id(&storage).await;
    an_entry_is_written_once(&storage).await;
    many_changes_fit_in_one_unit(&storage).await;
    heads_are_for_one_writer_at_a_time(&storage).await;
    changes_wait_in_the_order_they_came(&storage).await;
}

fn first() -> AccountId {
    account(1).id
}

fn second() -> AccountId {
    account(2).id
}

fn person(n: u128) -> UserId {
    UserId::new(uuid(n))
}

/// A change whose cells have the ids, and their names as columns.
fn change(id: i64, of: AccountId, sequence: i64, cells: &[(i64, &str)]) -> Change {
    let cell = |(id, name): &(i64, &str)| Cell {
        id: *id,
        column_name: (*name).to_owned(),
        old_value: None,
        new_value: Some(format!("value {id}")),
        checksum: format!("checksum {id}"),
    };
    Change {
        id,
        account_id: of,
        account_sequence: sequence,
        operation: AuditOperation::Create,
        table_name: "users".to_owned(),
        record_id: "r1".to_owned(),
        user_id: person(1),
        user_email: "anna@example.org".to_owned(),
        auth_method: "jwt".to_owned(),
        signature: None,
        ip_address: None,
        user_agent: None,
        request_id: None,
        occurred_at: moment(id),
        cells: cells.iter().map(cell).collect(),
        seal: format!("seal {id}"),
    }
}

/// Four changes, two of each account, with seven entries.
fn changes() -> [Change; 4] {
    [
        change(1, first(), 1, &[(1, "id"), (2, "email")]),
        Change {
            operation: AuditOperation::Update,
            table_name: "col_posts".to_owned(),
            record_id: "r2".to_owned(),
            user_id: person(2),
            user_email: "ben@example.org".to_owned(),
            auth_method: "api_key".to_owned(),
            signature: Some(Signature {
                username: "Anna 'the' \"Signer\"".to_owned(),
                reason: Some("ünïcode 😀 \\ \n".to_owned()),
                at: moment(77),
            }),
            ip_address: Some("::1".to_owned()),
            user_agent: Some("agent/1.0; DROP TABLE audit_log --".to_owned()),
            request_id: Some("cid_1".to_owned()),
            cells: vec![Cell {
                id: 3,
                column_name: "title".to_owned(),
                old_value: Some(String::new()),
                new_value: Some("ünïcode 😀 ' \" \\ \u{1} \r\n\t\u{7f} null".to_owned()),
                checksum: "checksum 3".to_owned(),
            }],
            ..change(2, second(), 1, &[])
        },
        Change {
            operation: AuditOperation::Delete,
            signature: Some(Signature { username: "anna".to_owned(), reason: None, at: moment(0) }),
            // At the same moment as the one before.
            occurred_at: moment(2),
            ..change(3, second(), 2, &[(4, "id"), (5, "title")])
        },
        Change { record_id: "r0".to_owned(), ..change(4, first(), 2, &[(6, "name"), (7, "name")]) },
    ]
}

fn head(of: Option<AccountId>, changes: i64, entries: i64) -> ChainHead {
    let checksum = if entries > 0 { format!("checksum {entries}") } else { String::new() };
    ChainHead { account_id: of, changes, entries, checksum, seal: format!("seal of {changes}") }
}

async fn the_log_has_a_head_from_the_beginning(storage: &Arc<dyn Storage>) {
    let log = storage.read().audit();
    assert_eq!(log.heads().await.unwrap(), [ChainHead::empty(None)]);
    assert_eq!(log.count(&AuditFilter::default()).await.unwrap(), 0);
    assert_eq!(log.extent().await.unwrap(), AuditExtent::default());
    assert_eq!(log.entries_after(0, 10).await.unwrap(), []);
    assert_eq!(log.find(1).await.unwrap(), None);
    let heads = commit(storage, async |store| store.audit().lock_heads(&[second(), first()]).await).await;
    let empty = |of| ChainHead::empty(of);
    assert_eq!(heads, [empty(None), empty(Some(second())), empty(Some(first()))], "as they were asked for");
}

async fn what_is_appended_comes_back_whole(storage: &Arc<dyn Storage>) {
    let [one, two, three, four] = changes();
    commit(storage, async |store| {
        let heads = [head(None, 2, 3), head(Some(first()), 1, 0), head(Some(second()), 1, 0)];
        store.audit().append(&[one, two], &heads).await
    })
    .await;
    commit(storage, async |store| {
        let heads = [head(None, 4, 7), head(Some(first()), 2, 0), head(Some(second()), 2, 0)];
        store.audit().append(&[three, four], &heads).await
    })
    .await;
    let mut previous_hash = None;
    for change in changes() {
        for cell in &change.cells {
            let found = storage.read().audit().find(cell.id).await.unwrap().expect("appended");
            let change = Change { cells: Vec::new(), ..change.clone() };
            assert_eq!(found, AuditEntry { change, cell: cell.clone(), previous_hash });
            previous_hash = Some(cell.checksum.clone());
        }
    }
    assert_eq!(storage.read().audit().find(8).await.unwrap(), None);
    assert_eq!(storage.read().audit().find(-1).await.unwrap(), None);
}

async fn what_is_rolled_back_was_never_there(storage: &Arc<dyn Storage>) {
    let work = storage.begin().await.unwrap();
    let log = work.repositories().audit();
    log.append(&[change(5, first(), 3, &[(8, "id")])], &[head(None, 5, 8), head(Some(first()), 3, 0)])
        .await
        .unwrap();
    assert!(log.find(8).await.unwrap().is_some(), "its own unit of work sees it");
    work.rollback().await.unwrap();
    assert_eq!(storage.read().audit().find(8).await.unwrap(), None);
    assert_eq!(storage.read().audit().heads().await.unwrap()[0], head(None, 4, 7));
}

async fn heads_move_on(storage: &Arc<dyn Storage>) {
    let known = [head(None, 4, 7), head(Some(first()), 2, 0), head(Some(second()), 2, 0)];
    assert_eq!(storage.read().audit().heads().await.unwrap(), known);
    let third = account(3).id;
    let locked = commit(storage, async |store| store.audit().lock_heads(&[third, second()]).await).await;
    assert_eq!(locked, [known[0].clone(), ChainHead::empty(Some(third)), known[2].clone()]);
    assert_eq!(storage.read().audit().heads().await.unwrap(), known, "locking makes none");
    let extent = storage.read().audit().extent().await.unwrap();
    let told =
        AuditExtent { changes: 4, entries: 7, entries_of_changes: 7, head_changes: 4, head_entries: 7 };
    assert_eq!(extent, told);
}

fn ids(entries: Vec<AuditEntry>) -> Vec<i64> {
    entries.into_iter().map(|entry| entry.cell.id).collect()
}

async fn filters_choose(storage: &Arc<dyn Storage>) {
    let text = |text: &str| Some(text.to_owned());
    let all = AuditFilter::default;
    for (filter, expected) in [
        (all(), &[1, 2, 3, 4, 5, 6, 7][..]),
        (AuditFilter { account_id: text(&first().to_string()), ..all() }, &[1, 2, 6, 7]),
        (AuditFilter { account_id: text("no id"), ..all() }, &[]),
        (AuditFilter { table_name: text("col_posts"), ..all() }, &[3]),
        (AuditFilter { table_name: text("COL_POSTS"), ..all() }, &[]),
        (AuditFilter { table_name: text("col_%"), ..all() }, &[]),
        (AuditFilter { record_id: text("r1"), ..all() }, &[1, 2, 4, 5]),
        (AuditFilter { user_id: text(&person(2).to_string()), ..all() }, &[3]),
        (AuditFilter { user_id: text("' OR 1=1 --"), ..all() }, &[]),
        (AuditFilter { operation: text("CREATE"), ..all() }, &[1, 2, 6, 7]),
        (AuditFilter { operation: text("DELETE"), ..all() }, &[4, 5]),
        (AuditFilter { operation: text("create"), ..all() }, &[]),
        (AuditFilter { from: Some(moment(2)), ..all() }, &[3, 4, 5, 6, 7]),
        (AuditFilter { to: Some(moment(2)), ..all() }, &[1, 2, 3, 4, 5]),
        (AuditFilter { from: Some(moment(2)), to: Some(moment(2)), ..all() }, &[3, 4, 5]),
        (AuditFilter { to: Some(moment(0)), ..all() }, &[]),
        (AuditFilter { account_id: text(&second().to_string()), operation: text("UPDATE"), ..all() }, &[3]),
        (AuditFilter { account_id: text(&first().to_string()), operation: text("UPDATE"), ..all() }, &[]),
    ] {
        let log = storage.read().audit();
        assert_eq!(log.count(&filter).await.unwrap(), expected.len() as u64, "{filter:?}");
        let query = AuditQuery { filter, limit: 100, sort: AuditSort::Id, ..AuditQuery::default() };
        assert_eq!(ids(log.page(&query).await.unwrap()), expected, "{:?}", query.filter);
    }
}

async fn order_is_total(storage: &Arc<dyn Storage>) {
    // Equal ones by id, the newest first, in both directions.
    for (sort, ascending, descending) in [
        (AuditSort::Id, [1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1]),
        (AuditSort::OccurredAt, [2, 1, 5, 4, 3, 7, 6], [7, 6, 5, 4, 3, 2, 1]),
        (AuditSort::AccountId, [7, 6, 2, 1, 5, 4, 3], [5, 4, 3, 7, 6, 2, 1]),
        (AuditSort::Operation, [7, 6, 2, 1, 5, 4, 3], [3, 5, 4, 7, 6, 2, 1]),
        (AuditSort::TableName, [3, 7, 6, 5, 4, 2, 1], [7, 6, 5, 4, 2, 1, 3]),
        (AuditSort::RecordId, [7, 6, 5, 4, 2, 1, 3], [3, 5, 4, 2, 1, 7, 6]),
        (AuditSort::ColumnName, [2, 4, 1, 7, 6, 5, 3], [5, 3, 7, 6, 4, 1, 2]),
        (AuditSort::UserId, [7, 6, 5, 4, 2, 1, 3], [3, 7, 6, 5, 4, 2, 1]),
        (AuditSort::UserEmail, [7, 6, 5, 4, 2, 1, 3], [3, 7, 6, 5, 4, 2, 1]),
    ] {
        for (descending, expected) in [(false, ascending), (true, descending)] {
            let query = AuditQuery { limit: 100, sort, descending, ..AuditQuery::default() };
            let found = ids(storage.read().audit().page(&query).await.unwrap());
            assert_eq!(found, expected, "{sort:?}, descending: {descending}");
        }
    }
}

async fn pages_follow_each_other(storage: &Arc<dyn Storage>) {
    let page = async |skip, limit| {
        let query = AuditQuery { skip, limit, descending: true, ..AuditQuery::default() };
        ids(storage.read().audit().page(&query).await.unwrap())
    };
    assert_eq!(page(0, 3).await, [7, 6, 5]);
    assert_eq!(page(3, 3).await, [4, 3, 2]);
    assert_eq!(page(6, 3).await, [1]);
    assert_eq!(page(7, 3).await, [0; 0]);
    assert_eq!(page(0, 0).await, [0; 0]);
}

async fn entries_after_an_id_come_by_id(storage: &Arc<dyn Storage>) {
    let after = async |id, limit| storage.read().audit().entries_after(id, limit).await.unwrap();
    assert_eq!(ids(after(0, 100).await), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(ids(after(2, 2).await), [3, 4]);
    assert_eq!(ids(after(7, 2).await), [0; 0]);
    assert_eq!(
        after(2, 1).await[0].previous_hash.as_deref(),
        Some("checksum 2"),
        "also of what comes before"
    );
}

async fn an_entry_is_written_once(storage: &Arc<dyn Storage>) {
    let again = [change(4, first(), 2, &[(8, "id")]), change(5, first(), 3, &[(7, "id")])];
    for change in again {
        let work = storage.begin().await.unwrap();
        let heads = [head(None, 5, 8)];
        let refused = work.repositories().audit().append(std::slice::from_ref(&change), &heads).await;
        assert!(refused.is_err(), "change {} and entry {}", change.id, change.cells[0].id);
        work.rollback().await.unwrap();
    }
    let kept = storage.read().audit().find(7).await.unwrap().unwrap();
    assert_eq!(kept.cell.column_name, "name");
    assert_eq!(storage.read().audit().count(&AuditFilter::default()).await.unwrap(), 7);
}

async fn many_changes_fit_in_one_unit(storage: &Arc<dyn Storage>) {
    let many: Vec<_> =
        (0..1200).map(|n| change(5 + n, first(), 3 + n, &[(8 + 2 * n, "id"), (9 + 2 * n, "name")])).collect();
    let heads = [head(None, 1204, 2407), head(Some(first()), 1202, 0)];
    commit(storage, async |store| store.audit().append(&many, &heads).await).await;
    let log = storage.read().audit();
    assert_eq!(log.count(&AuditFilter::default()).await.unwrap(), 2407);
    assert_eq!(ids(log.entries_after(2405, 100).await.unwrap()), [2406, 2407]);
    assert_eq!(log.heads().await.unwrap()[0], head(None, 1204, 2407));
}

/// Of an account that had no head: who waits must see the one that was made meanwhile.
async fn heads_are_for_one_writer_at_a_time(storage: &Arc<dyn Storage>) {
    let new = account(9).id;
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let storage = Arc::clone(storage);
        writers.spawn(async move {
            let work = storage.begin().await?;
            let log = work.repositories().audit();
            let mut heads = log.lock_heads(&[new]).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            let (changes, entries) = (heads[0].changes + 1, heads[0].entries + 1);
            let sequence = heads[1].changes + 1;
            let added = change(changes, new, sequence, &[(entries, "id")]);
            heads = vec![head(None, changes, entries), head(Some(new), sequence, 0)];
            log.append(&[added], &heads).await?;
            work.commit().await
        });
    }
    let outcomes: Vec<Result<(), StoreError>> = writers.join_all().await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let log = storage.read().audit();
    let sequences: Vec<_> = log.entries_after(2407, 100).await.unwrap();
    let sequences: Vec<_> = sequences.into_iter().map(|entry| entry.change.account_sequence).collect();
    assert_eq!(sequences, [1, 2, 3, 4, 5, 6, 7, 8]);
    let heads = log.heads().await.unwrap();
    assert!(heads.contains(&head(Some(new), 8, 0)), "{heads:?}");
}

async fn changes_wait_in_the_order_they_came(storage: &Arc<dyn Storage>) {
    // With two values each, more than SQLite takes in one statement.
    const MANY: usize = 17_000;
    let queued = |n: usize| QueuedChange {
        id: 0,
        payload: format!("{{\"n\": \"{n} ü'\"}}"),
        seal: format!("seal {n}"),
    };
    let log = storage.read().audit();
    assert_eq!(log.queued(0, 10).await.unwrap(), []);
    let work = storage.begin().await.unwrap();
    work.repositories().audit().queue(&[queued(0)]).await.unwrap();
    work.rollback().await.unwrap();
    assert_eq!(log.queued(0, 10).await.unwrap(), [], "what is rolled back does not wait");
    let many: Vec<_> = (1..=MANY).map(queued).collect();
    commit(storage, async |store| store.audit().queue(&many).await).await;
    let waiting = log.queued(0, u64::MAX >> 1).await.unwrap();
    assert_eq!(waiting.len(), MANY);
    for (waiting, queued) in waiting.iter().zip(&many) {
        assert_eq!((&waiting.payload, &waiting.seal), (&queued.payload, &queued.seal));
    }
    assert!(waiting.is_sorted_by(|a, b| a.id < b.id));
    assert_eq!(log.queued(0, 3).await.unwrap(), waiting[..3]);
    assert_eq!(log.queued(waiting[1].id, 2).await.unwrap(), waiting[2..4]);
    let settled = [waiting[0].id, waiting[2].id];
    commit(storage, async |store| store.audit().remove_queued(&settled).await).await;
    assert_eq!(log.queued(0, 2).await.unwrap(), [waiting[1].clone(), waiting[3].clone()]);
}
