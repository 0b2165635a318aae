//! Port: groups of users.

use async_trait::async_trait;
use snackbase_domain::UserId;
use snackbase_domain::group::Group;

use super::StoreError;

/// The groups.
#[async_trait]
pub trait GroupRepository: Send + Sync {
    /// `Conflict` when the account has a group of that name.
    async fn insert(&self, group: &Group) -> Result<(), StoreError>;
    /// Names of the groups that a user is in.
    async fn names_of_user(&self, user: UserId) -> Result<Vec<String>, StoreError>;
}
