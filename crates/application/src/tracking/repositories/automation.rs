//! What definitions of automation have in common.

use async_trait::async_trait;
use snackbase_domain::JobId;
use uuid::Uuid;

use crate::ports::{AutomationRepository, Listener, StoreError, UserEvent};
use crate::tracking::unit::TrackedWork;

/// Changes of definitions are noted one by one; this is the system's own.
#[async_trait]
impl AutomationRepository for TrackedWork {
    async fn revision(&self) -> Result<u64, StoreError> {
        self.plain().automation().revision().await
    }

    async fn advance(&self) -> Result<(), StoreError> {
        self.plain().automation().advance().await
    }

    async fn listeners(&self) -> Result<Vec<Listener>, StoreError> {
        self.plain().automation().listeners().await
    }

    async fn tell(&self, event: UserEvent<'_>) -> Result<(), StoreError> {
        self.user_event(event);
        Ok(())
    }

    async fn steps_done(&self, job: JobId, definition: Uuid) -> Result<Vec<u32>, StoreError> {
        self.plain().automation().steps_done(job, definition).await
    }

    async fn note_step(&self, job: JobId, definition: Uuid, step: u32) -> Result<(), StoreError> {
        self.plain().automation().note_step(job, definition, step).await
    }
}
