//! What callers do too often, where several nodes count together: PostgreSQL only.
//! Unlogged, since counts of some minutes need not survive a crash.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &str = "CREATE UNLOGGED TABLE rate_limit_buckets (
    bucket TEXT COLLATE \"C\" PRIMARY KEY,
    full_at BIGINT NOT NULL
);
CREATE UNLOGGED TABLE recent_failures (
    target TEXT COLLATE \"C\" PRIMARY KEY,
    times BIGINT[] NOT NULL
)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            for statement in TABLES.split(';') {
                manager.get_connection().execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            for table in ["rate_limit_buckets", "recent_failures"] {
                manager.drop_table(Table::drop().table(table).to_owned()).await?;
            }
        }
        Ok(())
    }
}
