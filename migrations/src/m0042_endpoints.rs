//! Custom endpoints that accounts define, and what came of calls.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum Endpoints {
    Table,
    Id,
    AccountId,
    Name,
    Description,
    Path,
    Method,
    AuthRequired,
    Condition,
    Actions,
    ResponseTemplate,
    Enabled,
    CreatedAt,
    UpdatedAt,
    CreatedBy,
}

#[derive(Clone, Copy, DeriveIden)]
enum EndpointExecutions {
    Table,
    Id,
    EndpointId,
    AccountId,
    Status,
    HttpStatus,
    DurationMs,
    Request,
    Response,
    Error,
    ExecutedAt,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn words(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().to_owned()
}

fn number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().to_owned()
}

fn flag(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).boolean().not_null().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut account = ForeignKey::create()
            .name("fk_endpoints_account")
            .from(Endpoints::Table, Endpoints::AccountId)
            .to(Accounts::Table, Accounts::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let endpoints = Table::create()
            .table(Endpoints::Table)
            .col(text(Endpoints::Id).primary_key())
            .col(text(Endpoints::AccountId))
            .col(text(Endpoints::Name))
            .col(words(Endpoints::Description))
            .col(text(Endpoints::Path))
            .col(text(Endpoints::Method))
            .col(flag(Endpoints::AuthRequired))
            .col(words(Endpoints::Condition))
            .col(text(Endpoints::Actions))
            .col(words(Endpoints::ResponseTemplate))
            .col(flag(Endpoints::Enabled))
            .col(time(Endpoints::CreatedAt))
            .col(time(Endpoints::UpdatedAt))
            .col(text(Endpoints::CreatedBy))
            .foreign_key(&mut account)
            .to_owned();
        manager.create_table(endpoints).await?;
        let mut endpoint = ForeignKey::create()
            .name("fk_endpoint_executions_endpoint")
            .from(EndpointExecutions::Table, EndpointExecutions::EndpointId)
            .to(Endpoints::Table, Endpoints::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let executions = Table::create()
            .table(EndpointExecutions::Table)
            .col(text(EndpointExecutions::Id).primary_key())
            .col(text(EndpointExecutions::EndpointId))
            .col(text(EndpointExecutions::AccountId))
            .col(text(EndpointExecutions::Status))
            .col(number(EndpointExecutions::HttpStatus))
            .col(number(EndpointExecutions::DurationMs))
            .col(text(EndpointExecutions::Request))
            .col(text(EndpointExecutions::Response))
            .col(words(EndpointExecutions::Error))
            .col(time(EndpointExecutions::ExecutedAt))
            .foreign_key(&mut endpoint)
            .to_owned();
        manager.create_table(executions).await?;
        let once = Index::create()
            .name("ux_endpoints_path")
            .table(Endpoints::Table)
            .col(Endpoints::AccountId)
            .col(Endpoints::Path)
            .col(Endpoints::Method)
            .unique()
            .to_owned();
        manager.create_index(once).await?;
        let newest = Index::create()
            .name("ix_endpoints_account")
            .table(Endpoints::Table)
            .col(Endpoints::AccountId)
            .col(Endpoints::CreatedAt)
            .col(Endpoints::Id)
            .to_owned();
        manager.create_index(newest).await?;
        let of_endpoint = Index::create()
            .name("ix_endpoint_executions_newest")
            .table(EndpointExecutions::Table)
            .col(EndpointExecutions::EndpointId)
            .col(EndpointExecutions::ExecutedAt)
            .col(EndpointExecutions::Id)
            .to_owned();
        manager.create_index(of_endpoint).await?;
        let of_account = Index::create()
            .name("ix_endpoint_executions_account")
            .table(EndpointExecutions::Table)
            .col(EndpointExecutions::AccountId)
            .col(EndpointExecutions::Id)
            .to_owned();
        manager.create_index(of_account).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(EndpointExecutions::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Endpoints::Table).to_owned()).await
    }
}
