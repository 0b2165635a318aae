//! Port: groups of users.

use async_trait::async_trait;
use snackbase_domain::group::Group;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, GroupId, UserId};

use super::StoreError;

/// The groups and their members.
#[async_trait]
pub trait GroupRepository: Send + Sync {
    async fn find(&self, id: GroupId) -> Result<Option<Group>, StoreError>;
    /// Groups of an account, or of all, oldest first.
    async fn list(&self, account: Option<AccountId>, skip: u64, limit: u64)
    -> Result<Vec<Group>, StoreError>;
    /// `Conflict` when the account has a group of that name.
    async fn insert(&self, group: &Group) -> Result<(), StoreError>;
    /// Stores name, description and `updated_at`; `Conflict` as `insert`.
    async fn update(&self, group: &Group) -> Result<(), StoreError>;
    /// Removes a group with its memberships. Whether it was there.
    async fn delete(&self, id: GroupId) -> Result<bool, StoreError>;
    /// The members, by e-mail address.
    async fn members(&self, id: GroupId) -> Result<Vec<User>, StoreError>;
    async fn member_count(&self, id: GroupId) -> Result<u64, StoreError>;
    /// `Conflict` when the user is a member already.
    async fn add_member(&self, id: GroupId, user: UserId) -> Result<(), StoreError>;
    /// Whether the user was a member.
    async fn remove_member(&self, id: GroupId, user: UserId) -> Result<bool, StoreError>;
    /// Names of the groups that a user is in.
    async fn names_of_user(&self, user: UserId) -> Result<Vec<String>, StoreError>;
}
