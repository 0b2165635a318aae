//! What both databases can do for us, below repositories: run a statement that
//! sea-query built, and give back rows or JSON text.

pub(crate) mod error;
pub(crate) mod json;
pub(crate) mod proxy;
pub(crate) mod stream;
#[cfg(test)]
mod too_large;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use sea_query::{PostgresQueryBuilder, QueryStatementWriter, SqliteQueryBuilder, Value};
use snackbase_application::ports::{MACRO_SECONDS, StoreError};
use snackbase_rls::Dialect;

use json::JsonShape;
use stream::RowCursor;

/// The function around the query of each stored macro that a rule calls.
pub(crate) const TRUTH: &str = "sb_truth";

/// A statement with its values. The SQL text never holds values of requests.
#[derive(Clone, Debug)]
pub(crate) struct Stmt {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Stmt {
    /// Builds a query for a database.
    pub fn build(dialect: Dialect, query: &impl QueryStatementWriter) -> Self {
        let (sql, values) = match dialect {
            Dialect::Sqlite => query.build(SqliteQueryBuilder),
            Dialect::Postgres => query.build(PostgresQueryBuilder),
        };
        Self { sql, values: values.0 }
    }

    /// Logs the statement, without its values, for those who want to see them all.
    pub fn log(&self) {
        tracing::debug!(target: "snackbase::sql", sql = self.sql);
    }

    /// Whether a rule of it calls stored macros.
    pub fn calls_macros(&self) -> bool {
        self.sql.contains(TRUTH)
    }

    /// Whether it only reads.
    pub fn reads(&self) -> bool {
        self.sql.starts_with("SELECT")
    }

    /// Fixed SQL with values.
    pub fn new(sql: impl Into<String>, values: Vec<Value>) -> Self {
        Self { sql: sql.into(), values }
    }
}

/// How a statement failed. Where it calls stored macros, it is their queries that fail:
/// all else is of our own making.
pub(crate) fn failed(calls_macros: bool, error: StoreError) -> StoreError {
    match error {
        StoreError::Other(text) if calls_macros => StoreError::Macro(text),
        StoreError::NoTable if calls_macros => StoreError::Macro("a table does not exist".to_owned()),
        // But for the row that is stored.
        StoreError::TooLarge(text) if calls_macros && !text.starts_with("row is too big") => {
            StoreError::Macro(text)
        }
        StoreError::Outdated if calls_macros => StoreError::Macro("a column does not exist".to_owned()),
        other => other,
    }
}

/// What became of a statement that asks stored macros within a unit of work, and was cut off when it
/// took too long.
pub(crate) fn asked<T>(outcome: Result<T, StoreError>) -> Result<T, StoreError> {
    outcome.map_err(|error| match error {
        StoreError::TimedOut => StoreError::Macro(format!("it took longer than {MACRO_SECONDS} s")),
        other => other,
    })
}

/// A row: the names of its columns, and a value for each. Nulls carry the type
/// of their column where the database tells it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub columns: Arc<[String]>,
    pub values: Vec<Value>,
}

/// The total of a list: how it is counted, and which page of the list is read with it.
#[derive(Clone, Debug)]
pub(crate) struct Total {
    pub count: Stmt,
    /// Whether the database keeps the count, so that it need not be remembered.
    pub kept: bool,
    pub skip: u64,
    pub limit: u64,
}

impl Total {
    /// The total, where the page tells it: a page that is not full is the last one.
    pub fn told_by(&self, rows: u64) -> Option<u64> {
        (rows < self.limit && (rows > 0 || self.skip == 0)).then_some(self.skip + rows)
    }
}

/// A connection: a pool that reads and writes statement by statement, or a
/// transaction.
#[async_trait]
pub(crate) trait Connection: fmt::Debug + Send + Sync {
    fn dialect(&self) -> Dialect;
    /// Whether tables of records are to have PostgreSQL's row security.
    fn has_row_security(&self) -> bool {
        false
    }
    /// Runs a statement that answers rows.
    async fn query(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError>;
    /// Runs a statement that may only read, by itself, and cuts it off after
    /// `MACRO_SECONDS`.
    async fn query_alone(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError>;
    /// Runs a statement and writes its rows as JSON text; also how many.
    async fn query_json(&self, stmt: Stmt, shape: Arc<JsonShape>) -> Result<(Vec<u8>, u64), StoreError>;
    /// Runs a statement, and finds out the total.
    async fn page(&self, stmt: Stmt, total: Total) -> Result<(Vec<Row>, u64), StoreError>;
    /// Both of `query_json` and `page`.
    async fn page_json(
        &self,
        stmt: Stmt,
        total: Total,
        shape: Arc<JsonShape>,
    ) -> Result<(Vec<u8>, u64), StoreError>;
    /// Runs a statement and lets its rows be fetched bit by bit, as of one moment. Not
    /// within a transaction, which others would wait for.
    async fn stream(&self, _stmt: Stmt) -> Result<RowCursor, StoreError> {
        Err(StoreError::Other("rows are not streamed within a transaction".into()))
    }
    /// Runs a statement that changes something; answers how many rows.
    async fn execute(&self, stmt: Stmt) -> Result<u64, StoreError>;
    /// Runs statements that change something, one after the other. Outside of a
    /// transaction each stands for itself.
    async fn execute_all(&self, statements: Vec<Stmt>) -> Result<(), StoreError> {
        for stmt in statements {
            self.execute(stmt).await?;
        }
        Ok(())
    }
    /// Runs statements without values, separated by semicolons.
    async fn script(&self, sql: String) -> Result<(), StoreError>;
}

/// A connection whose changes become durable together.
#[async_trait]
pub(crate) trait Transaction: Connection {
    /// From here on works as the owner of the tables, with the rows of all accounts in reach.
    async fn as_owner(&self) -> Result<(), StoreError> {
        Ok(())
    }
    async fn commit(&self) -> Result<(), StoreError>;
    async fn rollback(&self) -> Result<(), StoreError>;
}

/// The number in the only column of the only row.
pub(crate) fn scalar(rows: &[Row]) -> u64 {
    match rows.first().and_then(|row| row.values.first()) {
        Some(Value::BigInt(Some(n))) => u64::try_from(*n).unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_beside_a_macro_is_told_apart() {
        let too_large = |text: &str| StoreError::TooLarge(text.to_owned());
        let row = "row is too big: size 16040, maximum size 8160";
        assert_eq!(failed(true, too_large(row)), too_large(row));
        assert_eq!(
            failed(true, too_large("string or blob too big")),
            StoreError::Macro("string or blob too big".into())
        );
        assert_eq!(failed(false, too_large("string or blob too big")), too_large("string or blob too big"));
    }

    #[test]
    fn a_page_that_is_not_full_tells_the_total() {
        let total = |skip, limit| Total { count: Stmt::new("", Vec::new()), kept: false, skip, limit };
        assert_eq!(total(0, 30).told_by(0), Some(0));
        assert_eq!(total(0, 30).told_by(29), Some(29));
        assert_eq!(total(60, 30).told_by(1), Some(61));
        assert_eq!(total(0, 30).told_by(30), None);
        // Beyond the end, and nothing asked for: there may be any number.
        assert_eq!(total(60, 30).told_by(0), None);
        assert_eq!(total(0, 0).told_by(0), None);
    }
}
