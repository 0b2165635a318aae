//! Hooks, and how far runs of automation have come.

use std::cmp::Reverse;
use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{
    AutomationRepository, HookExecutionPage, HookPage, HookQuery, HookRepository, Listener, StoreError,
};
use snackbase_domain::automation::{EventKind, Trigger};
use snackbase_domain::hook::{Hook, HookExecution, KEPT_EXECUTIONS};
use snackbase_domain::{AccountId, HookId, JobId};
use uuid::Uuid;

use super::Memory;
use super::state::{conflict, cut};

#[async_trait]
impl AutomationRepository for Memory {
    async fn revision(&self) -> Result<u64, StoreError> {
        Ok(self.state().automation_revision)
    }

    async fn advance(&self) -> Result<(), StoreError> {
        self.state().automation_revision += 1;
        Ok(())
    }

    async fn listeners(&self) -> Result<Vec<Listener>, StoreError> {
        let mut listeners = HashSet::new();
        let state = self.state();
        for webhook in state.webhooks.values().filter(|webhook| webhook.enabled) {
            let (account_id, collection) = (webhook.account_id, Some(webhook.collection.clone()));
            listeners.extend(webhook.events.iter().map(|event| Listener {
                account_id,
                kind: event.kind(),
                collection: collection.clone(),
            }));
        }
        for hook in state.hooks.values().filter(|hook| hook.enabled) {
            if let Trigger::Event { kind, collection, .. } = &hook.trigger {
                let (account_id, collection) = (hook.account_id, collection.clone());
                listeners.insert(Listener { account_id, kind: *kind, collection });
            }
        }
        Ok(listeners.into_iter().collect())
    }

    async fn steps_done(&self, job: JobId, definition: Uuid) -> Result<Vec<u32>, StoreError> {
        let state = self.state();
        let steps = state.automation_steps.iter().filter(|(of, by, _)| (*of, *by) == (job, definition));
        Ok(steps.map(|(_, _, step)| *step).collect())
    }

    async fn note_step(&self, job: JobId, definition: Uuid, step: u32) -> Result<(), StoreError> {
        let mut state = self.state();
        if !state.jobs.contains_key(&job) {
            return Err(StoreError::ForeignKey);
        }
        match state.automation_steps.insert((job, definition, step)) {
            true => Ok(()),
            false => conflict("automation_steps.job_id"),
        }
    }
}

#[async_trait]
impl HookRepository for Memory {
    async fn insert(&self, hook: &Hook) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.hooks.contains_key(&hook.id) {
            return conflict("hooks.id");
        }
        if !state.accounts.contains_key(&hook.account_id) {
            return Err(StoreError::ForeignKey);
        }
        state.hooks.insert(hook.id, hook.clone());
        Ok(())
    }

    async fn find(&self, id: HookId) -> Result<Option<Hook>, StoreError> {
        let state = self.state();
        Ok(state.hooks.get(&id).filter(|hook| state.accounts.contains_key(&hook.account_id)).cloned())
    }

    async fn page(&self, account: AccountId, query: &HookQuery) -> Result<HookPage, StoreError> {
        let state = self.state();
        let wanted = |hook: &&Hook| {
            hook.account_id == account
                && query.trigger_type.as_ref().is_none_or(|of| hook.trigger.type_name() == of)
                && query.enabled.is_none_or(|enabled| hook.enabled == enabled)
        };
        let mut found: Vec<_> = state.hooks.values().filter(wanted).cloned().collect();
        found.sort_by_key(|hook| Reverse((hook.created_at, hook.id)));
        let total = found.len() as u64;
        Ok(HookPage { items: cut(found, query.offset, query.limit), total })
    }

    async fn count(&self, account: AccountId) -> Result<(u64, u64), StoreError> {
        let state = self.state();
        let of = || state.hooks.values().filter(|hook| hook.account_id == account);
        let scheduled = of().filter(|hook| hook.trigger.type_name() == "schedule");
        Ok((of().count() as u64, scheduled.count() as u64))
    }

    async fn update(&self, hook: &Hook) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(known) = state.hooks.get_mut(&hook.id) else { return Ok(false) };
        *known = Hook {
            account_id: known.account_id,
            last_run_at: known.last_run_at,
            created_at: known.created_at,
            created_by: known.created_by,
            ..hook.clone()
        };
        Ok(true)
    }

    async fn delete(&self, id: HookId) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.hook_executions.retain(|execution| execution.hook_id != id);
        Ok(state.hooks.remove(&id).is_some())
    }

    async fn waiting_for(
        &self,
        account: AccountId,
        kind: EventKind,
        collection: Option<&str>,
    ) -> Result<Vec<Hook>, StoreError> {
        let state = self.state();
        let waiting = |hook: &&Hook| hook.account_id == account && hook.waits_for(kind, collection);
        let mut found: Vec<_> = state.hooks.values().filter(waiting).cloned().collect();
        found.sort_by_key(|hook| (hook.created_at, hook.id));
        Ok(found)
    }

    async fn scheduled(
        &self,
        due: Option<DateTime<Utc>>,
        after: Option<HookId>,
        limit: u64,
    ) -> Result<Vec<Hook>, StoreError> {
        let state = self.state();
        let wanted = |hook: &&Hook| {
            hook.enabled
                && matches!(hook.trigger, Trigger::Schedule { .. })
                && state.accounts.contains_key(&hook.account_id)
                && due.is_none_or(|due| hook.next_run_at.is_some_and(|next| next <= due))
                && after.is_none_or(|after| hook.id > after)
        };
        Ok(cut(state.hooks.values().filter(wanted).cloned().collect(), 0, limit))
    }

    async fn reschedule(
        &self,
        id: HookId,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        ran: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(hook) = state.hooks.get_mut(&id).filter(|hook| hook.next_run_at == due) else {
            return Ok(false);
        };
        hook.next_run_at = next;
        hook.last_run_at = ran.or(hook.last_run_at);
        Ok(true)
    }

    async fn insert_execution(&self, execution: &HookExecution) -> Result<(), StoreError> {
        let mut state = self.state();
        let same = |known: &HookExecution| {
            known.hook_id == execution.hook_id && known.job_id.is_some() && known.job_id == execution.job_id
        };
        if state.hook_executions.iter().any(same) {
            return conflict("hook_executions.job_id");
        }
        let Some(hook) = state.hooks.get_mut(&execution.hook_id) else {
            return Err(StoreError::ForeignKey);
        };
        hook.last_run_at = Some(execution.executed_at);
        state.hook_executions.push(execution.clone());
        let of = |known: &HookExecution| known.hook_id == execution.hook_id;
        let mut times: Vec<_> = state.hook_executions.iter().filter(|known| of(known)).collect();
        times.sort_by_key(|known| Reverse((known.executed_at, known.id)));
        let old: Vec<_> = times.iter().skip(KEPT_EXECUTIONS as usize).map(|known| known.id).collect();
        state.hook_executions.retain(|known| !old.contains(&known.id));
        Ok(())
    }

    async fn was_run_by(&self, id: HookId, job: JobId) -> Result<bool, StoreError> {
        let state = self.state();
        Ok(state.hook_executions.iter().any(|known| known.hook_id == id && known.job_id == Some(job)))
    }

    async fn executions(&self, id: HookId, offset: u64, limit: u64) -> Result<HookExecutionPage, StoreError> {
        let state = self.state();
        let mut found: Vec<_> =
            state.hook_executions.iter().filter(|known| known.hook_id == id).cloned().collect();
        found.sort_by_key(|known| Reverse((known.executed_at, known.id)));
        let total = found.len() as u64;
        Ok(HookExecutionPage { items: cut(found, offset, limit), total })
    }
}
