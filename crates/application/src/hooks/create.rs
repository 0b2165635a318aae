//! Use case: define a hook.

use snackbase_domain::automation::Trigger;
use snackbase_domain::hook::Hook;
use snackbase_domain::{AccountId, HookId};

use super::schedule::next_run;
use super::{Hooks, NewHook, check, condition_of};
use crate::ports::StoreError;
use crate::{AppError, Principal, tx};

impl Hooks {
    /// Defines a hook in an account.
    pub async fn create(
        &self,
        caller: &Principal,
        account: AccountId,
        new: NewHook,
    ) -> Result<Hook, AppError> {
        let condition = condition_of(new.condition);
        check(condition.as_deref(), &new.actions)?;
        let now = self.clock.now();
        let next_run_at = next_run(&new.trigger, new.enabled, now)?;
        let hook = Hook {
            id: HookId::new(self.ids.new_id()),
            account_id: account,
            name: new.name,
            description: new.description,
            trigger: new.trigger,
            condition,
            actions: new.actions,
            enabled: new.enabled,
            last_run_at: None,
            next_run_at,
            created_at: now,
            updated_at: now,
            created_by: caller.user_id,
        };
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            // Whoever counts afterwards counts this one, too.
            store.automation().advance().await?;
            let (hooks, scheduled) = store.hooks().count(account).await?;
            if hooks >= self.limits.hooks {
                let text = format!("Account has reached the maximum of {} hooks", self.limits.hooks);
                return Err(AppError::conflict(text));
            }
            self.check_scheduled(&hook.trigger, scheduled)?;
            store.hooks().insert(&hook).await.map_err(|error| match error {
                StoreError::ForeignKey => AppError::not_found("Account not found"),
                other => other.into(),
            })
        }
        .await;
        tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(hook)
    }

    /// Refuses one more schedule where an account has as many as it may.
    pub(super) fn check_scheduled(&self, trigger: &Trigger, others: u64) -> Result<(), AppError> {
        match (trigger, self.limits.scheduled) {
            (Trigger::Schedule { .. }, Some(most)) if others >= most => {
                Err(AppError::conflict(format!("Account has reached the maximum of {most} scheduled hooks")))
            }
            _ => Ok(()),
        }
    }
}
