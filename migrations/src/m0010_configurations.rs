//! Settings of providers.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Configurations {
    Table,
    Id,
    AccountId,
    Category,
    ProviderName,
    DisplayName,
    LogoUrl,
    Config,
    Enabled,
    IsBuiltin,
    IsDefault,
    Priority,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text = |column| ColumnDef::new(column).text().not_null().to_owned();
        let flag = |column| ColumnDef::new(column).boolean().not_null().to_owned();
        let time = |column| ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned();
        manager
            .create_table(
                Table::create()
                    .table(Configurations::Table)
                    .col(text(Configurations::Id).primary_key())
                    .col(text(Configurations::AccountId))
                    .col(text(Configurations::Category))
                    .col(text(Configurations::ProviderName))
                    .col(text(Configurations::DisplayName))
                    .col(ColumnDef::new(Configurations::LogoUrl).text())
                    .col(ColumnDef::new(Configurations::Config).json_binary().not_null())
                    .col(flag(Configurations::Enabled))
                    .col(flag(Configurations::IsBuiltin))
                    .col(flag(Configurations::IsDefault))
                    .col(ColumnDef::new(Configurations::Priority).integer().not_null())
                    .col(time(Configurations::CreatedAt))
                    .col(time(Configurations::UpdatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Configurations::Table, Configurations::AccountId)
                            .to(Accounts::Table, Accounts::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        let one_of_each_provider = Index::create()
            .name("ux_configurations_provider")
            .table(Configurations::Table)
            .col(Configurations::AccountId)
            .col(Configurations::Category)
            .col(Configurations::ProviderName)
            .unique()
            .to_owned();
        manager.create_index(one_of_each_provider).await?;
        let one_default = Index::create()
            .name("ux_configurations_default")
            .table(Configurations::Table)
            .col(Configurations::AccountId)
            .col(Configurations::Category)
            .unique()
            .and_where(Expr::col(Configurations::IsDefault).eq(true))
            .to_owned();
        manager.create_index(one_default).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Configurations::Table).to_owned()).await
    }
}
