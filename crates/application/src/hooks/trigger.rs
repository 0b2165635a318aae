//! Use case: set a hook off by hand.

use serde_json::{Map, Value};
use snackbase_domain::automation::Trigger;
use snackbase_domain::hook::{ExecutionStatus, Occasion};
use snackbase_domain::{AccountId, JobId};

use super::run::Occurrence;
use super::schedule::job;
use super::{Hooks, find};
use crate::{AppError, Principal};

/// What came of setting a hook off.
#[derive(Clone, Debug, PartialEq)]
pub enum Triggered {
    /// It ran.
    Ran(Ran),
    /// This job will run it.
    Enqueued(JobId),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    pub status: ExecutionStatus,
    /// How many actions were done.
    pub actions_executed: u32,
    pub error: Option<String>,
}

impl Hooks {
    /// Runs a hook now, enabled or not, without a look at its condition; one with a schedule is run by
    /// a job. `record` is the record that its actions see.
    pub async fn trigger(
        &self,
        caller: &Principal,
        account: AccountId,
        id: &str,
        record: Map<String, Value>,
    ) -> Result<Triggered, AppError> {
        let hook = find(self.storage.read(), account, id).await?;
        if matches!(hook.trigger, Trigger::Schedule { .. }) {
            let enqueued = self.jobs.enqueue(job(&hook, true, Some(caller.user_id))).await?;
            return Ok(Triggered::Enqueued(enqueued));
        }
        let occurrence = Occurrence {
            occasion: Occasion::Manual,
            context: Map::from_iter([("trigger".to_owned(), "manual".into())]),
            record,
            user: None,
            depth: caller.origin.depth,
            job: None,
        };
        let execution = self.run(&hook, occurrence).await?;
        Ok(Triggered::Ran(Ran {
            status: execution.status,
            actions_executed: execution.actions_executed,
            error: execution.error,
        }))
    }
}
