//! Groups of users: read by everybody in the account, managed by its admins.

mod change;
mod members;

use std::sync::Arc;

use snackbase_domain::group::Group;
use snackbase_domain::role::ADMIN;
use snackbase_domain::{AccountId, GroupId};

use crate::auth::Identities;
use crate::ports::{Clock, IdGenerator, Repositories, Storage};
use crate::users::{UserDetail, details};
use crate::{AppError, Identity};

/// A group with what is shown of it.
#[derive(Clone, Debug)]
pub struct GroupDetail {
    pub group: Group,
    pub account_code: String,
    pub member_count: u64,
}

/// The use cases about groups.
pub struct Groups {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    identities: Arc<Identities>,
}

impl Groups {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        identities: Arc<Identities>,
    ) -> Self {
        Self { storage, clock, ids, identities }
    }

    /// Groups of the caller's account; a superadmin sees those of all.
    pub async fn list(&self, caller: &Identity, skip: u64, limit: u64) -> Result<Vec<GroupDetail>, AppError> {
        let store = self.storage.read();
        let account = (!caller.is_superadmin()).then_some(caller.account_id);
        let mut found = Vec::new();
        for group in store.groups().list(account, skip, limit).await? {
            found.push(detail(store, group).await?);
        }
        Ok(found)
    }

    /// One group with its members, which only admins and members see.
    pub async fn get(&self, caller: &Identity, id: &str) -> Result<(GroupDetail, Vec<UserDetail>), AppError> {
        let store = self.storage.read();
        let group = find(store, caller, id).await?;
        self.with_members(store, caller, group).await
    }

    async fn with_members(
        &self,
        store: &dyn Repositories,
        caller: &Identity,
        group: Group,
    ) -> Result<(GroupDetail, Vec<UserDetail>), AppError> {
        let members = store.groups().members(group.id).await?;
        let sees = is_admin(caller) || members.iter().any(|user| user.id == caller.user_id);
        let members = if sees { details(store, members).await? } else { Vec::new() };
        Ok((detail(store, group).await?, members))
    }
}

/// Whether the caller may manage groups: those of his account or, as a
/// superadmin, of any.
fn is_admin(caller: &Identity) -> bool {
    caller.is_superadmin() || caller.role == ADMIN
}

/// Refuses callers who may not manage groups.
pub fn require_admin(caller: &Identity) -> Result<(), AppError> {
    if is_admin(caller) { Ok(()) } else { Err(AppError::denied("Admin access required")) }
}

/// The group of an id as it came, if it is within the caller's reach.
async fn find(store: &dyn Repositories, caller: &Identity, id: &str) -> Result<Group, AppError> {
    let group = match id.parse::<GroupId>() {
        Ok(id) => store.groups().find(id).await?,
        Err(_) => None,
    };
    let within = |account: AccountId| caller.is_superadmin() || caller.account_id == account;
    group.filter(|group| within(group.account_id)).ok_or_else(|| AppError::not_found("Group not found"))
}

async fn detail(store: &dyn Repositories, group: Group) -> Result<GroupDetail, AppError> {
    let account = store.accounts().find(group.account_id).await?;
    let account =
        account.ok_or_else(|| AppError::inconsistent(format!("group {} has no account", group.id)))?;
    let member_count = store.groups().member_count(group.id).await?;
    Ok(GroupDetail { group, account_code: account.code.to_string(), member_count })
}
