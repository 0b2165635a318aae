//! The users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{StoreError, UserPage, UserQuery, UserRepository, UserSort};
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, UserId};

use super::Memory;
use super::state::{State, conflict, cut, matches, sort_by};

fn check(state: &State, user: &User) -> Result<(), StoreError> {
    let same = |known: &User| known.account_id == user.account_id && known.email.key() == user.email.key();
    if state.users.values().any(|known| known.id != user.id && same(known)) {
        return conflict("users.email");
    }
    if !state.accounts.contains_key(&user.account_id) || !state.roles.contains_key(&user.role_id.0) {
        return Err(StoreError::ForeignKey);
    }
    Ok(())
}

#[async_trait]
impl UserRepository for Memory {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let state = self.state();
        Ok(state.users.get(&id).filter(|user| state.accounts.contains_key(&user.account_id)).cloned())
    }

    async fn find_by_email(&self, account: AccountId, key: &str) -> Result<Option<User>, StoreError> {
        let state = self.state();
        let found = state.users.values().find(|user| user.account_id == account && user.email.key() == key);
        Ok(found.cloned())
    }

    async fn superadmin_exists(&self) -> Result<bool, StoreError> {
        Ok(self.state().users.values().any(User::is_superadmin))
    }

    async fn page(&self, query: &UserQuery) -> Result<UserPage, StoreError> {
        let state = self.state();
        let wanted = |user: &&User| {
            state.accounts.contains_key(&user.account_id)
                && query.account_id.is_none_or(|id| user.account_id == id)
                && query.role_id.is_none_or(|id| user.role_id == id)
                && query.is_active.is_none_or(|active| user.is_active == active)
                && matches(query.search.as_deref(), &[user.email.as_str().to_owned()])
        };
        let mut found: Vec<_> = state.users.values().filter(wanted).cloned().collect();
        let order = |a: &User, b: &User| match query.sort {
            UserSort::Id => a.id.cmp(&b.id),
            UserSort::Email => a.email.as_str().cmp(b.email.as_str()),
            UserSort::AccountId => a.account_id.cmp(&b.account_id),
            UserSort::RoleId => a.role_id.0.cmp(&b.role_id.0),
            UserSort::IsActive => a.is_active.cmp(&b.is_active),
            UserSort::AuthProvider => a.auth_provider.cmp(&b.auth_provider),
            UserSort::EmailVerified => a.email_verified.cmp(&b.email_verified),
            UserSort::CreatedAt => a.created_at.cmp(&b.created_at),
            UserSort::UpdatedAt => a.updated_at.cmp(&b.updated_at),
            UserSort::LastLogin => a.last_login.cmp(&b.last_login),
        };
        sort_by(&mut found, query.descending, order, |user| user.id);
        let total = found.len() as u64;
        Ok(UserPage { items: cut(found, query.skip, query.limit), total })
    }

    async fn insert(&self, user: &User) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.users.contains_key(&user.id) {
            return conflict("users.id");
        }
        check(&state, user)?;
        state.users.insert(user.id, user.clone());
        Ok(())
    }

    async fn update(&self, user: &User) -> Result<(), StoreError> {
        let mut state = self.state();
        check(&state, user)?;
        match state.users.get_mut(&user.id) {
            Some(known) => *known = User { account_id: known.account_id, ..user.clone() },
            None => return Err(StoreError::Other("no such user".to_owned())),
        }
        Ok(())
    }

    async fn touch_login(&self, id: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(user) = self.state().users.get_mut(&id) {
            user.last_login = Some(at);
        }
        Ok(())
    }
}
