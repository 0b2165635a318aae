//! Hooks that run at times.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use snackbase_domain::automation::Trigger;
use snackbase_domain::automation::cron::Cron;
use snackbase_domain::hook::{Hook, Occasion};
use snackbase_domain::job::Job;
use snackbase_domain::{HookId, UserId};

use super::Hooks;
use super::run::Occurrence;
use crate::jobs::NewJob;
use crate::ports::{JobFailure, JobHandler};
use crate::{AppError, tx};

/// The queue of scheduled runs.
const QUEUE: &str = "scheduled";
/// How many hooks are looked at in one go.
const AT_ONCE: u64 = 100;

/// When a hook with that trigger is due next; `None` for one without a schedule and for a disabled one.
pub(super) fn next_run(
    trigger: &Trigger,
    enabled: bool,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, AppError> {
    let Trigger::Schedule { cron } = trigger else { return Ok(None) };
    let invalid = |fault: String| AppError::unprocessable(format!("Invalid cron expression: {fault}"));
    let next = Cron::parse(cron).and_then(|cron| cron.next(now));
    let next = next.map_err(|fault| invalid(fault.to_string()))?;
    Ok(enabled.then_some(next))
}

/// The job that runs a hook.
pub(super) fn job(hook: &Hook, manual: bool, by: Option<UserId>) -> NewJob {
    let actions = hook.actions.iter().cloned().map(Value::Object).collect();
    let mut payload = Map::new();
    payload.insert("hook_id".to_owned(), hook.id.to_string().into());
    payload.insert("hook_name".to_owned(), hook.name.clone().into());
    payload.insert("actions".to_owned(), Value::Array(actions));
    payload.insert("manual".to_owned(), manual.into());
    NewJob {
        queue: QUEUE.to_owned(),
        account_id: Some(hook.account_id),
        created_by: by,
        ..NewJob::new(ScheduledHook::NAME, payload)
    }
}

impl Hooks {
    /// Enqueues a job for each hook that is due, and sets when it is due next: both or neither, and once
    /// however many nodes do it. Answers how many.
    pub async fn fire_due(&self) -> Result<u64, AppError> {
        let now = self.clock.now();
        let (mut fired, mut after) = (0, None);
        loop {
            let due = self.storage.read().hooks().scheduled(Some(now), after, AT_ONCE).await?;
            let Some(last) = due.last() else { break };
            after = Some(last.id);
            for hook in due {
                fired += u64::from(self.fire(&hook, now).await?);
            }
        }
        if fired > 0 {
            self.jobs.wake();
        }
        Ok(fired)
    }

    async fn fire(&self, hook: &Hook, now: DateTime<Utc>) -> Result<bool, AppError> {
        // A schedule that cannot be read any more is not looked at again.
        let next = next_run(&hook.trigger, true, now).unwrap_or_else(|error| {
            tracing::error!(hook = %hook.id, %error, "the schedule of a hook cannot be read");
            None
        });
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            let ours = store.hooks().reschedule(hook.id, hook.next_run_at, next, Some(now)).await?;
            if ours {
                self.jobs.enqueue_in(store, job(hook, false, None)).await?;
            }
            Ok(ours)
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Passes over the times that were missed while no node ran: those longer ago than nodes that run
    /// leave a hook due.
    pub async fn skip_missed(&self, grace: TimeDelta) -> Result<(), AppError> {
        let now = self.clock.now();
        let mut after = None;
        loop {
            let store = self.storage.read();
            let missed = store.hooks().scheduled(Some(now - grace), after, AT_ONCE).await?;
            let Some(last) = missed.last() else { return Ok(()) };
            after = Some(last.id);
            for hook in missed {
                let next = next_run(&hook.trigger, true, now).unwrap_or(None);
                let work = self.storage.begin().await?;
                let outcome =
                    work.repositories().hooks().reschedule(hook.id, hook.next_run_at, next, None).await;
                tx::finish(work, outcome.map_err(AppError::from)).await?;
            }
        }
    }
}

/// Runs hooks that are due, or were set off by hand. A run whose actions fail is done all the same.
pub struct ScheduledHook {
    hooks: Arc<Hooks>,
}

impl ScheduledHook {
    /// The name of the handler.
    pub const NAME: &'static str = "scheduled_hook";

    /// Wires the handler.
    pub fn new(hooks: Arc<Hooks>) -> Self {
        Self { hooks }
    }
}

#[async_trait]
impl JobHandler for ScheduledHook {
    async fn run(&self, job: &Job) -> Result<(), JobFailure> {
        let id = job.payload.get("hook_id").and_then(Value::as_str).and_then(|id| id.parse::<HookId>().ok());
        let id = id.ok_or_else(|| JobFailure("The payload names no hook".to_owned()))?;
        let store = self.hooks.storage.read();
        let hook = store.hooks().find(id).await.map_err(AppError::from)?;
        let Some(hook) = hook.filter(|hook| job.account_id == Some(hook.account_id)) else {
            return Ok(());
        };
        if store.hooks().was_run_by(hook.id, job.id).await.map_err(AppError::from)? {
            return Ok(());
        }
        let manual = job.payload.get("manual").and_then(Value::as_bool).unwrap_or_default();
        let mut context = Map::new();
        context.insert("trigger".to_owned(), "schedule".into());
        context.insert("manual".to_owned(), manual.into());
        context.insert("job_id".to_owned(), job.id.to_string().into());
        let occurrence = Occurrence {
            occasion: Occasion::Schedule,
            context,
            record: Map::new(),
            user: None,
            depth: job.depth,
            job: Some(job.id),
        };
        self.hooks.run(&hook, occurrence).await?;
        Ok(())
    }
}
