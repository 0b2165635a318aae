//! Use cases: see hooks and their executions.

use snackbase_domain::AccountId;
use snackbase_domain::hook::Hook;

use super::{Hooks, find};
use crate::AppError;
use crate::ports::{HookExecutionPage, HookPage, HookQuery};

impl Hooks {
    /// A page of an account's hooks, newest first.
    pub async fn list(&self, account: AccountId, query: &HookQuery) -> Result<HookPage, AppError> {
        Ok(self.storage.read().hooks().page(account, query).await?)
    }

    /// One hook.
    pub async fn get(&self, account: AccountId, id: &str) -> Result<Hook, AppError> {
        find(self.storage.read(), account, id).await
    }

    /// A page of a hook's executions, newest first.
    pub async fn executions(
        &self,
        account: AccountId,
        id: &str,
        offset: u64,
        limit: u64,
    ) -> Result<HookExecutionPage, AppError> {
        let store = self.storage.read();
        let hook = find(store, account, id).await?;
        Ok(store.hooks().executions(hook.id, offset, limit).await?)
    }
}
