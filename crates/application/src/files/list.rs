//! Use case: look through files. For admins.

use snackbase_domain::role::ADMIN;

use super::Files;
use crate::ports::{FilePage, FileQuery};
use crate::{AppError, Principal};

impl Files {
    /// The files of the caller's account, or for superadmins of all or the one asked for.
    ///
    /// # Errors
    /// 403 for who is no admin.
    pub async fn list(&self, by: &Principal, query: FileQuery) -> Result<FilePage, AppError> {
        if !by.is_superadmin() && by.role != ADMIN {
            return Err(AppError::denied("Admin access required"));
        }
        let account = if by.is_superadmin() { query.account } else { Some(by.account_id) };
        Ok(self.storage.read().files().page(&FileQuery { account, ..query }).await?)
    }
}
