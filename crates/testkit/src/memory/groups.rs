//! The groups and their members.

use async_trait::async_trait;
use snackbase_application::ports::{GroupRepository, StoreError};
use snackbase_domain::group::Group;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, GroupId, UserId};

use super::Memory;
use super::state::{State, conflict, cut, sort_by};

fn check(state: &State, group: &Group) -> Result<(), StoreError> {
    let same = |known: &Group| known.account_id == group.account_id && known.name == group.name;
    if state.groups.values().any(|known| known.id != group.id && same(known)) {
        return conflict("groups.name");
    }
    if !state.accounts.contains_key(&group.account_id) {
        return Err(StoreError::ForeignKey);
    }
    Ok(())
}

#[async_trait]
impl GroupRepository for Memory {
    async fn find(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let state = self.state();
        Ok(state.groups.get(&id).filter(|group| state.accounts.contains_key(&group.account_id)).cloned())
    }

    async fn list(
        &self,
        account: Option<AccountId>,
        skip: u64,
        limit: u64,
    ) -> Result<Vec<Group>, StoreError> {
        let state = self.state();
        let wanted = |group: &&Group| {
            state.accounts.contains_key(&group.account_id) && account.is_none_or(|id| group.account_id == id)
        };
        let mut found: Vec<_> = state.groups.values().filter(wanted).cloned().collect();
        sort_by(&mut found, false, |a, b| a.created_at.cmp(&b.created_at), |group| group.id);
        Ok(cut(found, skip, limit))
    }

    async fn insert(&self, group: &Group) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.groups.contains_key(&group.id) {
            return conflict("groups.id");
        }
        check(&state, group)?;
        state.groups.insert(group.id, group.clone());
        Ok(())
    }

    async fn update(&self, group: &Group) -> Result<(), StoreError> {
        let mut state = self.state();
        check(&state, group)?;
        if let Some(known) = state.groups.get_mut(&group.id) {
            known.name.clone_from(&group.name);
            known.description.clone_from(&group.description);
            known.updated_at = group.updated_at;
        }
        Ok(())
    }

    async fn delete(&self, id: GroupId) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.members.retain(|(group, _)| *group != id);
        Ok(state.groups.remove(&id).is_some())
    }

    async fn members(&self, id: GroupId) -> Result<Vec<User>, StoreError> {
        let state = self.state();
        let ids = state.members.iter().filter(|(group, _)| *group == id);
        let mut members: Vec<_> = ids.filter_map(|(_, user)| state.users.get(user)).cloned().collect();
        members.sort_by_key(|user| user.email.key());
        Ok(members)
    }

    async fn member_count(&self, id: GroupId) -> Result<u64, StoreError> {
        Ok(self.state().members.iter().filter(|(group, _)| *group == id).count() as u64)
    }

    async fn add_member(&self, id: GroupId, user: UserId) -> Result<(), StoreError> {
        let mut state = self.state();
        if !state.groups.contains_key(&id) || !state.users.contains_key(&user) {
            return Err(StoreError::ForeignKey);
        }
        if state.members.insert((id, user)) { Ok(()) } else { conflict("users_groups") }
    }

    async fn remove_member(&self, id: GroupId, user: UserId) -> Result<bool, StoreError> {
        Ok(self.state().members.remove(&(id, user)))
    }

    async fn names_of_user(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        let state = self.state();
        let ids = state.members.iter().filter(|(_, member)| *member == user);
        let mut names: Vec<_> =
            ids.filter_map(|(group, _)| state.groups.get(group)).map(|group| group.name.clone()).collect();
        names.sort();
        Ok(names)
    }
}
