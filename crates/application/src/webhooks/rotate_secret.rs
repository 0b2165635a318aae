//! Use case: sign with another secret.

use snackbase_domain::AccountId;

use super::{Webhooks, WithSecret, lock, place};
use crate::{AppError, Principal, tx};

impl Webhooks {
    /// Gives an account's webhook a new secret, which is told this once. What is sent from now on,
    /// further attempts of older deliveries included, is signed with it.
    pub async fn rotate_secret(
        &self,
        by: &Principal,
        account: AccountId,
        id: &str,
    ) -> Result<WithSecret, AppError> {
        let secret = self.generator.hex();
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let mut webhook = lock(store, account, id).await?;
            webhook.sealed_secret = self.secrets.seal(&secret, &place(&webhook));
            webhook.updated_at = self.clock.now();
            store.webhooks().update(&webhook).await?;
            Ok(webhook)
        }
        .await;
        Ok(WithSecret { webhook: tx::finish(work, outcome).await?, secret })
    }
}
