//! Use case: delete a hook.

use snackbase_domain::AccountId;

use super::{Hooks, find};
use crate::{AppError, Principal, tx};

impl Hooks {
    /// Deletes a hook with its executions.
    pub async fn delete(&self, caller: &Principal, account: AccountId, id: &str) -> Result<(), AppError> {
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let hook = find(store, account, id).await?;
            store.hooks().delete(hook.id).await?;
            Ok(store.automation().advance().await?)
        }
        .await;
        tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(())
    }
}
