//! Use cases: make, change and delete a macro.

use snackbase_domain::stored_macro::{Query, StoredMacro, is_built_in};

use super::{Macros, found, is_used_by};
use crate::ports::{Repositories, StoreError};
use crate::{AppError, Principal, tx};

/// A macro to be made. Name and query are valid.
#[derive(Clone, Debug)]
pub struct NewMacro {
    pub name: String,
    pub description: Option<String>,
    pub sql_query: String,
    pub parameters: Vec<String>,
}

/// What to change of a macro; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct MacroChange {
    pub name: Option<String>,
    pub description: Option<String>,
    pub sql_query: Option<String>,
    pub parameters: Option<Vec<String>>,
}

impl Macros {
    /// Makes a macro; rules may call it from the next request on.
    pub async fn create(&self, by: &Principal, new: NewMacro) -> Result<StoredMacro, AppError> {
        if is_built_in(&new.name) {
            return Err(taken(&new.name));
        }
        let now = self.clock.now();
        let new = StoredMacro {
            id: 0,
            name: new.name,
            description: new.description,
            sql_query: new.sql_query,
            parameters: new.parameters,
            created_at: now,
            updated_at: now,
            created_by: Some(by.user_key.clone()),
        };
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = work.repositories().macros().insert(&new).await;
        let made = tx::finish(work, outcome.map_err(|e| conflict(&new.name, e))).await?;
        self.reload().await?;
        Ok(made)
    }

    /// Changes a macro; rules ask the new query from the next request on.
    pub async fn update(
        &self,
        by: &Principal,
        id: i64,
        change: MacroChange,
    ) -> Result<StoredMacro, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.update_in(work.repositories(), id, change).await;
        let changed = tx::finish(work, outcome).await?;
        self.reload().await?;
        Ok(changed)
    }

    async fn update_in(
        &self,
        store: &dyn Repositories,
        id: i64,
        change: MacroChange,
    ) -> Result<StoredMacro, AppError> {
        store.collections().lock_schema().await?;
        let before = found(store, id).await?;
        let after = StoredMacro {
            name: change.name.unwrap_or_else(|| before.name.clone()),
            description: change.description.or_else(|| before.description.clone()),
            sql_query: change.sql_query.unwrap_or_else(|| before.sql_query.clone()),
            parameters: change.parameters.unwrap_or_else(|| before.parameters.clone()),
            updated_at: self.clock.now(),
            ..before.clone()
        };
        if is_built_in(&after.name) {
            return Err(taken(&after.name));
        }
        // The query and the names of its parameters may have come apart.
        Query::read(&after.sql_query, &after.parameters)
            .map_err(|problem| AppError::unprocessable(problem.to_string()))?;
        if after.name != before.name {
            refuse_if_used(store, &before, "rename").await?;
        }
        store.macros().update(&after).await.map_err(|e| conflict(&after.name, e))?;
        Ok(after)
    }

    /// Deletes a macro that no rule calls.
    pub async fn delete(&self, by: &Principal, id: i64) -> Result<(), AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            store.collections().lock_schema().await?;
            let stored = found(store, id).await?;
            refuse_if_used(store, &stored, "delete").await?;
            store.macros().delete(id).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await?;
        self.reload().await
    }
}

async fn refuse_if_used(store: &dyn Repositories, stored: &StoredMacro, verb: &str) -> Result<(), AppError> {
    let all = store.collections().all().await?;
    let count = all.iter().filter(|collection| is_used_by(collection, &stored.name)).count();
    if count == 0 {
        return Ok(());
    }
    let name = &stored.name;
    Err(AppError::conflict(format!("Cannot {verb} macro '{name}': it is used in {count} collection rule(s)")))
}

fn taken(name: &str) -> AppError {
    AppError::conflict(format!("Macro with name '{name}' already exists"))
}

fn conflict(name: &str, error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { .. } => taken(name),
        other => other.into(),
    }
}
