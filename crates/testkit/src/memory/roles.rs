//! The roles.

use async_trait::async_trait;
use snackbase_application::ports::{RoleRepository, StoreError};
use snackbase_domain::role::{Role, RoleId};

use super::Memory;
use super::state::conflict;

#[async_trait]
impl RoleRepository for Memory {
    async fn all(&self) -> Result<Vec<Role>, StoreError> {
        Ok(self.state().roles.values().cloned().collect())
    }

    async fn find(&self, id: RoleId) -> Result<Option<Role>, StoreError> {
        Ok(self.state().roles.get(&id.0).cloned())
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<Role>, StoreError> {
        Ok(self.state().roles.values().find(|role| role.name == name).cloned())
    }

    async fn insert(&self, name: &str, description: Option<&str>) -> Result<Role, StoreError> {
        let mut state = self.state();
        if state.roles.values().any(|role| role.name == name) {
            return conflict("roles.name");
        }
        state.last_role += 1;
        let id = state.last_role;
        let role =
            Role { id: RoleId(id), name: name.to_owned(), description: description.map(str::to_owned) };
        state.roles.insert(id, role.clone());
        Ok(role)
    }

    async fn update(&self, role: &Role) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.roles.values().any(|known| known.id != role.id && known.name == role.name) {
            return conflict("roles.name");
        }
        if let Some(known) = state.roles.get_mut(&role.id.0) {
            known.clone_from(role);
        }
        Ok(())
    }

    async fn user_count(&self, id: RoleId) -> Result<u64, StoreError> {
        Ok(self.state().users.values().filter(|user| user.role_id == id).count() as u64)
    }

    async fn delete(&self, id: RoleId) -> Result<bool, StoreError> {
        let mut state = self.state();
        if state.users.values().any(|user| user.role_id == id) {
            return Err(StoreError::ForeignKey);
        }
        Ok(state.roles.remove(&id.0).is_some())
    }
}
