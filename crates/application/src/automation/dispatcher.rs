//! Hands events on to those who wait for them.

use std::sync::Arc;

use async_trait::async_trait;
use snackbase_domain::job::Job;

use super::event_job;
use crate::hooks::Hooks;
use crate::ports::{JobFailure, JobHandler};
use crate::webhooks::Webhooks;

/// The handler of jobs that hand an event on.
pub struct Dispatcher {
    webhooks: Arc<Webhooks>,
    hooks: Arc<Hooks>,
}

impl Dispatcher {
    /// The name of the handler.
    pub const NAME: &'static str = snackbase_domain::job::EVENT_HANDLER;

    /// Wires the handler.
    pub fn new(webhooks: Arc<Webhooks>, hooks: Arc<Hooks>) -> Self {
        Self { webhooks, hooks }
    }
}

#[async_trait]
impl JobHandler for Dispatcher {
    async fn run(&self, job: &Job) -> Result<(), JobFailure> {
        let event = event_job::event(job).ok_or_else(|| JobFailure("The payload is no event".to_owned()))?;
        self.webhooks.dispatch(&event).await?;
        self.hooks.dispatch(&event).await?;
        Ok(())
    }
}
