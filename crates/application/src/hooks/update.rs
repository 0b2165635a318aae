//! Use cases: change a hook, switch it on or off.

use snackbase_domain::AccountId;
use snackbase_domain::hook::Hook;

use super::schedule::next_run;
use super::{HookChanges, Hooks, check, condition_of, find};
use crate::{AppError, Principal, tx};

impl Hooks {
    /// Changes a hook.
    pub async fn update(
        &self,
        caller: &Principal,
        account: AccountId,
        id: &str,
        changes: HookChanges,
    ) -> Result<Hook, AppError> {
        self.change(caller, account, id, |_| changes).await
    }

    /// Enables a hook that is disabled, and the other way round.
    pub async fn toggle(&self, caller: &Principal, account: AccountId, id: &str) -> Result<Hook, AppError> {
        let other = |hook: &Hook| HookChanges { enabled: Some(!hook.enabled), ..HookChanges::default() };
        self.change(caller, account, id, other).await
    }

    async fn change(
        &self,
        caller: &Principal,
        account: AccountId,
        id: &str,
        changes: impl FnOnce(&Hook) -> HookChanges + Send,
    ) -> Result<Hook, AppError> {
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            // One change at a time: what is read stays until it is written.
            store.automation().advance().await?;
            let mut hook = find(store, account, id).await?;
            let changes = changes(&hook);
            let anew = changes.trigger.is_some() || changes.enabled.is_some_and(|on| on != hook.enabled);
            hook.name = changes.name.unwrap_or(hook.name);
            hook.description = changes.description.or(hook.description);
            hook.actions = changes.actions.unwrap_or(hook.actions);
            hook.enabled = changes.enabled.unwrap_or(hook.enabled);
            if let Some(condition) = changes.condition {
                hook.condition = condition_of(Some(condition));
            }
            if let Some(trigger) = changes.trigger {
                if trigger.type_name() != hook.trigger.type_name() {
                    self.check_scheduled(&trigger, store.hooks().count(account).await?.1)?;
                }
                hook.trigger = trigger;
            }
            check(hook.condition.as_deref(), &hook.actions)?;
            let now = self.clock.now();
            if anew {
                hook.next_run_at = next_run(&hook.trigger, hook.enabled, now)?;
            }
            hook.updated_at = now;
            store.hooks().update(&hook).await?;
            Ok(hook)
        }
        .await;
        let hook = tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(hook)
    }
}
