//! Port: roles.

use async_trait::async_trait;
use snackbase_domain::role::{Role, RoleId};

use super::StoreError;

/// The roles.
#[async_trait]
pub trait RoleRepository: Send + Sync {
    /// All, by id.
    async fn all(&self) -> Result<Vec<Role>, StoreError>;
    async fn find(&self, id: RoleId) -> Result<Option<Role>, StoreError>;
    async fn find_by_name(&self, name: &str) -> Result<Option<Role>, StoreError>;
    /// `Conflict` when the name is taken.
    async fn insert(&self, name: &str, description: Option<&str>) -> Result<Role, StoreError>;
    /// `Conflict` when the name is taken.
    async fn update(&self, role: &Role) -> Result<(), StoreError>;
    /// How many users have the role.
    async fn user_count(&self, id: RoleId) -> Result<u64, StoreError>;
    async fn delete(&self, id: RoleId) -> Result<bool, StoreError>;
}
