//! Use cases: add and remove members.

use super::{Groups, find, require_admin};
use crate::ports::StoreError;
use crate::users::find as find_user;
use crate::{AppError, Principal, tx};

impl Groups {
    /// Adds a user of the group's account.
    pub async fn add_member(&self, caller: &Principal, id: &str, user: &str) -> Result<(), AppError> {
        require_admin(caller)?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let group = find(store, caller, id).await?;
            let user = find_user(store, user).await?;
            if user.account_id != group.account_id {
                return Err(AppError::not_found("User not found"));
            }
            store.groups().add_member(group.id, user.id).await.map_err(|error| match error {
                StoreError::Conflict { .. } => AppError::conflict("User already in group"),
                other => other.into(),
            })?;
            Ok(user.id)
        }
        .await;
        let user = tx::finish(work, outcome).await?;
        self.identities.forget(user);
        Ok(())
    }

    /// Removes a user; one who is no member is no error.
    pub async fn remove_member(&self, caller: &Principal, id: &str, user: &str) -> Result<(), AppError> {
        require_admin(caller)?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let group = find(store, caller, id).await?;
            let Ok(user) = user.parse() else {
                return Ok(None);
            };
            store.groups().remove_member(group.id, user).await?;
            Ok(Some(user))
        }
        .await;
        if let Some(user) = tx::finish(work, outcome).await? {
            self.identities.forget(user);
        }
        Ok(())
    }
}
