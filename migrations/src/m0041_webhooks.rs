//! Webhooks and what became of their deliveries.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum Webhooks {
    Table,
    Id,
    AccountId,
    Url,
    Collection,
    Events,
    Filter,
    Enabled,
    Headers,
    Secret,
    Failures,
    FailingSince,
    CreatedAt,
    UpdatedAt,
    CreatedBy,
}

#[derive(Clone, Copy, DeriveIden)]
enum WebhookDeliveries {
    Table,
    Id,
    WebhookId,
    AccountId,
    EventId,
    Event,
    Payload,
    ResponseStatus,
    ResponseBody,
    Attempts,
    DeliveredAt,
    NextRetryAt,
    Status,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().to_owned()
}

fn of_account(name: &str, table: impl IntoIden, column: impl IntoIden) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(table.into_iden(), column.into_iden())
        .to(Accounts::Table, Accounts::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let webhooks = Table::create()
            .table(Webhooks::Table)
            .col(text(Webhooks::Id).primary_key())
            .col(text(Webhooks::AccountId))
            .col(text(Webhooks::Url))
            .col(text(Webhooks::Collection))
            .col(text(Webhooks::Events))
            .col(ColumnDef::new(Webhooks::Filter).text())
            .col(ColumnDef::new(Webhooks::Enabled).boolean().not_null())
            .col(ColumnDef::new(Webhooks::Headers).text())
            .col(text(Webhooks::Secret))
            .col(number(Webhooks::Failures).not_null())
            .col(time(Webhooks::FailingSince))
            .col(time(Webhooks::CreatedAt).not_null())
            .col(time(Webhooks::UpdatedAt).not_null())
            .col(text(Webhooks::CreatedBy))
            .foreign_key(&mut of_account("fk_webhooks_account", Webhooks::Table, Webhooks::AccountId))
            .to_owned();
        manager.create_table(webhooks).await?;
        let of_webhook = ForeignKey::create()
            .name("fk_webhook_deliveries_webhook")
            .from(WebhookDeliveries::Table, WebhookDeliveries::WebhookId)
            .to(Webhooks::Table, Webhooks::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let deliveries = Table::create()
            .table(WebhookDeliveries::Table)
            .col(text(WebhookDeliveries::Id).primary_key())
            .col(text(WebhookDeliveries::WebhookId))
            .col(text(WebhookDeliveries::AccountId))
            .col(ColumnDef::new(WebhookDeliveries::EventId).text())
            .col(text(WebhookDeliveries::Event))
            .col(text(WebhookDeliveries::Payload))
            .col(number(WebhookDeliveries::ResponseStatus))
            .col(ColumnDef::new(WebhookDeliveries::ResponseBody).text())
            .col(number(WebhookDeliveries::Attempts).not_null())
            .col(time(WebhookDeliveries::DeliveredAt))
            .col(time(WebhookDeliveries::NextRetryAt))
            .col(text(WebhookDeliveries::Status))
            .col(time(WebhookDeliveries::CreatedAt).not_null())
            .foreign_key(&mut of_webhook.clone())
            .foreign_key(&mut of_account(
                "fk_webhook_deliveries_account",
                WebhookDeliveries::Table,
                WebhookDeliveries::AccountId,
            ))
            .to_owned();
        manager.create_table(deliveries).await?;
        let of_webhooks = Index::create()
            .name("ix_webhooks_account")
            .table(Webhooks::Table)
            .col(Webhooks::AccountId)
            .col(Webhooks::Collection)
            .to_owned();
        manager.create_index(of_webhooks).await?;
        let index = |name: &str, columns: &[WebhookDeliveries]| {
            let mut index = Index::create().name(name).table(WebhookDeliveries::Table).to_owned();
            for column in columns {
                index.col(*column);
            }
            index
        };
        use WebhookDeliveries as D;
        // An event is told once to each webhook. Deliveries that somebody asked for have no event.
        let once = index("ux_webhook_deliveries_event", &[D::WebhookId, D::EventId]).unique().to_owned();
        manager.create_index(once).await?;
        let newest = index("ix_webhook_deliveries_newest", &[D::WebhookId, D::CreatedAt, D::Id]);
        manager.create_index(newest).await?;
        manager.create_index(index("ix_webhook_deliveries_age", &[D::CreatedAt])).await?;
        manager.create_index(index("ix_webhook_deliveries_open", &[D::Status, D::CreatedAt])).await?;
        manager.create_index(index("ix_webhook_deliveries_account", &[D::AccountId, D::Id])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(WebhookDeliveries::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Webhooks::Table).to_owned()).await
    }
}
