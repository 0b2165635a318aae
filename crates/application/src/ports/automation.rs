//! Port: what hooks, webhooks and workflows have in common.

use async_trait::async_trait;
use snackbase_domain::automation::EventKind;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, JobId};
use uuid::Uuid;

use super::StoreError;
use crate::Origin;

/// Something enabled that waits for events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Listener {
    pub account_id: AccountId,
    pub kind: EventKind,
    /// `None`: events of all collections, or of none.
    pub collection: Option<String>,
}

/// What a user has done.
#[derive(Clone, Copy, Debug)]
pub struct UserEvent<'a> {
    /// [`EventKind::SignedIn`] or [`EventKind::Registered`].
    pub kind: EventKind,
    pub user: &'a User,
    /// Name of the user's role.
    pub role: &'a str,
    pub origin: &'a Origin,
}

/// Definitions of automation as a whole, and how far runs of them have come.
#[async_trait]
pub trait AutomationRepository: Send + Sync {
    /// A number that grows with each change of a definition.
    async fn revision(&self) -> Result<u64, StoreError>;
    /// Makes it grow; within the unit of work that changes the definition.
    async fn advance(&self) -> Result<(), StoreError>;
    /// All enabled definitions that wait for events, each listener once.
    async fn listeners(&self) -> Result<Vec<Listener>, StoreError>;
    /// Tells those who wait for it what a user has done, once the unit of work is committed. Units of work
    /// that are observed do so; a store by itself tells nobody.
    async fn tell(&self, event: UserEvent<'_>) -> Result<(), StoreError> {
        let _ = event;
        Ok(())
    }
    /// The steps of a definition that a job has done, by their positions.
    async fn steps_done(&self, job: JobId, definition: Uuid) -> Result<Vec<u32>, StoreError>;
    /// Notes that one is done, for as long as the job is kept. `Conflict` when it was noted before.
    async fn note_step(&self, job: JobId, definition: Uuid, step: u32) -> Result<(), StoreError>;
}
