//! The promises of `HookRepository` and `AutomationRepository`.

use std::sync::Arc;

use serde_json::{Map, json};
use snackbase_application::ports::{HookQuery, Listener, Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::automation::{EventKind, Trigger};
use snackbase_domain::hook::{ExecutionStatus, Hook, HookExecution, KEPT_EXECUTIONS, Occasion};
use snackbase_domain::{HookExecutionId, HookId, JobId};

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{job, moment, user, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, _, _) = seed(&storage).await;
    a_hook_is_kept_and_changed(&storage, &first).await;
    those_that_wait_are_found(&storage, &first, &second).await;
    schedules_are_set_once(&storage, &first).await;
    executions_are_kept_once_for_each_job(&storage, &first).await;
    steps_are_noted_once(&storage).await;
    all_goes_with_the_account(&storage, &first, &second).await;
}

fn hook(account: &Account, n: u16, trigger: Trigger) -> Hook {
    Hook {
        id: HookId::new(uuid(0x600_0000 + u128::from(n))),
        account_id: account.id,
        name: format!("hook {n}"),
        description: None,
        trigger,
        condition: None,
        actions: vec![json!({ "type": "x", "é": [1.5, null] }).as_object().cloned().unwrap_or_default()],
        enabled: true,
        last_run_at: None,
        next_run_at: None,
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
        created_by: user(account, 1).id,
    }
}

fn on(kind: EventKind, collection: Option<&str>) -> Trigger {
    Trigger::Event { kind, collection: collection.map(str::to_owned), condition: None }
}

fn execution(hook: &Hook, n: u16, job: Option<JobId>) -> HookExecution {
    HookExecution {
        id: HookExecutionId::new(uuid(0x6e0_0000 + u128::from(n))),
        hook_id: hook.id,
        occasion: Occasion::Event,
        status: ExecutionStatus::Partial,
        actions_executed: 1,
        error: Some("é".to_owned()),
        duration_ms: 12,
        context: Map::from_iter([("event".to_owned(), json!("records.create"))]),
        executed_at: moment(n.into()),
        job_id: job,
    }
}

async fn insert(storage: &Arc<dyn Storage>, hooks: &[&Hook]) {
    commit(storage, async |store| {
        for hook in hooks {
            store.hooks().insert(hook).await?;
        }
        Ok(())
    })
    .await;
}

async fn delete(storage: &Arc<dyn Storage>, hooks: &[&Hook]) {
    commit(storage, async |store| {
        for hook in hooks {
            assert!(store.hooks().delete(hook.id).await?);
        }
        Ok(())
    })
    .await;
}

async fn a_hook_is_kept_and_changed(storage: &Arc<dyn Storage>, first: &Account) {
    let mut kept = hook(first, 1, on(EventKind::RecordCreated, Some("things")));
    insert(storage, &[&kept]).await;
    let find = async || storage.read().hooks().find(kept.id).await.unwrap();
    assert_eq!(find().await.as_ref(), Some(&kept));
    let nobody = Account { id: snackbase_domain::AccountId::new(uuid(0xdead)), ..first.clone() };
    let orphan = hook(&nobody, 2, Trigger::Manual);
    assert_eq!(
        refusal(storage, async |store| store.hooks().insert(&orphan).await).await,
        StoreError::ForeignKey
    );
    kept.name = "other".to_owned();
    kept.description = Some("words".to_owned());
    kept.trigger = Trigger::Schedule { cron: "* * * * *".to_owned() };
    kept.condition = Some("n > 1".to_owned());
    kept.actions.clear();
    kept.enabled = false;
    kept.next_run_at = Some(moment(9));
    kept.updated_at = moment(10);
    assert!(commit(storage, async |store| store.hooks().update(&kept).await).await);
    assert_eq!(storage.read().hooks().find(kept.id).await.unwrap().as_ref(), Some(&kept));
    assert_eq!(storage.read().hooks().count(first.id).await.unwrap(), (1, 1));
    let later = hook(first, 3, Trigger::Manual);
    insert(storage, &[&later]).await;
    let list = async |query: HookQuery| {
        let page = storage.read().hooks().page(first.id, &query).await.unwrap();
        (page.items.into_iter().map(|hook| hook.id).collect::<Vec<_>>(), page.total)
    };
    let all = HookQuery { limit: 10, ..HookQuery::default() };
    assert_eq!(list(all.clone()).await, (vec![later.id, kept.id], 2));
    assert_eq!(list(HookQuery { offset: 1, ..all.clone() }).await, (vec![kept.id], 2));
    assert_eq!(list(HookQuery { enabled: Some(false), ..all.clone() }).await, (vec![kept.id], 1));
    let manual = HookQuery { trigger_type: Some("manual".to_owned()), ..all };
    assert_eq!(list(manual).await, (vec![later.id], 1));
    delete(storage, &[&kept, &later]).await;
    assert!(!commit(storage, async |store| store.hooks().update(&kept).await).await);
    assert!(!commit(storage, async |store| store.hooks().delete(kept.id).await).await);
}

async fn those_that_wait_are_found(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let things = hook(first, 11, on(EventKind::RecordCreated, Some("things")));
    let any = hook(first, 12, on(EventKind::RecordCreated, None));
    let others = hook(first, 13, on(EventKind::RecordCreated, Some("others")));
    let updates = hook(first, 14, on(EventKind::RecordUpdated, Some("things")));
    let off = Hook { enabled: false, ..hook(first, 15, on(EventKind::RecordCreated, None)) };
    let foreign = hook(second, 16, on(EventKind::RecordCreated, Some("things")));
    let sign_in = hook(first, 17, on(EventKind::SignedIn, None));
    let all = [&things, &any, &others, &updates, &off, &foreign, &sign_in];
    insert(storage, &all).await;
    let waiting = async |kind, collection| {
        let found = storage.read().hooks().waiting_for(first.id, kind, collection).await.unwrap();
        found.into_iter().map(|hook| hook.id).collect::<Vec<_>>()
    };
    assert_eq!(waiting(EventKind::RecordCreated, Some("things")).await, [things.id, any.id]);
    assert_eq!(waiting(EventKind::RecordUpdated, Some("things")).await, [updates.id]);
    assert_eq!(waiting(EventKind::SignedIn, None).await, [sign_in.id]);
    assert!(waiting(EventKind::RecordDeleted, Some("things")).await.is_empty());
    let before = storage.read().automation().revision().await.unwrap();
    commit(storage, async |store| store.automation().advance().await).await;
    assert_eq!(storage.read().automation().revision().await.unwrap(), before + 1);
    let listeners = storage.read().automation().listeners().await.unwrap();
    let listener = |account: &Account, kind, collection: Option<&str>| Listener {
        account_id: account.id,
        kind,
        collection: collection.map(str::to_owned),
    };
    let expected = [
        listener(first, EventKind::RecordCreated, Some("things")),
        listener(first, EventKind::RecordCreated, None),
        listener(first, EventKind::RecordCreated, Some("others")),
        listener(first, EventKind::RecordUpdated, Some("things")),
        listener(second, EventKind::RecordCreated, Some("things")),
        listener(first, EventKind::SignedIn, None),
    ];
    assert_eq!(listeners.len(), expected.len(), "{listeners:?}");
    assert!(expected.iter().all(|wanted| listeners.contains(wanted)), "{listeners:?}");
    delete(storage, &all).await;
}

async fn schedules_are_set_once(storage: &Arc<dyn Storage>, first: &Account) {
    let cron = || Trigger::Schedule { cron: "* * * * *".to_owned() };
    let due = Hook { next_run_at: Some(moment(100)), ..hook(first, 21, cron()) };
    let later = Hook { next_run_at: Some(moment(200)), ..hook(first, 22, cron()) };
    let off = Hook { enabled: false, next_run_at: Some(moment(1)), ..hook(first, 23, cron()) };
    let all = [&due, &later, &off];
    insert(storage, &all).await;
    let scheduled = async |at: Option<i64>, after| {
        let found = storage.read().hooks().scheduled(at.map(moment), after, 10).await.unwrap();
        found.into_iter().map(|hook| hook.id).collect::<Vec<_>>()
    };
    assert_eq!(scheduled(Some(100), None).await, [due.id]);
    assert!(scheduled(Some(99), None).await.is_empty());
    assert_eq!(scheduled(None, None).await, [due.id, later.id]);
    assert_eq!(scheduled(None, Some(due.id)).await, [later.id]);
    let set = async |from: Option<i64>, to: Option<i64>, ran: Option<i64>| {
        let (from, to, ran) = (from.map(moment), to.map(moment), ran.map(moment));
        commit(storage, async |store| store.hooks().reschedule(due.id, from, to, ran).await).await
    };
    assert!(set(Some(100), Some(160), Some(101)).await);
    assert!(!set(Some(100), Some(170), Some(102)).await, "somebody else was faster");
    let now = storage.read().hooks().find(due.id).await.unwrap().unwrap();
    assert_eq!((now.next_run_at, now.last_run_at), (Some(moment(160)), Some(moment(101))));
    assert!(set(Some(160), None, None).await);
    assert!(set(None, Some(220), None).await);
    let now = storage.read().hooks().find(due.id).await.unwrap().unwrap();
    assert_eq!((now.next_run_at, now.last_run_at), (Some(moment(220)), Some(moment(101))));
    delete(storage, &all).await;
}

async fn executions_are_kept_once_for_each_job(storage: &Arc<dyn Storage>, first: &Account) {
    let of = hook(first, 31, Trigger::Manual);
    insert(storage, &[&of]).await;
    let note = async |run: &HookExecution| {
        commit(storage, async |store| store.hooks().insert_execution(run).await).await;
    };
    let by_job = execution(&of, 1, Some(JobId::new(uuid(77))));
    note(&by_job).await;
    let again = HookExecution { id: HookExecutionId::new(uuid(0x6ef_ffff)), ..by_job.clone() };
    assert!(is_conflict(&refusal(storage, async |store| store.hooks().insert_execution(&again).await).await));
    note(&execution(&of, 2, None)).await;
    note(&execution(&of, 3, None)).await;
    let orphan = execution(&hook(first, 99, Trigger::Manual), 4, None);
    let refused = refusal(storage, async |store| store.hooks().insert_execution(&orphan).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
    let was_run = async |n| storage.read().hooks().was_run_by(of.id, JobId::new(uuid(n))).await.unwrap();
    assert!(was_run(77).await);
    assert!(!was_run(78).await);
    let page = storage.read().hooks().executions(of.id, 1, 10).await.unwrap();
    assert_eq!((page.items, page.total), (vec![execution(&of, 2, None), by_job], 3));
    let now = storage.read().hooks().find(of.id).await.unwrap().unwrap();
    assert_eq!(now.last_run_at, Some(moment(3)));
    commit(storage, async |store| {
        for n in 4..=u16::try_from(KEPT_EXECUTIONS).unwrap() + 1 {
            store.hooks().insert_execution(&execution(&of, n, None)).await?;
        }
        Ok(())
    })
    .await;
    let page = storage.read().hooks().executions(of.id, KEPT_EXECUTIONS - 1, 10).await.unwrap();
    assert_eq!((page.items, page.total), (vec![execution(&of, 2, None)], KEPT_EXECUTIONS));
    delete(storage, &[&of]).await;
    assert_eq!(storage.read().hooks().executions(of.id, 0, 10).await.unwrap().total, 0);
}

async fn steps_are_noted_once(storage: &Arc<dyn Storage>) {
    let (of, other) = (job(None, 41), job(None, 42));
    commit(storage, async |store| {
        store.jobs().insert(&of).await?;
        store.jobs().insert(&other).await
    })
    .await;
    let note = async |id: JobId, definition: u128, step: u32| {
        commit(storage, async |store| store.automation().note_step(id, uuid(definition), step).await).await;
    };
    note(of.id, 1, 2).await;
    note(of.id, 1, 0).await;
    note(of.id, 2, 1).await;
    note(other.id, 1, 5).await;
    let again = refusal(storage, async |store| store.automation().note_step(of.id, uuid(1), 2).await).await;
    assert!(is_conflict(&again));
    let gone = JobId::new(uuid(0xdead));
    let refused = refusal(storage, async |store| store.automation().note_step(gone, uuid(1), 2).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
    let done =
        async |definition| storage.read().automation().steps_done(of.id, uuid(definition)).await.unwrap();
    assert_eq!(done(1).await, [0, 2]);
    assert_eq!(done(2).await, [1]);
    commit(storage, async |store| {
        store.jobs().delete(other.id).await?;
        store.jobs().delete(of.id).await
    })
    .await;
    assert!(done(1).await.is_empty(), "steps go with their job");
}

async fn all_goes_with_the_account(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let (theirs, ours) = (hook(second, 51, Trigger::Manual), hook(first, 52, Trigger::Manual));
    insert(storage, &[&theirs, &ours]).await;
    commit(storage, async |store| store.hooks().insert_execution(&execution(&theirs, 1, None)).await).await;
    commit(storage, async |store| store.accounts().delete(second.id).await).await;
    assert_eq!(storage.read().hooks().find(theirs.id).await.unwrap(), None);
    assert_eq!(storage.read().hooks().find(ours.id).await.unwrap(), Some(ours));
}
