//! The worker of jobs, with fakes of the store and the clock. Time stands still but for pauses that all
//! wait for.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use snackbase_application::jobs::{JobHandlers, JobWorker, Jobs, NewJob, WorkerPolicy};
use snackbase_application::ports::{Clock, JobFailure, JobHandler, JobQuery, Storage};
use snackbase_domain::JobId;
use snackbase_domain::job::{Job, JobStatus};
use snackbase_testkit::{FixedClock, MemoryStorage, SeededIds};
use tokio::task::JoinHandle;

const HOUR: Duration = Duration::from_secs(3600);

/// Takes as long as its payload says, in seconds; counts how many are at it.
#[derive(Default)]
struct Sleeper {
    now: AtomicUsize,
    most: AtomicUsize,
    begun: AtomicUsize,
    done: AtomicUsize,
}

#[async_trait]
impl JobHandler for Sleeper {
    async fn run(&self, job: &Job) -> Result<(), JobFailure> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_secs(job.payload["seconds"].as_u64().unwrap())).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        self.done.fetch_add(1, Ordering::SeqCst);
        match job.payload.get("fails") {
            None => Ok(()),
            Some(_) => Err(JobFailure("as it was told".to_owned())),
        }
    }
}

/// A queue, and what may work on it.
struct Shop {
    storage: Arc<MemoryStorage>,
    clock: Arc<FixedClock>,
    jobs: Arc<Jobs>,
    sleeper: Arc<Sleeper>,
}

impl Shop {
    fn new() -> Self {
        let (storage, clock) = (Arc::new(MemoryStorage::new()), Arc::new(FixedClock::default()));
        let jobs = Jobs::new(storage.clone(), clock.clone(), Arc::new(SeededIds::new(1)), 7, Arc::default());
        Self { storage, clock, jobs: Arc::new(jobs), sleeper: Arc::default() }
    }

    /// A worker at work. It looks once an hour, unless it is told.
    fn worker(&self, concurrency: usize) -> (Arc<JobWorker>, JoinHandle<()>) {
        let handlers = JobHandlers::default().with("sleep", self.sleeper.clone());
        let policy = WorkerPolicy { concurrency, poll_interval: HOUR, execution_timeout: HOUR * 24 };
        let worker = Arc::new(JobWorker::new(self.jobs.clone(), handlers, policy));
        (worker.clone(), tokio::spawn(worker.run(None)))
    }

    async fn add(&self, payload: Value) -> JobId {
        let new = NewJob { retry_delay: 0, ..NewJob::new("sleep", object(payload)) };
        self.jobs.enqueue(new).await.unwrap()
    }

    async fn job(&self, id: JobId) -> Job {
        self.storage.read().jobs().find(id).await.unwrap().unwrap()
    }

    async fn all_ended(&self) -> bool {
        let query = JobQuery { limit: 100, ..JobQuery::default() };
        let all = self.storage.read().jobs().page(&query).await.unwrap().items;
        all.iter().all(|job| matches!(job.status, JobStatus::Completed | JobStatus::Dead))
    }
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("no object: {value}") };
    map
}

/// Lets others go on for some seconds.
async fn seconds(n: u64) {
    tokio::time::sleep(Duration::from_secs(n)).await;
}

#[tokio::test(start_paused = true)]
async fn a_worker_is_woken_and_does_so_many_at_once() {
    let shop = Shop::new();
    let (worker, running) = shop.worker(3);
    seconds(1).await;
    for _ in 0..10 {
        shop.add(json!({ "seconds": 5 })).await;
    }
    // Four rounds, much sooner than it looks by itself.
    seconds(21).await;
    assert!(shop.all_ended().await);
    assert_eq!(shop.sleeper.most.load(Ordering::SeqCst), 3);
    assert_eq!(shop.sleeper.begun.load(Ordering::SeqCst), 10);
    worker.stop();
    running.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_ends_waits_ten_seconds_and_gives_the_rest_back() {
    let shop = Shop::new();
    let (short, long) = (shop.add(json!({ "seconds": 9 })).await, shop.add(json!({ "seconds": 60 })).await);
    let (worker, running) = shop.worker(2);
    seconds(1).await;
    let late = shop.add(json!({ "seconds": 1 })).await;
    worker.stop();
    let began = tokio::time::Instant::now();
    running.await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 10);
    assert_eq!(shop.job(short).await.status, JobStatus::Completed);
    for id in [long, late] {
        let back = shop.job(id).await;
        assert_eq!((back.status, back.attempts, back.started_at), (JobStatus::Pending, 0, None));
        assert_eq!((back.lease, back.leased_until), (None, None));
    }
    // The next one does it.
    let (_worker, _running) = shop.worker(2);
    seconds(61).await;
    assert!(shop.all_ended().await);
}

#[tokio::test(start_paused = true)]
async fn a_long_job_is_kept_by_its_heartbeat() {
    let shop = Shop::new();
    let id = shop.add(json!({ "seconds": 100 })).await;
    let (_worker, _running) = shop.worker(1);
    for _ in 0..9 {
        seconds(10).await;
        shop.clock.pass(10);
        let job = shop.job(id).await;
        assert!(job.leased_until.unwrap() > shop.clock.now(), "{job:?}");
    }
    seconds(11).await;
    let done = shop.job(id).await;
    assert_eq!((done.status, done.losses), (JobStatus::Completed, 0));
    assert_eq!(shop.sleeper.begun.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_was_taken_for_lost_is_broken_off_and_done_by_another() {
    let shop = Shop::new();
    let id = shop.add(json!({ "seconds": 15 })).await;
    let (_first, _one) = shop.worker(1);
    seconds(1).await;
    // As if the first had been held up for longer than its lease.
    shop.clock.pass(31);
    let (_second, _two) = shop.worker(1);
    seconds(1).await;
    assert_eq!(shop.sleeper.begun.load(Ordering::SeqCst), 2);
    seconds(30).await;
    let done = shop.job(id).await;
    assert_eq!((done.status, done.losses, done.attempts), (JobStatus::Completed, 1, 0));
    assert_eq!(shop.sleeper.done.load(Ordering::SeqCst), 1, "the first was broken off");
}

#[tokio::test(start_paused = true)]
async fn a_job_is_not_tried_again_while_another_one_of_its_key_waits() {
    let shop = Shop::new();
    let keyed = |payload: Value, retry_delay| NewJob {
        unique_key: Some("key".to_owned()),
        retry_delay,
        ..NewJob::new("sleep", object(payload))
    };
    let first = shop.jobs.enqueue(keyed(json!({ "seconds": 5, "fails": true }), 0)).await.unwrap();
    assert_eq!(shop.jobs.enqueue(keyed(json!({ "seconds": 1 }), 0)).await.unwrap(), first, "it waits");
    let (_worker, _running) = shop.worker(1);
    seconds(1).await;
    let second = shop.jobs.enqueue(keyed(json!({ "seconds": 1 }), 0)).await.unwrap();
    assert_ne!(second, first);
    seconds(10).await;
    let given_up = shop.job(first).await;
    assert_eq!(given_up.status, JobStatus::Dead);
    let why = "as it was told – not tried again, as another job with the same key waits";
    assert_eq!(given_up.error.as_deref(), Some(why));
    assert_eq!(shop.job(second).await.status, JobStatus::Completed);
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_and_what_is_undone_is_not_there() {
    let shop = Shop::new();
    let plain = || NewJob::new("sleep", Map::new());
    let refused = [
        NewJob { handler: String::new(), ..plain() },
        NewJob { queue: "q\0".to_owned(), ..plain() },
        NewJob { unique_key: Some("k".repeat(256)), ..plain() },
        NewJob { max_attempts: 0, ..plain() },
        NewJob { payload: object(json!({ "x": "x".repeat(1024 * 1024) })), ..plain() },
    ];
    for new in refused {
        assert!(shop.jobs.enqueue(new).await.is_err());
    }
    let work = shop.storage.begin().await.unwrap();
    let id = shop.jobs.enqueue_in(work.repositories(), plain()).await.unwrap();
    work.rollback().await.unwrap();
    assert_eq!(shop.storage.read().jobs().find(id).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn what_ended_long_ago_goes() {
    let shop = Shop::new();
    let id = shop.add(json!({ "seconds": 0 })).await;
    let (_worker, _running) = shop.worker(1);
    seconds(1).await;
    let dead = NewJob { max_attempts: 1, ..NewJob::new("nobody", Map::new()) };
    let dead = shop.jobs.enqueue(dead).await.unwrap();
    seconds(1).await;
    shop.clock.pass(7 * 86_400);
    assert_eq!(shop.jobs.remove_old().await.unwrap(), 0);
    shop.clock.pass(1);
    assert_eq!(shop.jobs.remove_old().await.unwrap(), 1);
    assert_eq!(shop.storage.read().jobs().find(id).await.unwrap(), None);
    shop.clock.pass(23 * 86_400);
    assert_eq!(shop.jobs.remove_old().await.unwrap(), 1);
    assert_eq!(shop.storage.read().jobs().find(dead).await.unwrap(), None);
}
