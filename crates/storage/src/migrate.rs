//! Brings the schema of the system tables to the version of this program.

use snackbase_application::ports::StoreError;
use snackbase_migrations::{Migrator, MigratorTrait, POSTGRES_FUNCTIONS};
use snackbase_rls::Dialect;

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::store::Store;

/// A migration and whether it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationInfo {
    pub name: String,
    pub applied: bool,
}

impl Store {
    /// Applies what is missing, all or nothing; several nodes may try at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let work = self.work();
        if work.session.dialect() == Dialect::Postgres {
            // Two nodes that start together must not create the same table twice.
            let lock = Stmt::new("SELECT pg_advisory_xact_lock(7305801)", Vec::new());
            work.transaction.query(lock).await?;
        }
        Migrator::up(work.session.orm(), None).await.map_err(from_orm)?;
        if work.session.dialect() == Dialect::Postgres {
            work.transaction.script(POSTGRES_FUNCTIONS.to_owned()).await?;
        }
        work.transaction.commit().await
    }

    /// The name of the newest migration that this program knows.
    pub fn newest_migration(&self) -> String {
        Migrator::migrations().last().map(|m| m.name().to_owned()).unwrap_or_default()
    }

    /// All migrations, in order.
    pub async fn migrations(&self) -> Result<Vec<MigrationInfo>, StoreError> {
        let applied = Migrator::get_applied_migrations(self.session().orm()).await.map_err(from_orm)?;
        let applied: Vec<_> = applied.iter().map(|m| m.name().to_owned()).collect();
        Ok(Migrator::get_migration_files()
            .iter()
            .map(|m| MigrationInfo {
                name: m.name().to_owned(),
                applied: applied.contains(&m.name().to_owned()),
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DatabaseOptions, SqliteOptions};

    #[tokio::test]
    async fn a_migrated_database_can_be_opened_again() {
        let options = DatabaseOptions::Sqlite(SqliteOptions::in_memory());
        let first = Store::open(&options).await.unwrap();
        first.migrate().await.unwrap();
        let second = Store::open(&options).await.unwrap();
        second.migrate().await.unwrap();
        assert!(second.migrations().await.unwrap().iter().all(|migration| migration.applied));
    }
}
