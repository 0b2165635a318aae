//! Requests that are carried out once: their keys and replies.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum IdempotencyKeys {
    Table,
    Id,
    AccountId,
    Request,
    Reply,
    CreatedAt,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let time = |column| ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned();
        let account = ForeignKey::create()
            .name("fk_idempotency_keys_account")
            .from(IdempotencyKeys::Table, IdempotencyKeys::AccountId)
            .to(Accounts::Table, Accounts::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let table = Table::create()
            .table(IdempotencyKeys::Table)
            .col(ColumnDef::new(IdempotencyKeys::Id).text().not_null().primary_key())
            .col(ColumnDef::new(IdempotencyKeys::AccountId).text().not_null())
            .col(ColumnDef::new(IdempotencyKeys::Request).text().not_null())
            .col(ColumnDef::new(IdempotencyKeys::Reply).text().not_null())
            .col(time(IdempotencyKeys::CreatedAt))
            .col(time(IdempotencyKeys::ExpiresAt))
            .foreign_key(&mut account.clone())
            .to_owned();
        manager.create_table(table).await?;
        for (name, column) in [
            ("ix_idempotency_keys_account", IdempotencyKeys::AccountId),
            ("ix_idempotency_keys_expires", IdempotencyKeys::ExpiresAt),
        ] {
            let index = Index::create().name(name).table(IdempotencyKeys::Table).col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(IdempotencyKeys::Table).to_owned()).await
    }
}
