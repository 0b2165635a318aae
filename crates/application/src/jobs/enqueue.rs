//! Use case: put a job into the queue.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use snackbase_domain::job::{
    DEFAULT_ATTEMPTS, DEFAULT_QUEUE, DEFAULT_RETRY_DELAY, Job, JobStatus, MAX_NAME_CHARS, MAX_PAYLOAD_BYTES,
};
use snackbase_domain::{AccountId, JobId, UserId};

use super::Jobs;
use crate::ports::Repositories;
use crate::{AppError, tx};

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The name of who can do it. That nobody is known by it shows when its turn comes.
    pub handler: String,
    /// What the handler is told. Superadmins see it, but for values under keys like `secret`.
    pub payload: Map<String, Value>,
    pub queue: String,
    /// The lowest comes first.
    pub priority: i32,
    /// Not before this; `None` for at once.
    pub run_at: Option<DateTime<Utc>>,
    /// How many attempts may fail.
    pub max_attempts: u32,
    /// The pause after the first failure, in seconds; it doubles with each.
    pub retry_delay: u32,
    /// Whose it is; `None` for the system's own.
    pub account_id: Option<AccountId>,
    pub created_by: Option<UserId>,
    /// Of the jobs with this key one waits at a time: another one is not added.
    pub unique_key: Option<String>,
    /// How many automatic steps led to it.
    pub depth: u32,
}

impl NewJob {
    /// A job of the system, to be done at once, as often as jobs are tried by default.
    pub fn new(handler: impl Into<String>, payload: Map<String, Value>) -> Self {
        Self {
            handler: handler.into(),
            payload,
            queue: DEFAULT_QUEUE.to_owned(),
            priority: 0,
            run_at: None,
            max_attempts: DEFAULT_ATTEMPTS,
            retry_delay: DEFAULT_RETRY_DELAY,
            account_id: None,
            created_by: None,
            unique_key: None,
            depth: 0,
        }
    }

    /// What cannot be kept.
    fn check(&self) -> Result<(), AppError> {
        let names = [("handler", Some(&self.handler)), ("queue", Some(&self.queue))];
        for (what, name) in names.into_iter().chain([("unique key", self.unique_key.as_ref())]) {
            let Some(name) = name else { continue };
            if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.contains('\0') {
                let text = format!("The {what} of a job must have 1 to {MAX_NAME_CHARS} characters");
                return Err(AppError::unprocessable(text));
            }
        }
        if self.max_attempts == 0 {
            return Err(AppError::unprocessable("A job must be tried at least once"));
        }
        if Value::Object(self.payload.clone()).to_string().len() > MAX_PAYLOAD_BYTES {
            let text = format!("The payload of a job must not exceed {MAX_PAYLOAD_BYTES} bytes");
            return Err(AppError::unprocessable(text));
        }
        Ok(())
    }
}

impl Jobs {
    /// Puts a job into the queue within the caller's unit of work: what is undone is never done. After
    /// the commit the caller says [`Jobs::wake`], or the worker finds it when it looks next. Answers the
    /// id of the job, or of the one of its key that waits already.
    pub async fn enqueue_in(&self, store: &dyn Repositories, new: NewJob) -> Result<JobId, AppError> {
        new.check()?;
        let now = self.clock.now();
        let job = Job {
            id: JobId::new(self.ids.new_id()),
            queue: new.queue,
            handler: new.handler,
            payload: new.payload,
            status: JobStatus::Pending,
            priority: new.priority,
            run_at: new.run_at,
            due_at: new.run_at.unwrap_or(now),
            started_at: None,
            completed_at: None,
            failed_at: None,
            error: None,
            attempts: 0,
            max_attempts: new.max_attempts,
            retry_delay: new.retry_delay,
            account_id: new.account_id,
            created_by: new.created_by,
            created_at: now,
            unique_key: new.unique_key,
            depth: new.depth,
            losses: 0,
            leased_until: None,
            lease: None,
        };
        Ok(store.jobs().insert(&job).await?)
    }

    /// The same in a unit of work of its own, for what has no other cause.
    pub async fn enqueue(&self, new: NewJob) -> Result<JobId, AppError> {
        let work = self.storage.begin().await?;
        let outcome = self.enqueue_in(work.repositories(), new).await;
        let id = tx::finish(work, outcome).await?;
        self.wake();
        Ok(id)
    }
}
