//! Hooks that are defined over the API: what an account has done when something happens, at times, or by
//! hand.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::automation::{EventKind, Trigger};
use crate::{AccountId, HookExecutionId, HookId, JobId, UserId};

/// Most characters of a hook's name.
pub const MAX_NAME_CHARS: usize = 200;
/// How many executions of a hook are kept.
pub const KEPT_EXECUTIONS: u64 = 1000;

/// Actions, and when they are done.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    pub id: HookId,
    pub account_id: AccountId,
    pub name: String,
    pub description: Option<String>,
    pub trigger: Trigger,
    /// What must hold of the event's record; `None`: nothing.
    pub condition: Option<String>,
    /// Done one after another, as they were sent.
    pub actions: Vec<Map<String, Value>>,
    pub enabled: bool,
    pub last_run_at: Option<DateTime<Utc>>,
    /// When it is due next; only of enabled hooks with a schedule.
    pub next_run_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
}

impl Hook {
    /// Whether it waits for such an event, whatever its condition says.
    pub fn waits_for(&self, kind: EventKind, collection: Option<&str>) -> bool {
        match &self.trigger {
            Trigger::Event { kind: wanted, collection: of, .. } => {
                self.enabled && *wanted == kind && (of.is_none() || of.as_deref() == collection)
            }
            _ => false,
        }
    }
}

/// What set actions off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    Event,
    Manual,
    Schedule,
}

impl Occasion {
    const ALL: [Self; 3] = [Self::Event, Self::Manual, Self::Schedule];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Manual => "manual",
            Self::Schedule => "schedule",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|occasion| occasion.as_str() == word)
    }
}

/// What came of a list of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionStatus {
    Success,
    /// One failed after at least one was done.
    Partial,
    Failed,
}

impl ExecutionStatus {
    const ALL: [Self; 3] = [Self::Success, Self::Partial, Self::Failed];

    /// What it is when so many actions were done, and one failed or not.
    pub fn of(done: u32, failed: bool) -> Self {
        match (failed, done) {
            (false, _) => Self::Success,
            (true, 0) => Self::Failed,
            (true, _) => Self::Partial,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// A run of a hook.
#[derive(Clone, Debug, PartialEq)]
pub struct HookExecution {
    pub id: HookExecutionId,
    pub hook_id: HookId,
    pub occasion: Occasion,
    pub status: ExecutionStatus,
    /// How many actions were done.
    pub actions_executed: u32,
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What it was about, for people to read.
    pub context: Map<String, Value>,
    pub executed_at: DateTime<Utc>,
    /// The job that ran it; a job runs a hook once.
    pub job_id: Option<JobId>,
}
