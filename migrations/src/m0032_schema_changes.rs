//! What changes of collections leave behind: a number that rises with each of them, tables that
//! are set aside until they are dropped, and composite indexes.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum SchemaVersion {
    Table,
    Id,
    Version,
}

#[derive(DeriveIden)]
enum TablesAside {
    Table,
    Revision,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Collections {
    Table,
    Indexes,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let version = Table::create()
            .table(SchemaVersion::Table)
            .col(ColumnDef::new(SchemaVersion::Id).integer().not_null().primary_key())
            .col(ColumnDef::new(SchemaVersion::Version).big_integer().not_null())
            .to_owned();
        manager.create_table(version).await?;
        let aside = Table::create()
            .table(TablesAside::Table)
            .col(ColumnDef::new(TablesAside::Revision).text().not_null().primary_key())
            .col(ColumnDef::new(TablesAside::CreatedAt).timestamp_with_time_zone().not_null())
            .to_owned();
        manager.create_table(aside).await?;
        let indexes = ColumnDef::new(Collections::Indexes).json_binary().to_owned();
        manager.alter_table(Table::alter().table(Collections::Table).add_column(indexes).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter().table(Collections::Table).drop_column(Collections::Indexes).to_owned();
        manager.alter_table(drop).await?;
        manager.drop_table(Table::drop().table(TablesAside::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(SchemaVersion::Table).to_owned()).await
    }
}
