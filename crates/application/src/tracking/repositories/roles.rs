//! Roles.

use async_trait::async_trait;
use snackbase_domain::role::{Role, RoleId};

use crate::ports::{RoleRepository, StoreError};
use crate::realtime::access::AccessChange;
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl RoleRepository for TrackedWork {
    async fn all(&self) -> Result<Vec<Role>, StoreError> {
        self.plain().roles().all().await
    }

    async fn find(&self, id: RoleId) -> Result<Option<Role>, StoreError> {
        self.plain().roles().find(id).await
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<Role>, StoreError> {
        self.plain().roles().find_by_name(name).await
    }

    async fn insert(&self, name: &str, description: Option<&str>) -> Result<Role, StoreError> {
        let role = self.plain().roles().insert(name, description).await?;
        self.created(&role);
        Ok(role)
    }

    async fn update(&self, role: &Role) -> Result<(), StoreError> {
        let before = self.for_audit(self.plain().roles().find(role.id)).await?;
        self.plain().roles().update(role).await?;
        self.access(AccessChange::All);
        if let Some(before) = before {
            self.updated(&before, role);
        }
        Ok(())
    }

    async fn user_count(&self, id: RoleId) -> Result<u64, StoreError> {
        self.plain().roles().user_count(id).await
    }

    async fn delete(&self, id: RoleId) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().roles().find(id)).await?;
        let deleted = self.plain().roles().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }
}
