//! The promises of `JobQueue`.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use snackbase_application::ports::{JobClaim, JobCounts, JobQuery, Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::job::{Job, JobStatus};
use snackbase_domain::{AccountId, JobId, UserId};

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{account, job, moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, anna, _) = seed(&storage).await;
    jobs_come_back_as_they_are(&storage, &first, anna.id).await;
    the_lowest_priority_and_the_longest_due_come_first(&storage, &first).await;
    no_account_keeps_others_waiting(&storage, &first, &second).await;
    a_worker_takes_jobs_of_its_queue(&storage, &first).await;
    a_lost_lease_changes_nothing(&storage, &first).await;
    of_a_key_one_job_waits(&storage, &first).await;
    lists_are_newest_first_and_counts_tell_all(&storage, &first).await;
    what_has_ended_is_removed(&storage, &first).await;
    claims_at_once_never_share(&storage, &first, &second).await;
    what_is_of_an_account_goes_with_it(&storage).await;
}

/// A claim at a moment, for a minute.
fn claim(at: i64, lease: &str) -> JobClaim {
    JobClaim { now: moment(at), until: moment(at + 60), lease: lease.to_owned(), queue: None }
}

async fn insert(storage: &Arc<dyn Storage>, jobs: &[Job]) {
    commit(storage, async |store| {
        for job in jobs {
            assert_eq!(store.jobs().insert(job).await?, job.id);
        }
        Ok(())
    })
    .await;
}

async fn claimed(storage: &Arc<dyn Storage>, claim: &JobClaim, limit: u64) -> Vec<Job> {
    commit(storage, async |store| store.jobs().claim(claim, limit).await).await
}

fn numbers(jobs: &[Job]) -> Vec<u128> {
    jobs.iter().map(|job| job.id.uuid().as_u128()).collect()
}

/// Removes all jobs.
async fn clear(storage: &Arc<dyn Storage>) {
    let all = storage.read().jobs().page(&JobQuery { limit: 1000, ..Default::default() }).await.unwrap();
    commit(storage, async |store| {
        for job in &all.items {
            assert!(store.jobs().delete(job.id).await?);
        }
        Ok(())
    })
    .await;
}

async fn jobs_come_back_as_they_are(storage: &Arc<dyn Storage>, first: &Account, user: UserId) {
    let plain = Job { account_id: None, ..job(None, 1) };
    let payload = json!({ "text": "ü\u{0}", "list": [1, 2.5, null], "big": 9_007_199_254_740_993i64 });
    let full = Job {
        payload: payload.as_object().unwrap().clone(),
        priority: -5,
        run_at: Some(moment(50)),
        due_at: moment(50),
        created_by: Some(user),
        unique_key: Some("k".to_owned()),
        depth: 3,
        ..job(Some(first.id), 2)
    };
    insert(storage, &[plain.clone(), full.clone()]).await;
    let jobs = storage.read().jobs();
    assert_eq!(jobs.find(plain.id).await.unwrap(), Some(plain.clone()));
    assert_eq!(jobs.find(full.id).await.unwrap().as_ref(), Some(&full));
    assert_eq!(jobs.find(JobId::new(uuid(99))).await.unwrap(), None);
    let locked = commit(storage, async |store| store.jobs().lock(full.id).await).await;
    assert_eq!(locked.as_ref(), Some(&full));
    let failed = full.claimed(moment(60), moment(90), "l").failed(moment(61), "why");
    assert!(commit(storage, async |store| store.jobs().update(&failed, None).await).await);
    assert_eq!(jobs.find(failed.id).await.unwrap(), Some(failed));
    let nobodys = job(Some(account(77).id), 9);
    let error = refusal(storage, async |store| store.jobs().insert(&nobodys).await).await;
    assert_eq!(error, StoreError::ForeignKey);
    assert!(!commit(storage, async |store| store.jobs().delete(nobodys.id).await).await);
    clear(storage).await;
}

async fn the_lowest_priority_and_the_longest_due_come_first(storage: &Arc<dyn Storage>, first: &Account) {
    let at = |n: u16, priority, due| Job { priority, due_at: moment(due), ..job(Some(first.id), n) };
    let ended = Job { status: JobStatus::Dead, ..at(6, 0, 0) };
    let retrying = Job { status: JobStatus::Retrying, ..at(3, 0, 20) };
    insert(storage, &[at(1, 0, 30), at(2, 7, 0), retrying, at(4, -1, 40), at(5, 0, 51), ended]).await;
    let jobs = storage.read().jobs();
    assert!(jobs.has_work(moment(0), None).await.unwrap());
    assert!(!jobs.has_work(moment(50), Some("other")).await.unwrap());
    let mut order = Vec::new();
    for n in 0..5 {
        order.extend(claimed(storage, &claim(50, &format!("l{n}")), 1).await);
    }
    assert_eq!(numbers(&order), [4, 3, 1, 2], "what is not due waits");
    let taken = &order[1];
    assert_eq!((taken.status, taken.started_at), (JobStatus::Running, Some(moment(50))));
    assert_eq!((taken.lease.as_deref(), taken.leased_until), (Some("l1"), Some(moment(110))));
    assert_eq!(jobs.find(taken.id).await.unwrap().as_ref(), Some(taken));
    assert!(!jobs.has_work(moment(50), None).await.unwrap());
    assert!(jobs.has_work(moment(51), None).await.unwrap());
    clear(storage).await;
}

async fn no_account_keeps_others_waiting(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let of = |account: Option<AccountId>, n: u16| Job { due_at: moment(n.into()), ..job(account, n) };
    let flood: Vec<_> = (1..=20).map(|n| of(Some(first.id), n)).collect();
    insert(storage, &flood).await;
    insert(storage, &[of(Some(second.id), 30), of(Some(second.id), 31), of(None, 40)]).await;
    // One of each at a time, the longest due first.
    let round = claimed(storage, &claim(100, "a"), 10).await;
    assert_eq!(numbers(&round), [1, 30, 40]);
    // With one running of each, again the longest due.
    assert_eq!(numbers(&claimed(storage, &claim(100, "b"), 1).await), [2]);
    // The first has two now.
    assert_eq!(numbers(&claimed(storage, &claim(100, "c"), 1).await), [31]);
    assert_eq!(numbers(&claimed(storage, &claim(100, "d"), 1).await), [3]);
    clear(storage).await;
}

async fn a_worker_takes_jobs_of_its_queue(storage: &Arc<dyn Storage>, first: &Account) {
    let of = |queue: &str, n| Job { queue: queue.to_owned(), ..job(Some(first.id), n) };
    insert(storage, &[of("a", 1), of("b", 2), of("c", 3), of("b", 4)]).await;
    let wanted = JobClaim { queue: Some("b".to_owned()), ..claim(10, "l") };
    assert_eq!(numbers(&claimed(storage, &wanted, 1).await), [2]);
    assert_eq!(numbers(&claimed(storage, &wanted, 5).await), [4]);
    assert_eq!(numbers(&claimed(storage, &wanted, 5).await), []);
    assert_eq!(numbers(&claimed(storage, &claim(10, "m"), 5).await), [1, 3]);
    clear(storage).await;
}

async fn a_lost_lease_changes_nothing(storage: &Arc<dyn Storage>, first: &Account) {
    insert(storage, &[job(Some(first.id), 1)]).await;
    let held = claimed(storage, &claim(10, "one"), 1).await.remove(0);
    let lost = async |at| commit(storage, async |store| store.jobs().lock_lost(moment(at), 9).await).await;
    assert_eq!(lost(69).await, []);
    let renew = async |lease: &str| {
        commit(storage, async |store| store.jobs().renew(held.id, lease, moment(80)).await).await
    };
    assert!(renew("one").await);
    assert!(!renew("two").await);
    assert_eq!(lost(79).await, []);
    assert!(!storage.read().jobs().has_work(moment(79), None).await.unwrap());
    assert!(storage.read().jobs().has_work(moment(80), None).await.unwrap());
    let found = lost(80).await;
    assert_eq!(numbers(&found), [1]);
    let back = found[0].clone().lost(moment(80));
    let update = async |job: &Job, lease: &str| {
        commit(storage, async |store| store.jobs().update(job, Some(lease)).await).await
    };
    assert!(update(&back, "one").await);
    // Who held it comes too late.
    assert!(!update(&held.clone().completed(moment(81)), "one").await);
    let again = claimed(storage, &claim(90, "two"), 1).await.remove(0);
    assert_eq!((again.losses, again.attempts), (1, 0));
    assert!(!renew("one").await);
    assert!(update(&again.completed(moment(91)), "two").await);
    clear(storage).await;
}

async fn of_a_key_one_job_waits(storage: &Arc<dyn Storage>, first: &Account) {
    let keyed = |n| Job { unique_key: Some("key".to_owned()), ..job(Some(first.id), n) };
    insert(storage, &[keyed(1), job(Some(first.id), 2), job(Some(first.id), 3)]).await;
    let add = async |n| commit(storage, async |store| store.jobs().insert(&keyed(n)).await).await;
    assert_eq!(add(4).await, keyed(1).id, "the one that waits");
    assert_eq!(storage.read().jobs().find(keyed(4).id).await.unwrap(), None);
    assert!(storage.read().jobs().key_waits("key").await.unwrap());
    let running = claimed(storage, &claim(10, "l"), 1).await.remove(0);
    assert_eq!(running.id, keyed(1).id);
    assert!(!storage.read().jobs().key_waits("key").await.unwrap(), "it runs");
    assert_eq!(add(5).await, keyed(5).id);
    // It cannot wait again beside the new one.
    let back = running.clone().released();
    let error = refusal(storage, async |store| store.jobs().update(&back, Some("l")).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let done = running.completed(moment(11));
    assert!(commit(storage, async |store| store.jobs().update(&done, Some("l")).await).await);
    assert_eq!(add(6).await, keyed(5).id);
    clear(storage).await;
}

async fn lists_are_newest_first_and_counts_tell_all(storage: &Arc<dyn Storage>, first: &Account) {
    let made = |n: u16| Job { created_at: moment(n.into()), ..job(Some(first.id), n) };
    let done = |n, began, ended| Job {
        unique_key: None,
        ..made(n).claimed(moment(began), moment(900), "l").completed(moment(ended))
    };
    let dead = Job { max_attempts: 1, queue: "q".to_owned(), ..made(3) };
    let dead = dead.claimed(moment(5), moment(900), "l").failed(moment(6), "no");
    let other = Job { handler: "h".to_owned(), ..made(4) };
    let retrying = made(5).claimed(moment(5), moment(900), "l").failed(moment(6), "no");
    insert(storage, &[made(1), made(2), dead, other, retrying]).await;
    for job in [done(6, 10, 13), done(7, 10, 20), done(8, 10, 11)] {
        insert(storage, std::slice::from_ref(&made(u16::try_from(job.id.uuid().as_u128()).unwrap()))).await;
        assert!(commit(storage, async |store| store.jobs().update(&job, None).await).await);
    }
    let jobs = storage.read().jobs();
    let page = async |query: JobQuery| {
        let page = jobs.page(&query).await.unwrap();
        (numbers(&page.items), page.total)
    };
    let all = JobQuery { limit: 10, ..Default::default() };
    assert_eq!(page(all.clone()).await, (vec![8, 7, 6, 5, 4, 3, 2, 1], 8));
    assert_eq!(page(JobQuery { offset: 1, limit: 2, ..all.clone() }).await, (vec![7, 6], 8));
    let of = |status| JobQuery { status: Some(status), ..all.clone() };
    assert_eq!(page(of(JobStatus::Dead)).await, (vec![3], 1));
    assert_eq!(page(of(JobStatus::Running)).await, (vec![], 0));
    assert_eq!(page(JobQuery { queue: Some("q".to_owned()), ..all.clone() }).await, (vec![3], 1));
    assert_eq!(page(JobQuery { handler: Some("h".to_owned()), ..all.clone() }).await, (vec![4], 1));
    let counts = jobs.count(moment(13)).await.unwrap();
    let expected = JobCounts {
        pending: 3,
        running: 0,
        completed: 3,
        retrying: 1,
        dead: 1,
        recent: 2,
        recent_micros: 13_000_000,
    };
    assert_eq!(counts, expected);
}

async fn what_has_ended_is_removed(storage: &Arc<dyn Storage>, first: &Account) {
    let remove = async |completed, dead, limit| {
        let (completed, dead) = (moment(completed), moment(dead));
        commit(storage, async |store| store.jobs().remove_ended(completed, dead, limit).await).await
    };
    assert_eq!(remove(11, 6, 10).await, 0);
    assert_eq!(remove(20, 6, 1).await, 1);
    assert_eq!(remove(20, 6, 10).await, 1);
    assert_eq!(remove(0, 7, 10).await, 1);
    let left = storage.read().jobs().page(&JobQuery { limit: 10, ..Default::default() }).await.unwrap();
    assert_eq!(numbers(&left.items), [7, 5, 4, 2, 1]);
    assert_eq!(left.items[0].account_id, Some(first.id));
    clear(storage).await;
}

async fn claims_at_once_never_share(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let jobs: Vec<_> =
        (1..=60).map(|n| job(Some(if n % 3 == 0 { second.id } else { first.id }), n)).collect();
    insert(storage, &jobs).await;
    let claimers = (0..6).map(|n| {
        let storage = Arc::clone(storage);
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claim = claim(10, &format!("lease-{n}-{}", mine.len()));
                let work = storage.begin().await.unwrap();
                let found = work.repositories().jobs().claim(&claim, 3).await.unwrap();
                work.commit().await.unwrap();
                if found.is_empty() {
                    return mine;
                }
                mine.extend(found);
            }
        })
    });
    let mut all = Vec::new();
    for claimer in claimers.collect::<Vec<_>>() {
        all.extend(claimer.await.unwrap());
    }
    assert_eq!(all.len(), 60);
    assert_eq!(numbers(&all).into_iter().collect::<HashSet<_>>().len(), 60);
    clear(storage).await;
}

async fn what_is_of_an_account_goes_with_it(storage: &Arc<dyn Storage>) {
    let third = account(3);
    commit(storage, async |store| store.accounts().insert(&third).await).await;
    insert(storage, &[job(Some(third.id), 1), job(None, 2)]).await;
    assert!(commit(storage, async |store| store.accounts().delete(third.id).await).await);
    let jobs = storage.read().jobs();
    assert_eq!(jobs.find(job(None, 1).id).await.unwrap(), None);
    assert!(jobs.find(job(None, 2).id).await.unwrap().is_some());
}
