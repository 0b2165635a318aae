//! Stored macros.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Macros {
    Table,
    Id,
    Name,
    Description,
    SqlQuery,
    Parameters,
    CreatedAt,
    UpdatedAt,
    CreatedBy,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(Macros::Table)
            .col(ColumnDef::new(Macros::Id).integer().not_null().auto_increment().primary_key())
            .col(text(Macros::Name).unique_key())
            .col(ColumnDef::new(Macros::Description).text())
            .col(text(Macros::SqlQuery))
            .col(ColumnDef::new(Macros::Parameters).json_binary().not_null())
            .col(time(Macros::CreatedAt))
            .col(time(Macros::UpdatedAt))
            // Stays when the user is gone: a macro belongs to no account.
            .col(ColumnDef::new(Macros::CreatedBy).text())
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Macros::Table).to_owned()).await
    }
}
