//! Accounts that are being deleted: hidden at once, gone when all of their rows are.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Accounts {
    Table,
    DeletingSince,
}

const INDEX: &str = "CREATE INDEX ix_accounts_deleting ON accounts (id) WHERE deleting_since IS NOT NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Accounts::DeletingSince).timestamp_with_time_zone().to_owned();
        manager.alter_table(Table::alter().table(Accounts::Table).add_column(column).to_owned()).await?;
        manager.get_connection().execute_unprepared(INDEX).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_accounts_deleting").to_owned()).await?;
        let drop = Table::alter().table(Accounts::Table).drop_column(Accounts::DeletingSince).to_owned();
        manager.alter_table(drop).await
    }
}
