//! The handler `scheduled_task`: it tells in the log that its time has come.

use async_trait::async_trait;
use serde_json::Value;
use snackbase_domain::job::Job;

use crate::ports::{JobFailure, JobHandler};

/// Logs the `task_type` of its payload. What it is given besides may be secret.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScheduledTask;

impl ScheduledTask {
    /// The name that it goes by.
    pub const NAME: &'static str = "scheduled_task";
}

#[async_trait]
impl JobHandler for ScheduledTask {
    async fn run(&self, job: &Job) -> Result<(), JobFailure> {
        let task_type = job.payload.get("task_type").and_then(Value::as_str).unwrap_or_default();
        tracing::info!(job = %job.id, task_type, "a scheduled task is due");
        Ok(())
    }
}
