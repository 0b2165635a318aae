//! Use case: forget what has expired.

use super::Auth;
use crate::{AppError, tx};

impl Auth {
    /// Removes refresh tokens that have expired; answers how many.
    pub async fn remove_expired(&self) -> Result<u64, AppError> {
        let work = self.storage.begin().await?;
        let removed = work.repositories().sessions().remove_expired(self.clock.now()).await;
        tx::finish(work, removed.map_err(AppError::from)).await
    }
}
