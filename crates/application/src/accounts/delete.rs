//! Use case: delete an account.
//!
//! The account is hidden first, at once with all that belongs to it: nobody signs
//! in to it, finds or lists it any more. Then its rows go, a part at a time, so that
//! others can write in between, and the account's own row last. What a stop of the
//! server leaves of that is done later, by [`Accounts::finish_deletions`].

use snackbase_domain::AccountId;

use super::deletion_order::{Step, steps};
use super::{Accounts, find};
use crate::ports::StoreError;
use crate::{AppError, Principal, tx};

/// Rows of a part: some milliseconds of work.
const PART: u64 = 500;
/// Parts after which the caller does not wait any longer.
const PARTS_WAITED_FOR: u32 = 40;

impl Accounts {
    /// Deletes an account with all that belongs to it. A large one is hidden when
    /// this returns, and gone some time later.
    pub async fn delete(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let account = find(store, id).await?;
            if account.id.is_system() {
                return Err(AppError::unprocessable("Cannot delete system account"));
            }
            store.accounts().hide(account.id, self.clock.now()).await?;
            Ok(account.id)
        }
        .await;
        let account = tx::finish(work, outcome).await?;
        self.identities.forget_all();
        match self.delete_rows(account, PARTS_WAITED_FOR).await {
            Ok(true) => {}
            Ok(false) => self.rows_left.notify_one(),
            Err(error) => {
                // The account is as good as gone; its rows will be later.
                tracing::error!(%error, %account, "rows of a deleted account are left for later");
                self.rows_left.notify_one();
            }
        }
        Ok(())
    }

    /// Deletes what is left of accounts that were being deleted; answers how many
    /// accounts are gone now.
    pub async fn finish_deletions(&self) -> Result<u64, AppError> {
        let mut gone = 0;
        for account in self.storage.read().accounts().hidden().await? {
            self.delete_rows(account, u32::MAX).await?;
            gone += 1;
        }
        Ok(gone)
    }

    /// Returns when a deletion has left rows for later.
    pub async fn rows_left(&self) {
        self.rows_left.notified().await;
    }

    /// Deletes the rows of a hidden account, at most so many full parts, then the
    /// account. Whether all is gone.
    async fn delete_rows(&self, account: AccountId, mut parts: u32) -> Result<bool, AppError> {
        let records = steps(self.catalog.all()).into_iter().map(Some);
        for step in std::iter::once(None).chain(records) {
            if self.has_nothing(account, step.as_ref()).await? {
                continue;
            }
            while self.take(account, step.as_ref()).await? >= PART {
                parts -= 1;
                if parts == 0 {
                    return Ok(false);
                }
            }
        }
        let work = self.storage.begin().await?;
        let outcome = work.repositories().accounts().delete(account).await;
        tx::finish(work, outcome.map_err(AppError::from)).await?;
        Ok(true)
    }

    /// Whether a step has no rows to take, as far as a look tells.
    async fn has_nothing(&self, account: AccountId, step: Option<&Step>) -> Result<bool, AppError> {
        let Some(Step::Cut(compiled, _) | Step::Delete(compiled)) = step else {
            return Ok(false);
        };
        match self.storage.read().tables().has_rows(&compiled.collection, account).await {
            Ok(has_rows) => Ok(!has_rows),
            // The collection was deleted meanwhile.
            Err(StoreError::NoTable) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes one part of a step; `None`: the rows of the system's tables. Answers how
    /// many rows it found.
    async fn take(&self, account: AccountId, step: Option<&Step>) -> Result<u64, AppError> {
        let work = self.storage.begin().await?;
        let store = work.repositories();
        let taken = match step {
            None => store.accounts().delete_some(account, PART).await,
            Some(Step::Cut(from, field)) => {
                store.tables().cut_some(&from.collection, field, account, PART).await
            }
            Some(Step::Delete(from)) => store.tables().delete_some(&from.collection, account, PART).await,
        };
        tx::finish(work, taken.map_err(AppError::from)).await
    }
}
