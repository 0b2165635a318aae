//! How many records a collection has in each account, counted by triggers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum RecordCounts {
    Table,
    CollectionId,
    AccountId,
    Part,
    Records,
}

/// Each backend counts in a row of its own, so that writers never wait for each
/// other; the sum of the parts is the count.
const POSTGRES_FUNCTION: &str = "
CREATE FUNCTION sb_count_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_counts AS known (collection_id, account_id, part, records)
    SELECT TG_ARGV[0], account_id, pg_backend_pid(),
           CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
    FROM changed GROUP BY account_id
    ON CONFLICT (collection_id, account_id, part) DO UPDATE SET records = known.records + excluded.records;
    RETURN NULL;
END $$";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text = |column| ColumnDef::new(column).text().not_null().to_owned();
        let number = |column| ColumnDef::new(column).big_integer().not_null().to_owned();
        let mut table = Table::create();
        table
            .table(RecordCounts::Table)
            .col(text(RecordCounts::CollectionId))
            .col(text(RecordCounts::AccountId))
            .col(number(RecordCounts::Part))
            .col(number(RecordCounts::Records))
            .primary_key(
                Index::create()
                    .col(RecordCounts::CollectionId)
                    .col(RecordCounts::AccountId)
                    .col(RecordCounts::Part),
            );
        manager.create_table(table).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            // Room in each page, so that a new count stays beside the old one.
            connection.execute_unprepared("ALTER TABLE record_counts SET (fillfactor = 50)").await?;
            connection.execute_unprepared(POSTGRES_FUNCTION).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        match connection.get_database_backend() {
            DbBackend::Postgres => {
                connection.execute_unprepared("DROP FUNCTION sb_count_records CASCADE").await?;
            }
            backend => {
                let sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'count_*'";
                for row in connection.query_all_raw(Statement::from_string(backend, sql)).await? {
                    let name: String = row.try_get("", "name")?;
                    connection.execute_unprepared(&format!("DROP TRIGGER \"{name}\"")).await?;
                }
            }
        }
        manager.drop_table(Table::drop().table(RecordCounts::Table).to_owned()).await
    }
}
