//! Use case: delete a webhook.

use snackbase_domain::AccountId;

use super::{Webhooks, lock};
use crate::{AppError, Principal, tx};

impl Webhooks {
    /// Deletes an account's webhook with its deliveries. Attempts that wait do nothing any more.
    pub async fn delete(&self, by: &Principal, account: AccountId, id: &str) -> Result<(), AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            store.automation().advance().await?;
            let webhook = lock(store, account, id).await?;
            store.webhooks().delete(webhook.id).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(())
    }
}
