//! Use case: delete a file.

use snackbase_domain::role::ADMIN;

use super::{Files, not_found};
use crate::{AppError, Principal, tx};

impl Files {
    /// Deletes a file, which records may hold: they keep what they say of it. The bytes go after the
    /// commit.
    pub async fn delete(&self, by: &Principal, path: &str) -> Result<(), AppError> {
        let file = self.readable(by, path).await?;
        let may = by.is_superadmin() || by.role == ADMIN || by.user_id == file.uploaded_by;
        if !may {
            return Err(AppError::denied("You do not have permission to delete this file"));
        }
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = match work.repositories().files().delete(&file.path, self.clock.now()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(not_found(path)),
            Err(error) => Err(error.into()),
        };
        tx::finish(work, outcome).await?;
        self.deletions.notify_one();
        Ok(())
    }
}
