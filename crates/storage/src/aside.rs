//! Tables of deleted collections: set aside in a moment, then emptied and dropped without keeping
//! others waiting.
//!
//! PostgreSQL drops a table of any size at once, but needs a lock on the tables that it refers to
//! (`accounts` is one): it is not waited for long, since all others would wait behind. SQLite frees
//! each page of a table that it drops, so its one writer empties it in parts before.

use chrono::{DateTime, Utc};
use sea_query::Value;
use snackbase_application::ports::StoreError;
use snackbase_domain::collection::{Collection, FieldType};
use snackbase_rls::Dialect;

use crate::ddl::{all_indexes, quoted, table};
use crate::driver::{Stmt, scalar};
use crate::reach::told_all;
use crate::records::counted;
use crate::search;
use crate::store::Session;

/// How long a lock on the tables that a dropped one refers to is waited for.
const LOCK_TIMEOUT: &str = "100ms";

/// The name of a table that is set aside. Those of collections begin with `col_`.
fn name(revision: &str) -> Result<String, StoreError> {
    match !revision.is_empty() && revision.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => Ok(format!("_gone_{revision}")),
        false => Err(StoreError::Inconsistent(format!("'{revision}' is no revision"))),
    }
}

impl Session {
    pub(crate) async fn set_table_aside(
        &self,
        collection: &Collection,
        revision: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (old, new) = (table(collection), name(revision)?);
        let mut statements = Vec::new();
        if self.dialect() == Dialect::Sqlite {
            // Without an index, each row that goes would be looked for in all others.
            let own = collection.stored_fields().filter(|field| match &field.ty {
                FieldType::Reference(reference) => reference.collection == collection.name.as_str(),
                _ => false,
            });
            statements.extend(own.enumerate().map(|(number, field)| {
                let column = quoted(field.name.as_str());
                format!("CREATE INDEX \"{new}_{number}\" ON {old} ({column})")
            }));
        }
        statements.extend(counted::stop(collection, self.dialect()));
        statements.extend(search::set_aside(collection, self.dialect(), &new));
        // Their names are those of the next collection's.
        statements
            .extend(all_indexes(collection).map(|index| format!("DROP INDEX IF EXISTS {}", quoted(&index))));
        statements.push(format!("ALTER TABLE {old} RENAME TO \"{new}\""));
        self.run(statements).await?;
        self.connection.execute(counted::forget(collection)).await?;
        let now = match self.dialect() {
            Dialect::Sqlite => Value::String(Some(now.to_rfc3339())),
            Dialect::Postgres => Value::ChronoDateTimeUtc(Some(now)),
        };
        let note = match self.dialect() {
            Dialect::Sqlite => "INSERT INTO tables_aside (revision, created_at) VALUES (?, ?)",
            Dialect::Postgres => "INSERT INTO tables_aside (revision, created_at) VALUES ($1, $2)",
        };
        self.connection.execute(Stmt::new(note, vec![revision.into(), now])).await?;
        Ok(())
    }

    pub(crate) async fn tables_aside(&self) -> Result<Vec<String>, StoreError> {
        let select = Stmt::new("SELECT revision FROM tables_aside ORDER BY created_at, revision", Vec::new());
        Ok(texts(self.connection.query(select).await?))
    }

    pub(crate) async fn count_table_aside(&self, revision: &str) -> Result<u64, StoreError> {
        let all = told_all(self.dialect());
        let count = format!("SELECT COUNT(*) FROM \"{}\" WHERE {all}", name(revision)?);
        match self.connection.query(Stmt::new(count, Vec::new())).await {
            Err(StoreError::NoTable) => Ok(0),
            rows => Ok(scalar(&rows?)),
        }
    }

    pub(crate) async fn remove_table_aside(&self, revision: &str, limit: u64) -> Result<bool, StoreError> {
        let gone = name(revision)?;
        let forget = match self.dialect() {
            Dialect::Postgres => {
                self.run(vec![
                    format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"),
                    format!("DROP TABLE IF EXISTS \"{gone}\""),
                ])
                .await?;
                "DELETE FROM tables_aside WHERE revision = $1"
            }
            Dialect::Sqlite => {
                if !self.empty(&gone, limit).await? {
                    return Ok(false);
                }
                let [numbers, words] = search::asides(&gone);
                if !self.delete_some_of(&numbers, "n", limit).await? {
                    return Ok(false);
                }
                let drop = |name: &String| format!("DROP TABLE IF EXISTS \"{name}\"");
                self.run([gone, words, numbers].iter().map(drop).collect()).await?;
                "DELETE FROM tables_aside WHERE revision = ?"
            }
        };
        self.connection.execute(Stmt::new(forget, vec![revision.into()])).await?;
        Ok(true)
    }

    /// Takes rows out of a table of SQLite; whether there are no more.
    async fn empty(&self, gone: &str, limit: u64) -> Result<bool, StoreError> {
        let own =
            format!("SELECT \"from\" FROM pragma_foreign_key_list('{gone}') WHERE \"table\" = '{gone}'");
        for column in texts(self.connection.query(Stmt::new(own, Vec::new())).await?) {
            // Rows that hold each other are let go first.
            let some = format!("SELECT id FROM \"{gone}\" WHERE \"{column}\" IS NOT NULL LIMIT {limit}");
            let cut = format!("UPDATE \"{gone}\" SET \"{column}\" = NULL WHERE id IN ({some})");
            if self.connection.execute(Stmt::new(cut, Vec::new())).await? == limit {
                return Ok(false);
            }
        }
        self.delete_some_of(gone, "id", limit).await
    }

    /// Deletes rows of a table of SQLite; whether there are no more.
    async fn delete_some_of(&self, table: &str, key: &str, limit: u64) -> Result<bool, StoreError> {
        let some = format!("SELECT {key} FROM \"{table}\" LIMIT {limit}");
        let delete = format!("DELETE FROM \"{table}\" WHERE {key} IN ({some})");
        match self.connection.execute(Stmt::new(delete, Vec::new())).await {
            Ok(deleted) => Ok(deleted < limit),
            Err(StoreError::NoTable) => Ok(true),
            Err(error) => Err(error),
        }
    }
}

/// The texts of a column.
fn texts(rows: Vec<crate::driver::Row>) -> Vec<String> {
    let text = |row: crate::driver::Row| match row.values.into_iter().next() {
        Some(Value::String(text)) => text,
        _ => None,
    };
    rows.into_iter().filter_map(text).collect()
}
