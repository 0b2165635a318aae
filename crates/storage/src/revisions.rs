//! The revisions of the schema: the migrations of this program, and the changes of collections.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use sea_query::Value;
use snackbase_application::ports::{RevisionRepository, SchemaRevision, StoreError};
use snackbase_migrations::{Migrator, MigratorTrait};

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::entity::schema_revision::{ActiveModel, Entity};
use crate::store::Session;

/// The words of a migration's name, after its number.
fn description(name: &str) -> String {
    name.split_once('_').map_or(name, |(_, words)| words).replace('_', " ")
}

impl Session {
    /// When each migration was applied; none where there is no such table yet.
    async fn applied_migrations(&self) -> Result<HashMap<String, DateTime<Utc>>, StoreError> {
        let select = Stmt::new("SELECT version, applied_at FROM schema_migrations", Vec::new());
        let rows = match self.connection.query(select).await {
            Err(StoreError::NoTable) => return Ok(HashMap::new()),
            rows => rows?,
        };
        let read = |row: crate::driver::Row| match row.values.as_slice() {
            [Value::String(Some(name)), Value::BigInt(Some(at))] => {
                DateTime::from_timestamp(*at, 0).map(|at| (name.clone(), at))
            }
            _ => None,
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}

#[async_trait]
impl RevisionRepository for Session {
    async fn all(&self) -> Result<Vec<SchemaRevision>, StoreError> {
        let applied = self.applied_migrations().await?;
        let core = Migrator::migrations().into_iter().map(|migration| SchemaRevision {
            id: migration.name().to_owned(),
            description: description(migration.name()),
            applied_at: applied.get(migration.name()).copied(),
            dynamic: false,
        });
        let mut all: Vec<_> = core.collect();
        if !applied.is_empty() {
            let dynamic = match Entity::find().all(self.orm()).await.map_err(from_orm) {
                // A database of an older program, before its upgrade.
                Err(StoreError::NoTable) => Vec::new(),
                dynamic => dynamic?,
            };
            all.extend(dynamic.into_iter().map(|model| SchemaRevision {
                id: model.id,
                description: model.description,
                applied_at: Some(model.created_at),
                dynamic: true,
            }));
        }
        // Stable, so migrations applied within one second keep their order.
        all.sort_by_key(|revision| (revision.applied_at.is_none(), revision.applied_at));
        Ok(all)
    }

    async fn insert(&self, id: &str, description: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(id.to_owned()),
            description: Set(description.to_owned()),
            created_at: Set(at),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }
}
