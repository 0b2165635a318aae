//! Changes of collections, each with an id and a description.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum SchemaRevisions {
    Table,
    Id,
    Description,
    CreatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(SchemaRevisions::Table)
                    .col(ColumnDef::new(SchemaRevisions::Id).text().not_null().primary_key())
                    .col(ColumnDef::new(SchemaRevisions::Description).text().not_null())
                    .col(ColumnDef::new(SchemaRevisions::CreatedAt).timestamp_with_time_zone().not_null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(SchemaRevisions::Table).to_owned()).await
    }
}
