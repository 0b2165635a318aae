//! Runs of hooks.

use serde_json::{Map, Value};
use snackbase_domain::automation::{ActingUser, MAX_DEPTH, Place};
use snackbase_domain::hook::{ExecutionStatus, Hook, HookExecution, Occasion};
use snackbase_domain::{HookExecutionId, JobId};

use super::Hooks;
use crate::automation::{Outcome, Run, too_deep};
use crate::ports::StoreError;
use crate::{AppError, tx};

/// Why a hook runs.
pub(super) struct Occurrence<'a> {
    pub occasion: Occasion,
    /// What the execution tells of it.
    pub context: Map<String, Value>,
    /// The record that it is about.
    pub record: Map<String, Value>,
    pub user: Option<&'a ActingUser>,
    pub depth: u32,
    /// The job that runs it: what it has done already is not done again.
    pub job: Option<JobId>,
}

impl Hooks {
    /// Does a hook's actions, and keeps what came of them. Fails only where the database does.
    pub(super) async fn run(&self, hook: &Hook, of: Occurrence<'_>) -> Result<HookExecution, AppError> {
        let begun = self.clock.now();
        let outcome = if of.depth >= MAX_DEPTH {
            Outcome::failed(too_deep())
        } else {
            let run = Run {
                account: hook.account_id,
                place: Place::Hook,
                user: of.user,
                created_by: hook.created_by,
                depth: of.depth,
                journal: of.job.map(|job| (job, hook.id.uuid())),
            };
            let record = Value::Object(of.record);
            self.actions.run(&run, [("record", record)], &hook.actions).await?
        };
        let ended = self.clock.now();
        let execution = HookExecution {
            id: HookExecutionId::new(self.ids.new_id()),
            hook_id: hook.id,
            occasion: of.occasion,
            status: ExecutionStatus::of(outcome.done, outcome.error.is_some()),
            actions_executed: outcome.done,
            error: outcome.error,
            duration_ms: u64::try_from((ended - begun).num_milliseconds()).unwrap_or_default(),
            context: of.context,
            executed_at: ended,
            job_id: of.job,
        };
        let work = self.storage.begin().await?;
        let kept = work.repositories().hooks().insert_execution(&execution).await;
        match tx::finish(work, kept.map_err(AppError::from)).await {
            // Another worker took this one for lost and was faster; or the hook was deleted meanwhile.
            Ok(()) | Err(AppError::Store(StoreError::Conflict { .. } | StoreError::ForeignKey)) => {
                Ok(execution)
            }
            Err(error) => Err(error),
        }
    }
}
