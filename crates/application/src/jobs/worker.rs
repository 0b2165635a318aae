//! The worker: takes jobs that are due and has them done.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use snackbase_domain::job::Job;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::outcome::Ended;
use super::{JobHandlers, Jobs};
use crate::ports::{JobClaim, StoreError};
use crate::{AppError, tx};

/// How long a job is held unless its lease is prolonged. When it is over, whoever held it is taken for
/// dead.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How often leases are prolonged.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// How long jobs under way may go on when the worker is to end.
const GRACE: Duration = Duration::from_secs(10);
/// How often, and how far apart, the end of a job is noted anew while the database cannot be reached.
const NOTE_AGAIN: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(6)];

/// How a worker works.
#[derive(Clone, Copy, Debug)]
pub struct WorkerPolicy {
    /// How many jobs are under way at once.
    pub concurrency: usize,
    /// How often to look for jobs that nobody told of.
    pub poll_interval: Duration,
    /// How long a job may take.
    pub execution_timeout: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Working,
    /// Nothing new is begun.
    Ending,
    /// What is under way is given back.
    GivingBack,
}

/// Does jobs. Several can work on one queue, in one process or many.
pub struct JobWorker {
    jobs: Arc<Jobs>,
    handlers: JobHandlers,
    policy: WorkerPolicy,
    phase: watch::Sender<Phase>,
}

impl JobWorker {
    /// A worker that has jobs done by these handlers.
    pub fn new(jobs: Arc<Jobs>, handlers: JobHandlers, policy: WorkerPolicy) -> Self {
        let (phase, _) = watch::channel(Phase::Working);
        Self { jobs, handlers, policy, phase }
    }

    /// Ends [`JobWorker::run`]: jobs under way get ten seconds, then they are given back.
    pub fn stop(&self) {
        self.phase.send_replace(Phase::Ending);
    }

    /// Does what is due, of all queues or of one, until [`JobWorker::stop`].
    pub async fn run(self: Arc<Self>, queue: Option<String>) {
        let mut phase = self.phase.subscribe();
        let mut under_way = JoinSet::new();
        while *phase.borrow_and_update() == Phase::Working {
            let room = self.policy.concurrency.saturating_sub(under_way.len());
            match self.take(room, queue.as_deref()).await {
                Ok(taken) => {
                    for job in taken {
                        under_way.spawn(Arc::clone(&self).attempt(job));
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "jobs cannot be taken");
                    tokio::time::sleep(self.policy.poll_interval).await;
                }
            }
            let has_room = under_way.len() < self.policy.concurrency;
            tokio::select! {
                _ = phase.changed() => {}
                () = self.jobs.work.notified(), if has_room => {}
                Some(ended) = under_way.join_next() => tell(ended),
                () = tokio::time::sleep(self.policy.poll_interval), if has_room => {}
            }
        }
        if tokio::time::timeout(GRACE, all_ended(&mut under_way)).await.is_err() {
            tracing::warn!(jobs = under_way.len(), "jobs are given back, as the server ends");
            self.phase.send_replace(Phase::GivingBack);
            all_ended(&mut under_way).await;
        }
    }

    /// Takes as many jobs as there is room for.
    async fn take(&self, room: usize, queue: Option<&str>) -> Result<Vec<Job>, AppError> {
        let jobs = &self.jobs;
        let now = jobs.clock.now();
        if room == 0 || !jobs.storage.read().jobs().has_work(now, queue).await? {
            return Ok(Vec::new());
        }
        jobs.take_back_lost().await?;
        let claim = JobClaim {
            now,
            until: now + LEASE,
            lease: jobs.ids.new_id().to_string(),
            queue: queue.map(str::to_owned),
        };
        let work = jobs.storage.begin().await?;
        let outcome = async {
            let mut taken = Vec::new();
            while taken.len() < room {
                let more = work.repositories().jobs().claim(&claim, (room - taken.len()) as u64).await?;
                if more.is_empty() {
                    break;
                }
                taken.extend(more);
            }
            Ok(taken)
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Has a job done, and notes what came of it.
    async fn attempt(self: Arc<Self>, job: Job) {
        let mut phase = self.phase.subscribe();
        let ended = tokio::select! {
            biased;
            ended = self.perform(&job) => ended,
            () = self.keep(&job) => {
                tracing::warn!(job = %job.id, handler = job.handler, "a job was taken for lost, and is broken off");
                return;
            }
            _ = phase.wait_for(|phase| *phase == Phase::GivingBack) => Ended::GivenBack,
        };
        if let Ended::Failed(error) = &ended {
            tracing::warn!(job = %job.id, handler = job.handler, failures = job.attempts + 1, error, "a job failed");
        }
        let mut noted = self.jobs.note(&job, &ended).await;
        for pause in NOTE_AGAIN {
            if !matches!(noted, Err(AppError::Store(StoreError::Unavailable(_)))) {
                break;
            }
            tokio::time::sleep(pause).await;
            noted = self.jobs.note(&job, &ended).await;
        }
        if let Err(error) = noted {
            // Its lease runs out, and it is done again.
            tracing::error!(job = %job.id, %error, "the end of a job could not be noted");
        }
    }

    /// Has a job done in a task of its own, so that a panic ends no more than that.
    async fn perform(&self, job: &Job) -> Ended {
        let Some(handler) = self.handlers.get(&job.handler) else {
            return Ended::Failed(format!("Unknown handler: {}", job.handler));
        };
        let limit = self.policy.execution_timeout;
        // Dropped, it breaks the task off.
        let mut task = JoinSet::new();
        let ours = job.clone();
        task.spawn(async move { handler.run(&ours).await });
        match tokio::time::timeout(limit, task.join_next()).await {
            Ok(Some(Ok(Ok(())))) => Ended::Done,
            Ok(Some(Ok(Err(failure)))) => Ended::Failed(failure.0),
            Ok(Some(Err(error))) => Ended::Failed(panicked(error)),
            Ok(None) => Ended::Failed("The handler did not run".to_owned()),
            Err(_) => Ended::Failed(format!("Job timed out after {}s", limit.as_secs_f64())),
        }
    }

    /// Prolongs the lease of a job; returns when it is lost.
    async fn keep(&self, job: &Job) {
        let lease = job.lease.as_deref().unwrap_or_default();
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            match self.renew(job, lease).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(job = %job.id, %error, "the lease of a job could not be prolonged")
                }
            }
        }
    }

    async fn renew(&self, job: &Job, lease: &str) -> Result<bool, AppError> {
        let until = self.jobs.clock.now() + LEASE;
        let work = self.jobs.storage.begin().await?;
        let outcome = work.repositories().jobs().renew(job.id, lease, until).await;
        tx::finish(work, outcome.map_err(AppError::from)).await
    }
}

async fn all_ended(under_way: &mut JoinSet<()>) {
    while let Some(ended) = under_way.join_next().await {
        tell(ended);
    }
}

fn tell(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        // Its lease runs out, and it is done again.
        tracing::error!(%error, "the work on a job broke off");
    }
}

/// What a handler said when it panicked.
fn panicked(error: JoinError) -> String {
    let said = |payload: &(dyn Any + Send)| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
    };
    match error.try_into_panic() {
        Ok(payload) => format!("The handler panicked: {}", said(payload.as_ref())),
        Err(error) => error.to_string(),
    }
}
