//! Use case: forget what has expired.

use super::Auth;
use crate::{AppError, tx};

impl Auth {
    /// Removes refresh tokens and one-time tokens that have expired; answers how
    /// many.
    pub async fn remove_expired(&self) -> Result<u64, AppError> {
        let now = self.clock.now();
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            let refresh = store.sessions().remove_expired(now).await?;
            Ok(refresh + store.one_time_tokens().remove_expired(now).await?)
        }
        .await;
        tx::finish(work, outcome).await
    }
}
