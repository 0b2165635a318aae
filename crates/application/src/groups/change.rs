//! Use cases: make, change and delete a group.

use snackbase_domain::group::{Group, PII_ACCESS};
use snackbase_domain::{AccountId, GroupId};

use super::{GroupDetail, Groups, detail, find, require_admin};
use crate::ports::StoreError;
use crate::users::UserDetail;
use crate::{AppError, Principal, tx};

impl Groups {
    /// Makes a group, in the caller's account unless a superadmin names another.
    pub async fn create(
        &self,
        caller: &Principal,
        name: &str,
        description: Option<&str>,
        account: Option<&str>,
    ) -> Result<GroupDetail, AppError> {
        require_admin(caller)?;
        let other = account.filter(|named| *named != caller.account_key);
        if other.is_some() && !caller.is_superadmin() {
            return Err(AppError::denied("Only superadmins can create groups in other accounts"));
        }
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let account_id = match other.map(str::parse::<AccountId>) {
                None => Some(caller.account_id),
                Some(Ok(id)) => store.accounts().find(id).await?.map(|account| account.id),
                Some(Err(_)) => None,
            };
            let account_id = account_id.ok_or_else(|| AppError::not_found("Account not found"))?;
            let now = self.clock.now();
            let group = Group {
                id: GroupId::new(self.ids.new_id()),
                account_id,
                name: name.to_owned(),
                description: description.map(str::to_owned),
                created_at: now,
                updated_at: now,
            };
            store.groups().insert(&group).await.map_err(taken)?;
            detail(store, group).await
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Renames or describes a group; what is `None` stays.
    pub async fn update(
        &self,
        caller: &Principal,
        id: &str,
        name: Option<&str>,
        description: Option<&str>,
    ) -> Result<(GroupDetail, Vec<UserDetail>), AppError> {
        require_admin(caller)?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let mut group = find(store, caller, id).await?;
            if let Some(name) = name.filter(|name| *name != group.name) {
                protect(&group)?;
                name.clone_into(&mut group.name);
            }
            if let Some(description) = description {
                group.description = Some(description.to_owned());
            }
            group.updated_at = self.clock.now();
            store.groups().update(&group).await.map_err(taken)?;
            self.with_members(store, caller, group).await
        }
        .await;
        let updated = tx::finish(work, outcome).await?;
        self.identities.forget_all();
        Ok(updated)
    }

    /// Deletes a group with its memberships.
    pub async fn delete(&self, caller: &Principal, id: &str) -> Result<(), AppError> {
        require_admin(caller)?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let group = find(store, caller, id).await?;
            protect(&group)?;
            store.groups().delete(group.id).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await?;
        self.identities.forget_all();
        Ok(())
    }
}

/// The group that opens personal data keeps its name, by which it is known.
fn protect(group: &Group) -> Result<(), AppError> {
    if group.name == PII_ACCESS {
        return Err(AppError::unprocessable("Cannot modify the pii_access group"));
    }
    Ok(())
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { .. } => {
            AppError::conflict("Group with this name already exists in the account")
        }
        other => other.into(),
    }
}
