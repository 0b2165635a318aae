//! Counts of records that the database keeps itself, so that the total of a list
//! without a condition costs the same however many records there are.
//!
//! Triggers count in `record_counts`. A count is the sum of its parts: each backend
//! of PostgreSQL has one of its own, so that nobody waits for anybody, and
//! [`fold`] gathers those of backends that have ended. SQLite, with one writer, has
//! one part.

use sea_query::Value as SqlValue;
use snackbase_application::access::{Scoped, Tenant};
use snackbase_application::ports::{Repositories, StoreError};
use snackbase_domain::collection::Collection;
use snackbase_rls::Dialect;

use super::columns::physical;
use crate::driver::Stmt;
use crate::store::{Session, Work};

/// The statements that have a table's rows counted from now on.
pub(crate) fn count_rows(collection: &Collection, dialect: Dialect) -> Vec<String> {
    let table = format!("\"{}\"", physical(collection.table().as_str()));
    let (id, [inserted, deleted]) = (collection.id, triggers(collection));
    match dialect {
        Dialect::Sqlite => {
            let trigger = |name: String, event: &str, row: &str, change: &str| {
                format!(
                    "CREATE TRIGGER \"{name}\" AFTER {event} ON {table} BEGIN \
                     INSERT INTO record_counts (collection_id, account_id, part, records) \
                     VALUES ('{id}', {row}.account_id, 0, {change}) \
                     ON CONFLICT (collection_id, account_id, part) \
                     DO UPDATE SET records = records + excluded.records; END"
                )
            };
            vec![trigger(inserted, "INSERT", "NEW", "1"), trigger(deleted, "DELETE", "OLD", "-1")]
        }
        Dialect::Postgres => {
            let trigger = |name: String, event: &str, rows: &str| {
                format!(
                    "CREATE TRIGGER \"{name}\" AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed \
                     FOR EACH STATEMENT EXECUTE FUNCTION sb_count_records('{id}')"
                )
            };
            vec![trigger(inserted, "INSERT", "NEW"), trigger(deleted, "DELETE", "OLD")]
        }
    }
}

/// The statements that have them counted no more.
pub(crate) fn stop(collection: &Collection, dialect: Dialect) -> Vec<String> {
    let on = match dialect {
        Dialect::Sqlite => String::new(),
        Dialect::Postgres => format!(" ON \"{}\"", physical(collection.table().as_str())),
    };
    triggers(collection).map(|name| format!("DROP TRIGGER IF EXISTS \"{name}\"{on}")).into()
}

/// The names of the triggers: by the id, since a collection's table may be renamed.
fn triggers(collection: &Collection) -> [String; 2] {
    let id = collection.id.to_string().replace('-', "");
    [format!("count_{id}_inserted"), format!("count_{id}_deleted")]
}

/// Forgets the counts of a collection, whose table goes.
pub(crate) fn forget(collection: &Collection) -> Stmt {
    let sql = "DELETE FROM record_counts WHERE collection_id = $1";
    Stmt::new(sql, vec![text(collection.id.to_string())])
}

/// How many records a collection has, in all accounts.
pub(crate) fn of_collection(collection: &Collection) -> Stmt {
    // Fails as any other statement does when there is no table.
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(records), 0) AS BIGINT) FROM record_counts WHERE collection_id = $1 \
         AND (SELECT COUNT(*) FROM (SELECT 1 FROM \"{}\" LIMIT 1) AS any_row) >= 0",
        physical(collection.table().as_str())
    );
    Stmt::new(sql, vec![text(collection.id.to_string())])
}

/// How many records are within reach, where that is all of an account or of all.
pub(super) fn of_scope(scoped: &Scoped) -> Option<Stmt> {
    if scoped.predicate().is_some() {
        return None;
    }
    let mut sql = "SELECT CAST(COALESCE(SUM(records), 0) AS BIGINT) FROM record_counts \
                   WHERE collection_id = $1"
        .to_owned();
    let mut values = vec![text(scoped.compiled().collection.id.to_string())];
    if let Tenant::Account(account) = scoped.tenant() {
        sql.push_str(" AND account_id = $2");
        values.push(text(account.to_string()));
    }
    Some(Stmt::new(sql, values))
}

fn text(value: String) -> SqlValue {
    SqlValue::String(Some(value))
}

/// Gathers the parts of backends that have ended, and drops counts of nothing.
pub(crate) async fn fold(session: &Session) -> Result<(), StoreError> {
    if session.dialect() == Dialect::Postgres {
        let sql = "WITH ended AS (
                DELETE FROM record_counts
                WHERE part <> 0 AND part NOT IN (SELECT pid FROM pg_stat_activity WHERE pid IS NOT NULL)
                RETURNING collection_id, account_id, records
            )
            INSERT INTO record_counts AS known (collection_id, account_id, part, records)
            SELECT collection_id, account_id, 0, SUM(records) FROM ended GROUP BY collection_id, account_id
            ON CONFLICT (collection_id, account_id, part)
            DO UPDATE SET records = known.records + excluded.records";
        session.connection.execute(Stmt::new(sql, Vec::new())).await?;
    }
    let sql = "DELETE FROM record_counts WHERE part = 0 AND records = 0";
    session.connection.execute(Stmt::new(sql, Vec::new())).await?;
    Ok(())
}

impl Work {
    /// Begins to count in tables that were made before records were counted.
    pub(crate) async fn count_older_tables(&self) -> Result<(), StoreError> {
        let dialect = self.session.dialect();
        let sql = match dialect {
            Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'trigger'",
            Dialect::Postgres => "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal",
        };
        let rows = self.transaction.query(Stmt::new(sql, Vec::new())).await?;
        let counted: Vec<_> = rows.into_iter().flat_map(|row| row.values).collect();
        for collection in self.session.collections().all().await? {
            let [inserted, _] = triggers(&collection);
            if counted.contains(&text(inserted)) {
                continue;
            }
            let table = format!("\"{}\"", physical(collection.table().as_str()));
            if dialect == Dialect::Postgres {
                self.transaction.script(format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")).await?;
            }
            self.transaction.execute(forget(&collection)).await?;
            let fill = format!(
                "INSERT INTO record_counts (collection_id, account_id, part, records) \
                 SELECT '{}', account_id, 0, COUNT(*) FROM {table} GROUP BY account_id",
                collection.id
            );
            self.transaction.execute(Stmt::new(fill, Vec::new())).await?;
            self.transaction.script(count_rows(&collection, dialect).join(";\n")).await?;
        }
        Ok(())
    }
}
