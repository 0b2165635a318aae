//! The log of what happened, for those who follow it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum RealtimeLog {
    Table,
    Position,
    Kind,
    AccountId,
    CollectionId,
    RecordId,
    Operation,
    Body,
    OccurredAt,
}

/// What waits for its position, on PostgreSQL.
#[derive(DeriveIden)]
enum RealtimeQueue {
    Table,
    Id,
}

/// One row. `last` is the newest position, on PostgreSQL.
#[derive(DeriveIden)]
enum RealtimeHead {
    Table,
    Id,
    Epoch,
    Last,
}

fn entries(table: impl IntoTableRef, key: ColumnDef) -> TableCreateStatement {
    let text = |column| ColumnDef::new(column).text().not_null().to_owned();
    let optional = |column| ColumnDef::new(column).text().to_owned();
    Table::create()
        .table(table)
        .col(key)
        .col(text(RealtimeLog::Kind))
        .col(optional(RealtimeLog::AccountId))
        .col(optional(RealtimeLog::CollectionId))
        .col(optional(RealtimeLog::RecordId))
        .col(optional(RealtimeLog::Operation))
        .col(text(RealtimeLog::Body))
        .col(ColumnDef::new(RealtimeLog::OccurredAt).big_integer().not_null())
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let mut position = ColumnDef::new(RealtimeLog::Position).big_integer().not_null().to_owned();
        position.primary_key();
        if !postgres {
            // SQLite has one writer: ids are given in the order of commits, and never again.
            position.auto_increment();
        }
        manager.create_table(entries(RealtimeLog::Table, position)).await?;
        let by_account = Index::create()
            .name("ix_realtime_log_account")
            .table(RealtimeLog::Table)
            .col(RealtimeLog::AccountId)
            .to_owned();
        manager.create_index(by_account).await?;
        let head = Table::create()
            .table(RealtimeHead::Table)
            .col(ColumnDef::new(RealtimeHead::Id).big_integer().not_null().primary_key())
            .col(ColumnDef::new(RealtimeHead::Epoch).text().not_null())
            .col(ColumnDef::new(RealtimeHead::Last).big_integer().not_null())
            .to_owned();
        manager.create_table(head).await?;
        let random = match postgres {
            true => "replace(CAST(gen_random_uuid() AS text), '-', '')",
            false => "lower(hex(randomblob(16)))",
        };
        connection
            .execute_unprepared(&format!(
                "INSERT INTO realtime_head (id, epoch, last) VALUES (1, {random}, 0)"
            ))
            .await?;
        if postgres {
            let id =
                ColumnDef::new(RealtimeQueue::Id).big_integer().auto_increment().primary_key().to_owned();
            manager.create_table(entries(RealtimeQueue::Table, id)).await?;
            // Who wrote an entry, and who had ended when entries were placed for the last time: so that what
            // is left of placed ones need not be looked at. Rows stay for some milliseconds: what is left of
            // them is cleared away often, and the head is written to in place.
            for statement in [
                "ALTER TABLE realtime_queue ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
                "CREATE INDEX ix_realtime_queue_xid ON realtime_queue (xid)",
                "ALTER TABLE realtime_head ADD COLUMN seen pg_snapshot",
                "ALTER TABLE realtime_queue SET (autovacuum_vacuum_scale_factor = 0, \
                 autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)",
                "ALTER TABLE realtime_head SET (fillfactor = 10)",
            ] {
                connection.execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(RealtimeLog::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(RealtimeHead::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(RealtimeQueue::Table).if_exists().to_owned()).await
    }
}
