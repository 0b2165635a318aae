//! A rule about records as an update leaves them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum CollectionRules {
    Table,
    UpdateCheckRule,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(CollectionRules::UpdateCheckRule).text().to_owned();
        let add = Table::alter().table(CollectionRules::Table).add_column(column).to_owned();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = CollectionRules::UpdateCheckRule;
        let drop = Table::alter().table(CollectionRules::Table).drop_column(column).to_owned();
        manager.alter_table(drop).await
    }
}
