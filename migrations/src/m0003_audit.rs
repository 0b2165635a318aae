//! The audit log. Rows of it can be added but neither changed nor removed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum AuditChanges {
    Table,
    Id,
    AccountId,
    AccountSequence,
    Operation,
    TableName,
    RecordId,
    UserId,
    UserEmail,
    AuthMethod,
    EsUsername,
    EsReason,
    EsTimestamp,
    IpAddress,
    UserAgent,
    RequestId,
    OccurredAt,
    FirstEntry,
    LastEntry,
    Seal,
}

#[derive(DeriveIden)]
enum AuditLog {
    Table,
    Id,
    ChangeId,
    ColumnName,
    OldValue,
    NewValue,
    Checksum,
}

#[derive(DeriveIden)]
enum AuditQueue {
    Table,
    Id,
    Payload,
    Seal,
}

#[derive(DeriveIden)]
enum AuditHeads {
    Table,
    Chain,
    Changes,
    Entries,
    Checksum,
    Seal,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn optional(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().to_owned()
}

fn number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().to_owned()
}

/// Statements that keep others from changing and removing what was written. On SQLite
/// INSERT OR REPLACE removes rows without a DELETE that a trigger could see.
const SQLITE_GUARDS: [&str; 7] = [
    "CREATE TRIGGER audit_log_replaces_no_rows BEFORE INSERT ON audit_log \
     WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id) \
     BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END",
    "CREATE TRIGGER audit_changes_replaces_no_rows BEFORE INSERT ON audit_changes \
     WHEN EXISTS (SELECT 1 FROM audit_changes WHERE id = NEW.id) \
     BEGIN SELECT RAISE(ABORT, 'audit_changes is append-only'); END",
    "CREATE TRIGGER audit_log_keeps_rows BEFORE DELETE ON audit_log \
     BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END",
    "CREATE TRIGGER audit_log_keeps_values BEFORE UPDATE ON audit_log \
     BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END",
    "CREATE TRIGGER audit_changes_keeps_rows BEFORE DELETE ON audit_changes \
     BEGIN SELECT RAISE(ABORT, 'audit_changes is append-only'); END",
    "CREATE TRIGGER audit_changes_keeps_values BEFORE UPDATE ON audit_changes \
     BEGIN SELECT RAISE(ABORT, 'audit_changes is append-only'); END",
    "CREATE TRIGGER audit_heads_keeps_rows BEFORE DELETE ON audit_heads \
     BEGIN SELECT RAISE(ABORT, 'audit_heads keeps its rows'); END",
];

const POSTGRES_GUARDS: [&str; 4] = [
    "CREATE FUNCTION sb_append_only() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
    "CREATE TRIGGER audit_log_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log \
     FOR EACH STATEMENT EXECUTE FUNCTION sb_append_only()",
    "CREATE TRIGGER audit_changes_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_changes \
     FOR EACH STATEMENT EXECUTE FUNCTION sb_append_only()",
    "CREATE TRIGGER audit_heads_keeps_rows BEFORE DELETE OR TRUNCATE ON audit_heads \
     FOR EACH STATEMENT EXECUTE FUNCTION sb_append_only()",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let time = |column| ColumnDef::new(column).timestamp_with_time_zone().to_owned();
        manager
            .create_table(
                Table::create()
                    .table(AuditChanges::Table)
                    .col(number(AuditChanges::Id).primary_key())
                    .col(text(AuditChanges::AccountId))
                    .col(number(AuditChanges::AccountSequence))
                    .col(text(AuditChanges::Operation))
                    .col(text(AuditChanges::TableName))
                    .col(text(AuditChanges::RecordId))
                    .col(text(AuditChanges::UserId))
                    .col(text(AuditChanges::UserEmail))
                    .col(text(AuditChanges::AuthMethod))
                    .col(optional(AuditChanges::EsUsername))
                    .col(optional(AuditChanges::EsReason))
                    .col(time(AuditChanges::EsTimestamp))
                    .col(optional(AuditChanges::IpAddress))
                    .col(optional(AuditChanges::UserAgent))
                    .col(optional(AuditChanges::RequestId))
                    .col(time(AuditChanges::OccurredAt).not_null())
                    .col(number(AuditChanges::FirstEntry))
                    .col(number(AuditChanges::LastEntry))
                    .col(text(AuditChanges::Seal))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(AuditLog::Table)
                    .col(number(AuditLog::Id).primary_key())
                    .col(number(AuditLog::ChangeId))
                    .col(text(AuditLog::ColumnName))
                    .col(optional(AuditLog::OldValue))
                    .col(optional(AuditLog::NewValue))
                    .col(text(AuditLog::Checksum))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(AuditHeads::Table)
                    .col(text(AuditHeads::Chain).primary_key())
                    .col(number(AuditHeads::Changes))
                    .col(number(AuditHeads::Entries))
                    .col(text(AuditHeads::Checksum))
                    .col(text(AuditHeads::Seal))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(AuditQueue::Table)
                    .col(ColumnDef::new(AuditQueue::Id).big_integer().auto_increment().primary_key())
                    .col(text(AuditQueue::Payload))
                    .col(text(AuditQueue::Seal))
                    .to_owned(),
            )
            .await?;
        // The whole log's head, so that there is something to lock from the first change on.
        let head = Query::insert()
            .into_table(AuditHeads::Table)
            .columns([
                AuditHeads::Chain,
                AuditHeads::Changes,
                AuditHeads::Entries,
                AuditHeads::Checksum,
                AuditHeads::Seal,
            ])
            .values_panic(["".into(), 0_i64.into(), 0_i64.into(), "".into(), "".into()])
            .to_owned();
        manager.execute(head).await?;
        let indexes = [
            ("ix_audit_changes_record", AuditChanges::RecordId),
            ("ix_audit_changes_user", AuditChanges::UserId),
        ];
        for (name, column) in indexes {
            let index = Index::create().name(name).table(AuditChanges::Table).col(column).to_owned();
            manager.create_index(index).await?;
        }
        let by_account = Index::create()
            .name("ix_audit_changes_account")
            .table(AuditChanges::Table)
            .col(AuditChanges::AccountId)
            .col(AuditChanges::Id)
            .to_owned();
        manager.create_index(by_account).await?;
        let by_time = Index::create()
            .name("ix_audit_changes_time")
            .table(AuditChanges::Table)
            .col(AuditChanges::OccurredAt)
            .col(AuditChanges::Id)
            .to_owned();
        manager.create_index(by_time).await?;
        let guards: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &POSTGRES_GUARDS,
            _ => &SQLITE_GUARDS,
        };
        for guard in guards {
            manager.get_connection().execute_unprepared(guard).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(AuditLog::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(AuditChanges::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(AuditHeads::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(AuditQueue::Table).to_owned()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION sb_append_only").await?;
        }
        Ok(())
    }
}
