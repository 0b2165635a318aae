//! Who is in which channel.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum RealtimePresence {
    Table,
    Id,
    AccountId,
    Channel,
    UserId,
    Meta,
    Node,
    JoinedAt,
    Until,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use RealtimePresence as P;
        let text = |column| ColumnDef::new(column).text().not_null().to_owned();
        let moment = |column| ColumnDef::new(column).big_integer().not_null().to_owned();
        // No foreign keys: who is there leaves by himself, or when nobody speaks for him any more.
        let table = Table::create()
            .table(P::Table)
            .col(ColumnDef::new(P::Id).text().not_null().primary_key())
            .col(text(P::AccountId))
            .col(text(P::Channel))
            .col(text(P::UserId))
            .col(text(P::Meta))
            .col(text(P::Node))
            .col(moment(P::JoinedAt))
            .col(moment(P::Until))
            .to_owned();
        manager.create_table(table).await?;
        let by_channel = Index::create()
            .name("ix_realtime_presence_channel")
            .table(P::Table)
            .col(P::AccountId)
            .col(P::Channel)
            .to_owned();
        manager.create_index(by_channel).await?;
        for (name, column) in
            [("ix_realtime_presence_node", P::Node), ("ix_realtime_presence_until", P::Until)]
        {
            let index = Index::create().name(name).table(P::Table).col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(RealtimePresence::Table).to_owned()).await
    }
}
