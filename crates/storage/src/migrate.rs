//! Brings the schema of the system tables to the version of this program.

use std::collections::{BTreeMap, BTreeSet};

use sea_query::Value;
use snackbase_application::ports::StoreError;
use snackbase_migrations::{Migrator, MigratorTrait, POSTGRES_FUNCTIONS};
use snackbase_rls::Dialect;

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::postgres::row_security;
use crate::store::{Session, Store, Work};

/// A migration and whether it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationInfo {
    pub name: String,
    pub applied: bool,
}

/// How far back a downgrade goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DowngradeTo {
    /// So many migrations are undone.
    Steps(u32),
    /// All after that one are undone.
    Revision(String),
}

/// Why a downgrade did not take place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DowngradeError {
    #[error("Downgrading is refused: {0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The columns of each table of the system.
type Columns = BTreeMap<String, BTreeSet<String>>;

/// Names from the database's own catalogue, in quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Work {
    /// Two nodes that start together must not create the same table twice.
    async fn lock_migrations(&self) -> Result<(), StoreError> {
        match self.session.dialect() {
            // The one writer does one transaction after the other.
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => {
                let lock = Stmt::new("SELECT pg_advisory_xact_lock(7305801)", Vec::new());
                self.transaction.query(lock).await?;
                self.transaction.as_owner().await
            }
        }
    }

    async fn columns(&self) -> Result<Columns, StoreError> {
        let sql = match self.session.dialect() {
            Dialect::Sqlite => {
                "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
            }
            Dialect::Postgres => {
                "SELECT table_name::text, column_name::text FROM information_schema.columns
                 WHERE table_schema = current_schema()"
            }
        };
        let mut tables = Columns::new();
        for row in self.transaction.query(Stmt::new(sql, Vec::new())).await? {
            if let [Value::String(Some(table)), Value::String(Some(column))] = row.values.as_slice()
                && table != "schema_migrations"
            {
                tables.entry(table.clone()).or_default().insert(column.clone());
            }
        }
        Ok(tables)
    }

    /// The columns that hold something; for a table with rows, the empty name as well.
    async fn filled(&self, tables: &Columns) -> Result<Columns, StoreError> {
        let mut filled = Columns::new();
        for (table, columns) in tables {
            let mut having = BTreeSet::new();
            let mut check = vec![(String::new(), String::new())];
            check.extend(columns.iter().map(|c| (c.clone(), format!(" WHERE {} IS NOT NULL", quoted(c)))));
            for (column, condition) in check {
                let sql = format!("SELECT 1 FROM {}{condition} LIMIT 1", data_of(table));
                if !self.transaction.query(Stmt::new(sql, Vec::new())).await?.is_empty() {
                    having.insert(column);
                } else if column.is_empty() {
                    break;
                }
            }
            filled.insert(table.clone(), having);
        }
        Ok(filled)
    }
}

/// A table, or the rows of it that hold data where its migration puts some in.
fn data_of(table: &str) -> String {
    match table {
        // The triggers that keep it go as well, and it can be counted anew.
        "record_counts" => "(SELECT * FROM record_counts WHERE FALSE) AS data".to_owned(),
        // What was told; the records themselves are elsewhere.
        "realtime_log" | "realtime_queue" | "realtime_head" | "realtime_presence" => {
            format!("(SELECT * FROM {table} WHERE 1 = 0) AS data")
        }
        // A number by which nodes see that a definition has changed.
        "automation_state" => "(SELECT * FROM automation_state WHERE 1 = 0) AS data".to_owned(),
        "audit_heads" => "(SELECT * FROM audit_heads WHERE entries > 0) AS data".to_owned(),
        // A counter, of which nothing is lost.
        "schema_version" => "(SELECT * FROM schema_version WHERE 1 = 0) AS data".to_owned(),
        _ => quoted(table),
    }
}

/// What was there and filled before, and is not there after.
fn lost(filled: &Columns, after: &Columns) -> Vec<String> {
    let mut lost = Vec::new();
    for (table, columns) in filled {
        match after.get(table) {
            None if !columns.is_empty() => lost.push(format!("table '{table}'")),
            None => {}
            Some(left) => {
                let gone = columns.iter().filter(|column| !column.is_empty() && !left.contains(*column));
                lost.extend(gone.map(|column| format!("column '{table}.{column}'")));
            }
        }
    }
    lost
}

impl Store {
    /// Applies what is missing, all or nothing; several nodes may try at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.migrate_to(None).await
    }

    /// Applies what is missing up to a migration, or all; `Inconsistent` when this program
    /// does not know it.
    pub async fn migrate_to(&self, newest: Option<&str>) -> Result<(), StoreError> {
        let work = self.work();
        work.lock_migrations().await?;
        let steps = match newest {
            None => None,
            Some(name) => Some(steps_up_to(&applied(&work.session).await?, name)?),
        };
        let files_noted = applied(&work.session).await?.iter().any(|name| name == "m0038_files");
        Migrator::up(work.session.orm(), steps).await.map_err(from_orm)?;
        if work.session.dialect() == Dialect::Postgres {
            work.transaction.script(POSTGRES_FUNCTIONS.to_owned()).await?;
        }
        if newest.is_none() {
            work.count_older_tables().await?;
            work.align_indexes().await?;
            work.index_older_tables().await?;
            work.note_files_of_older_tables(files_noted).await?;
        }
        row_security::align(&work).await?;
        work.transaction.commit().await
    }

    /// Undoes migrations, unless that would lose data; answers which ones.
    pub async fn downgrade(&self, to: &DowngradeTo) -> Result<Vec<String>, DowngradeError> {
        let work = self.work();
        work.lock_migrations().await?;
        let applied = applied(&work.session).await?;
        let refused = |text: String| DowngradeError::Refused(text);
        let steps = match to {
            DowngradeTo::Steps(steps) => *steps as usize,
            DowngradeTo::Revision(name) => match applied.iter().position(|known| known == name) {
                Some(place) => applied.len() - 1 - place,
                None => return Err(refused(format!("revision '{name}' is not applied."))),
            },
        };
        if steps == 0 || steps > applied.len() {
            return Err(refused(format!(
                "{steps} of {} applied migrations cannot be undone.",
                applied.len()
            )));
        }
        let undone = applied[applied.len() - steps..].to_vec();
        let before = work.columns().await?;
        let filled = work.filled(&before).await?;
        let count = u32::try_from(steps).map_err(|e| refused(e.to_string()))?;
        Migrator::down(work.session.orm(), Some(count)).await.map_err(from_orm)?;
        let lost = lost(&filled, &work.columns().await?);
        if !lost.is_empty() {
            work.transaction.rollback().await?;
            let lost = lost.join(", ");
            return Err(refused(format!("it would lose the data in {lost}. Restore a backup instead.")));
        }
        work.transaction.commit().await?;
        Ok(undone)
    }

    /// Whether this program knows a migration of that name.
    pub fn knows_migration(&self, name: &str) -> bool {
        Migrator::migrations().iter().any(|migration| migration.name() == name)
    }

    /// The name of the newest migration that this program knows.
    pub fn newest_migration(&self) -> String {
        Migrator::migrations().last().map(|m| m.name().to_owned()).unwrap_or_default()
    }

    /// All migrations, in order.
    pub async fn migrations(&self) -> Result<Vec<MigrationInfo>, StoreError> {
        let applied = applied(self.session()).await?;
        Ok(Migrator::get_migration_files()
            .iter()
            .map(|m| MigrationInfo {
                name: m.name().to_owned(),
                applied: applied.contains(&m.name().to_owned()),
            })
            .collect())
    }
}

/// The names of the migrations that are applied, in order.
async fn applied(session: &Session) -> Result<Vec<String>, StoreError> {
    let applied = Migrator::get_applied_migrations(session.orm()).await.map_err(from_orm)?;
    Ok(applied.iter().map(|m| m.name().to_owned()).collect())
}

/// How many migrations are missing up to that one.
fn steps_up_to(applied: &[String], name: &str) -> Result<u32, StoreError> {
    let all: Vec<_> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
    let place = all.iter().position(|known| known == name);
    let place = place.ok_or_else(|| StoreError::Inconsistent(format!("unknown revision '{name}'")))?;
    let missing = all[..=place].iter().filter(|known| !applied.contains(known)).count();
    u32::try_from(missing).map_err(|e| StoreError::Other(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DatabaseOptions, SqliteOptions};

    #[tokio::test]
    async fn a_migrated_database_can_be_opened_again() {
        let options = DatabaseOptions::Sqlite(SqliteOptions::in_memory());
        let first = Store::open(&options).await.unwrap();
        first.migrate().await.unwrap();
        let second = Store::open(&options).await.unwrap();
        second.migrate().await.unwrap();
        assert!(second.migrations().await.unwrap().iter().all(|migration| migration.applied));
    }

    async fn current(store: &Store) -> Option<String> {
        store.migrations().await.unwrap().into_iter().rfind(|m| m.applied).map(|m| m.name)
    }

    #[tokio::test]
    async fn migrations_are_undone_one_by_one_as_long_as_nothing_is_lost() {
        let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
        store.migrate().await.unwrap();
        let all: Vec<_> = store.migrations().await.unwrap().into_iter().map(|m| m.name).collect();
        for n in (1..all.len()).rev() {
            assert_eq!(store.downgrade(&DowngradeTo::Steps(1)).await.unwrap(), [all[n].clone()]);
            assert_eq!(current(&store).await.as_ref(), Some(&all[n - 1]));
        }
        store.migrate_to(Some(&all[1])).await.unwrap();
        assert_eq!(current(&store).await.as_ref(), Some(&all[1]));
        store.migrate().await.unwrap();
        assert_eq!(current(&store).await.as_ref(), all.last());
        let undone = store.downgrade(&DowngradeTo::Revision(all[0].clone())).await.unwrap();
        assert_eq!(undone, all[1..]);
        store.downgrade(&DowngradeTo::Steps(1)).await.unwrap();
        assert_eq!(current(&store).await, None);
        assert!(matches!(store.downgrade(&DowngradeTo::Steps(1)).await, Err(DowngradeError::Refused(_))));
        assert!(matches!(store.migrate_to(Some("m9999_nothing")).await, Err(StoreError::Inconsistent(_))));
    }

    #[tokio::test]
    async fn filled_tables_and_columns_are_not_undone() {
        let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
        store.migrate().await.unwrap();
        let run = async |sql: &str| {
            let work = store.work();
            work.transaction.script(sql.to_owned()).await.unwrap();
            work.transaction.commit().await.unwrap();
        };
        run("INSERT INTO accounts VALUES ('1', 'AA0001', 'one', 'One', '', '', NULL);
             INSERT INTO schema_revisions VALUES ('1', 'x', '')")
        .await;
        let refusal = async |name: &str| {
            let to = DowngradeTo::Revision(name.to_owned());
            store.downgrade(&to).await.unwrap_err().to_string()
        };
        let newest = current(&store).await;
        assert!(refusal("m0021_account_deletion").await.contains("table 'schema_revisions'"));
        assert_eq!(current(&store).await, newest, "undone as a whole");
        run("DELETE FROM schema_revisions; UPDATE accounts SET deleting_since = ''").await;
        let text = refusal("m0020_shared_limits").await;
        assert!(text.contains("column 'accounts.deleting_since'"), "{text}");
        run("UPDATE accounts SET deleting_since = NULL").await;
        store.downgrade(&DowngradeTo::Revision("m0002_api_keys".to_owned())).await.unwrap();
        assert!(refusal("nosuch").await.contains("'nosuch' is not applied"));
    }
}
