//! Roles: global names, managed by superadmins.

use std::sync::Arc;

use snackbase_domain::role::{ADMIN, Role, RoleId, USER};

use crate::auth::Identities;
use crate::ports::{Storage, StoreError};
use crate::{AppError, Principal, tx};

/// The use cases about roles.
pub struct Roles {
    storage: Arc<dyn Storage>,
    identities: Arc<Identities>,
}

impl Roles {
    /// Wires the use cases.
    pub fn new(storage: Arc<dyn Storage>, identities: Arc<Identities>) -> Self {
        Self { storage, identities }
    }

    /// All roles, by id.
    pub async fn list(&self) -> Result<Vec<Role>, AppError> {
        Ok(self.storage.read().roles().all().await?)
    }

    /// One role.
    pub async fn get(&self, id: RoleId) -> Result<Role, AppError> {
        self.storage.read().roles().find(id).await?.ok_or_else(|| not_found(id))
    }

    /// Makes a role; the name is trimmed and not empty.
    pub async fn create(
        &self,
        by: &Principal,
        name: &str,
        description: Option<&str>,
    ) -> Result<Role, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = work.repositories().roles().insert(name, description).await;
        tx::finish(work, outcome.map_err(|e| taken(name, e))).await
    }

    /// Changes a role. A name or description of `None` stays.
    pub async fn update(
        &self,
        by: &Principal,
        id: RoleId,
        name: Option<&str>,
        description: Option<Option<&str>>,
    ) -> Result<Role, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let roles = work.repositories().roles();
            let mut role = roles.find(id).await?.ok_or_else(|| not_found(id))?;
            if let Some(name) = name.filter(|name| *name != role.name) {
                if is_default(&role) {
                    return Err(AppError::unprocessable(format!(
                        "Cannot rename default role '{}'",
                        role.name
                    )));
                }
                name.clone_into(&mut role.name);
            }
            if let Some(description) = description {
                role.description = description.map(str::to_owned);
            }
            roles.update(&role).await.map_err(|e| taken(&role.name, e))?;
            Ok(role)
        }
        .await;
        let role = tx::finish(work, outcome).await?;
        self.identities.forget_all();
        Ok(role)
    }

    /// Deletes a role that nobody has.
    pub async fn delete(&self, by: &Principal, id: RoleId) -> Result<(), AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let roles = work.repositories().roles();
            let role = roles.find(id).await?.ok_or_else(|| not_found(id))?;
            if is_default(&role) {
                return Err(AppError::unprocessable(format!("Cannot delete default role '{}'", role.name)));
            }
            let users = roles.user_count(id).await?;
            if users > 0 {
                return Err(AppError::conflict(format!(
                    "Role '{}' is assigned to {users} user(s) and cannot be deleted",
                    role.name
                )));
            }
            roles.delete(id).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await
    }
}

fn is_default(role: &Role) -> bool {
    role.name == ADMIN || role.name == USER
}

fn not_found(id: RoleId) -> AppError {
    AppError::not_found(format!("Role with ID {} not found", id.0))
}

fn taken(name: &str, error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { .. } => AppError::conflict(format!("Role with name '{name}' already exists")),
        other => other.into(),
    }
}
