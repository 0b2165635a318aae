//! Hooks that accounts define: actions that are done when something happens, at times, or by hand.

mod create;
mod delete;
mod dispatch;
mod list;
mod run;
mod schedule;
mod trigger;
mod update;

use std::sync::Arc;

use serde_json::{Map, Value};
use snackbase_domain::automation::{Condition, Place, Trigger, check_actions};
use snackbase_domain::hook::Hook;
use snackbase_domain::{AccountId, HookId};

pub use schedule::ScheduledHook;
pub use trigger::{Ran, Triggered};

use crate::AppError;
use crate::automation::{Actions, Listeners};
use crate::jobs::Jobs;
use crate::ports::{Clock, IdGenerator, Repositories, Storage};

/// How many hooks an account may have.
#[derive(Clone, Copy, Debug)]
pub struct HookLimits {
    /// Of all types.
    pub hooks: u64,
    /// With a schedule; `None`: as many as hooks.
    pub scheduled: Option<u64>,
}

/// A hook to be made.
#[derive(Clone, Debug)]
pub struct NewHook {
    pub name: String,
    pub description: Option<String>,
    pub trigger: Trigger,
    pub condition: Option<String>,
    pub actions: Vec<Map<String, Value>>,
    pub enabled: bool,
}

/// What is to change of a hook; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct HookChanges {
    pub name: Option<String>,
    pub description: Option<String>,
    pub trigger: Option<Trigger>,
    /// An empty one removes it.
    pub condition: Option<String>,
    pub actions: Option<Vec<Map<String, Value>>>,
    pub enabled: Option<bool>,
}

/// The use cases about hooks.
pub struct Hooks {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    listeners: Arc<Listeners>,
    actions: Arc<Actions>,
    jobs: Arc<Jobs>,
    limits: HookLimits,
}

impl Hooks {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        listeners: Arc<Listeners>,
        actions: Arc<Actions>,
        jobs: Arc<Jobs>,
        limits: HookLimits,
    ) -> Self {
        Self { storage, clock, ids, listeners, actions, jobs, limits }
    }
}

/// The hook of an id as it came, if it is the account's.
async fn find(store: &dyn Repositories, account: AccountId, id: &str) -> Result<Hook, AppError> {
    let found = match id.parse::<HookId>() {
        Ok(id) => store.hooks().find(id).await?,
        Err(_) => None,
    };
    let found = found.filter(|hook| hook.account_id == account);
    found.ok_or_else(|| AppError::not_found("Hook not found"))
}

/// What is not blank.
fn condition_of(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Refuses conditions and actions that cannot be.
fn check(condition: Option<&str>, actions: &[Map<String, Value>]) -> Result<(), AppError> {
    if let Some(condition) = condition {
        Condition::parse(condition)
            .map_err(|fault| AppError::unprocessable(format!("Invalid condition: {fault}")))?;
    }
    check_actions(actions, Place::Hook).map_err(AppError::unprocessable)
}
