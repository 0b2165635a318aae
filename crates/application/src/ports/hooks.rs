//! Port: hooks that accounts define, and what came of them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::automation::EventKind;
use snackbase_domain::hook::{Hook, HookExecution};
use snackbase_domain::{AccountId, HookId, JobId};

use super::StoreError;

/// Which hooks to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookQuery {
    /// The word for the type of the trigger.
    pub trigger_type: Option<String>,
    pub enabled: Option<bool>,
    pub offset: u64,
    pub limit: u64,
}

/// A part of the hooks of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HookPage {
    pub items: Vec<Hook>,
    /// How many match in all.
    pub total: u64,
}

/// A part of the executions of a hook.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HookExecutionPage {
    pub items: Vec<HookExecution>,
    /// How many there are in all.
    pub total: u64,
}

/// Hooks and their executions.
#[async_trait]
pub trait HookRepository: Send + Sync {
    /// `ForeignKey` when there is no such account.
    async fn insert(&self, hook: &Hook) -> Result<(), StoreError>;
    async fn find(&self, id: HookId) -> Result<Option<Hook>, StoreError>;
    /// Newest first.
    async fn page(&self, account: AccountId, query: &HookQuery) -> Result<HookPage, StoreError>;
    /// How many an account has, and how many of these have a schedule.
    async fn count(&self, account: AccountId) -> Result<(u64, u64), StoreError>;
    /// Stores what may change of a hook. Whether it was there.
    async fn update(&self, hook: &Hook) -> Result<bool, StoreError>;
    /// Removes it with its executions. Whether it was there.
    async fn delete(&self, id: HookId) -> Result<bool, StoreError>;
    /// The enabled hooks of an account that wait for such an event, oldest first.
    async fn waiting_for(
        &self,
        account: AccountId,
        kind: EventKind,
        collection: Option<&str>,
    ) -> Result<Vec<Hook>, StoreError>;
    /// Enabled hooks with a schedule, by their ids, after one; with `due`, only those due by then.
    async fn scheduled(
        &self,
        due: Option<DateTime<Utc>>,
        after: Option<HookId>,
        limit: u64,
    ) -> Result<Vec<Hook>, StoreError>;
    /// Sets when a hook is due next, if it is due as told; `ran` also notes that it ran. Whether it was.
    async fn reschedule(
        &self,
        id: HookId,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        ran: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError>;
    /// Keeps an execution, of the newest [`snackbase_domain::hook::KEPT_EXECUTIONS`], and when the hook
    /// ran last. `Conflict` when its job ran the hook before; `ForeignKey` when the hook is gone.
    async fn insert_execution(&self, execution: &HookExecution) -> Result<(), StoreError>;
    /// Whether a job has run the hook.
    async fn was_run_by(&self, id: HookId, job: JobId) -> Result<bool, StoreError>;
    /// Newest first.
    async fn executions(&self, id: HookId, offset: u64, limit: u64) -> Result<HookExecutionPage, StoreError>;
}
