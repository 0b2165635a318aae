//! Use case: delete an endpoint.

use snackbase_domain::AccountId;

use super::{Endpoints, find};
use crate::{AppError, Principal, tx};

impl Endpoints {
    /// Deletes an endpoint with its executions.
    pub async fn delete(&self, caller: &Principal, account: AccountId, id: &str) -> Result<(), AppError> {
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            store.automation().advance().await?;
            let endpoint = find(store, account, id).await?;
            store.endpoints().delete(endpoint.id).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(())
    }
}
