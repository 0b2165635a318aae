//! The action that enqueues a job.

use chrono::TimeDelta;
use serde_json::{Value, json};
use snackbase_domain::automation::EnqueueJob;
use snackbase_domain::job::EVENT_HANDLER;

use super::{Actions, Doing, Failure};
use crate::jobs::NewJob;
use crate::tx;

/// Handlers whose jobs the server makes for itself: with payloads of their own choice accounts could have
/// them act on what is not theirs.
const RESERVED: [&str; 5] =
    ["webhook_delivery", "workflow_resume", "scheduled_hook", "send_email", EVENT_HANDLER];

impl Actions {
    pub(super) async fn enqueue_job(&self, doing: &Doing<'_>, job: EnqueueJob) -> Result<Value, Failure> {
        if RESERVED.contains(&job.handler.as_str()) {
            return Err(Failure::Reason(format!("handler '{}' is reserved", job.handler)));
        }
        let plain = NewJob::new(job.handler, job.payload);
        let new = NewJob {
            queue: job.queue.unwrap_or(plain.queue.clone()),
            priority: job.priority.unwrap_or(plain.priority),
            max_attempts: job.max_retries.unwrap_or(plain.max_attempts),
            retry_delay: job.retry_delay_seconds.unwrap_or(plain.retry_delay),
            run_at: job.delay_seconds.map(|delay| self.clock.now() + TimeDelta::seconds(delay.into())),
            account_id: Some(doing.run.account),
            created_by: Some(doing.by.user_id),
            depth: doing.by.origin.depth,
            ..plain
        };
        let work = self.storage.begin().await.map_err(crate::AppError::from)?;
        let outcome = async {
            let store = work.repositories();
            let id = self.jobs.enqueue_in(store, new).await?;
            if let Some(note) = doing.note {
                note.write(store).await?;
            }
            Ok(id)
        }
        .await;
        let id = tx::finish(work, outcome).await?;
        self.jobs.wake();
        Ok(json!({ "job_id": id.to_string() }))
    }
}
