//! The queue of jobs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum Jobs {
    Table,
    Id,
    Queue,
    Handler,
    Payload,
    Status,
    Priority,
    RunAt,
    DueAt,
    StartedAt,
    CompletedAt,
    FailedAt,
    Error,
    Attempts,
    MaxAttempts,
    RetryDelay,
    AccountId,
    Lane,
    CreatedBy,
    CreatedAt,
    UniqueKey,
    Depth,
    Losses,
    LeasedUntil,
    Lease,
    MicrosTaken,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

/// What claiming walks along, what keeps a key to one job that waits, and which jobs run: few rows of
/// many, whatever has been done before.
const PARTIAL_INDEXES: [&str; 4] = [
    "CREATE INDEX ix_jobs_line ON jobs (queue, lane, priority, due_at, id) WHERE status IN ('pending', 'retrying')",
    "CREATE INDEX ix_jobs_due ON jobs (due_at) WHERE status IN ('pending', 'retrying')",
    "CREATE UNIQUE INDEX ux_jobs_key ON jobs (unique_key) WHERE status IN ('pending', 'retrying')",
    "CREATE INDEX ix_jobs_running ON jobs (lane, leased_until) WHERE status = 'running'",
];

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut account = ForeignKey::create()
            .name("fk_jobs_account")
            .from(Jobs::Table, Jobs::AccountId)
            .to(Accounts::Table, Accounts::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let jobs = Table::create()
            .table(Jobs::Table)
            .col(text(Jobs::Id).primary_key())
            .col(text(Jobs::Queue))
            .col(text(Jobs::Handler))
            .col(text(Jobs::Payload))
            .col(text(Jobs::Status))
            .col(number(Jobs::Priority))
            .col(time(Jobs::RunAt))
            .col(time(Jobs::DueAt).not_null())
            .col(time(Jobs::StartedAt))
            .col(time(Jobs::CompletedAt))
            .col(time(Jobs::FailedAt))
            .col(ColumnDef::new(Jobs::Error).text())
            .col(number(Jobs::Attempts))
            .col(number(Jobs::MaxAttempts))
            .col(number(Jobs::RetryDelay))
            .col(ColumnDef::new(Jobs::AccountId).text())
            .col(text(Jobs::Lane))
            .col(ColumnDef::new(Jobs::CreatedBy).text())
            .col(time(Jobs::CreatedAt).not_null())
            .col(ColumnDef::new(Jobs::UniqueKey).text())
            .col(number(Jobs::Depth))
            .col(number(Jobs::Losses))
            .col(time(Jobs::LeasedUntil))
            .col(ColumnDef::new(Jobs::Lease).text())
            .col(ColumnDef::new(Jobs::MicrosTaken).big_integer())
            .foreign_key(&mut account)
            .to_owned();
        manager.create_table(jobs).await?;
        for statement in PARTIAL_INDEXES {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        let index = |name: &str, columns: &[Jobs]| {
            let mut index = Index::create().name(name).table(Jobs::Table).to_owned();
            for column in columns {
                index.col(*column);
            }
            index
        };
        manager.create_index(index("ix_jobs_created", &[Jobs::CreatedAt, Jobs::Id])).await?;
        manager.create_index(index("ix_jobs_status", &[Jobs::Status, Jobs::CreatedAt, Jobs::Id])).await?;
        manager.create_index(index("ix_jobs_handler", &[Jobs::Handler, Jobs::CreatedAt, Jobs::Id])).await?;
        manager.create_index(index("ix_jobs_completed", &[Jobs::CompletedAt])).await?;
        manager.create_index(index("ix_jobs_account", &[Jobs::AccountId, Jobs::Id])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Jobs::Table).to_owned()).await
    }
}
