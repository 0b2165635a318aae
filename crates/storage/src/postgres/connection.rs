//! The pool, and transactions on one of its connections.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use snackbase_application::ports::{MACRO_SECONDS, StoreError};
use snackbase_rls::Dialect;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor, PgConnection, PgPool, Postgres};
use tokio::sync::Mutex;

use super::counts::Counts;
use super::held::Held;
use super::macro_limit::Limit;
use super::row_security::{RowSecurity, Wall};
use super::{classify, row};
use crate::driver::json::JsonShape;
use crate::driver::stream::{BLOCK, Requests, RowCursor};
use crate::driver::{Connection, Row, Stmt, Total, Transaction, failed, scalar};

/// Statements stay prepared for the columns of their time: one that the database refuses for that reason
/// is prepared anew the next time.
async fn renew<T>(connection: &mut PgConnection, outcome: &Result<T, StoreError>) {
    if matches!(outcome, Err(StoreError::Outdated))
        && let Err(error) = connection.clear_cached_statements().await
    {
        tracing::debug!(%error, "prepared statements could not be forgotten");
    }
}

pub(super) async fn query(connection: &mut PgConnection, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
    let outcome = fetch(connection, stmt).await;
    renew(connection, &outcome).await;
    outcome
}

async fn fetch(connection: &mut PgConnection, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
    stmt.log();
    let calls_macros = stmt.calls_macros();
    let failed = |error| failed(calls_macros, classify(error));
    let arguments = row::arguments(stmt.values)?;
    let query = sqlx::query_with(AssertSqlSafe(stmt.sql), arguments);
    let mut rows = connection.fetch(query);
    let mut columns = None;
    let mut found = Vec::new();
    while let Some(next) = rows.try_next().await.map_err(failed)? {
        let columns = columns.get_or_insert_with(|| row::columns(&next));
        found.push(row::read(&next, columns)?);
    }
    Ok(found)
}

async fn query_json(
    connection: &mut PgConnection,
    stmt: Stmt,
    shape: &JsonShape,
) -> Result<(Vec<u8>, u64), StoreError> {
    let outcome = fetch_json(connection, stmt, shape).await;
    renew(connection, &outcome).await;
    outcome
}

async fn fetch_json(
    connection: &mut PgConnection,
    stmt: Stmt,
    shape: &JsonShape,
) -> Result<(Vec<u8>, u64), StoreError> {
    stmt.log();
    let calls_macros = stmt.calls_macros();
    let failed = |error| failed(calls_macros, classify(error));
    let arguments = row::arguments(stmt.values)?;
    let query = sqlx::query_with(AssertSqlSafe(stmt.sql), arguments);
    let mut rows = connection.fetch(query);
    let mut out = Vec::with_capacity(1024);
    let mut count = 0;
    while let Some(next) = rows.try_next().await.map_err(failed)? {
        row::write(&mut out, &next, shape)?;
        count += 1;
    }
    Ok((out, count))
}

/// Hands out rows as they are asked for; answers whether all were.
async fn hand_out(
    connection: &mut PgConnection,
    stmt: Stmt,
    requests: &Requests,
) -> Result<bool, StoreError> {
    stmt.log();
    let calls_macros = stmt.calls_macros();
    let failed = |error| failed(calls_macros, classify(error));
    let arguments = row::arguments(stmt.values)?;
    let mut rows = connection.fetch(sqlx::query_with(AssertSqlSafe(stmt.sql), arguments));
    let mut columns = None;
    let mut block = Vec::with_capacity(BLOCK);
    while let Some(next) = rows.try_next().await.map_err(failed)? {
        let columns = columns.get_or_insert_with(|| row::columns(&next));
        block.push(row::read(&next, columns)?);
        if block.len() == BLOCK && !requests.answer_later(std::mem::take(&mut block)).await {
            return Ok(false);
        }
    }
    if !block.is_empty() && !requests.answer_later(block).await {
        return Ok(true);
    }
    requests.answer_later(Vec::new()).await;
    Ok(true)
}

/// A page and its total, both as the transaction sees them.
async fn page(
    connection: &mut PgConnection,
    stmt: Stmt,
    total: Total,
) -> Result<(Vec<Row>, u64), StoreError> {
    let rows = query(connection, stmt).await?;
    let total = match total.told_by(rows.len() as u64) {
        Some(total) => total,
        None => scalar(&query(connection, total.count).await?),
    };
    Ok((rows, total))
}

async fn page_json(
    connection: &mut PgConnection,
    stmt: Stmt,
    total: Total,
    shape: &JsonShape,
) -> Result<(Vec<u8>, u64), StoreError> {
    let (text, rows) = query_json(connection, stmt, shape).await?;
    let total = match total.told_by(rows) {
        Some(total) => total,
        None => scalar(&query(connection, total.count).await?),
    };
    Ok((text, total))
}

async fn execute(connection: &mut PgConnection, stmt: Stmt) -> Result<u64, StoreError> {
    stmt.log();
    let calls_macros = stmt.calls_macros();
    let failed = |error| failed(calls_macros, classify(error));
    let arguments = row::arguments(stmt.values)?;
    let query = sqlx::query_with(AssertSqlSafe(stmt.sql), arguments);
    let outcome = (&mut *connection).execute(query).await.map_err(failed);
    renew(connection, &outcome).await;
    Ok(outcome?.rows_affected())
}

pub(super) async fn script(connection: &mut PgConnection, sql: String) -> Result<(), StoreError> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(classify)?;
    // A column may have another type now than when a statement about it was prepared, under the same name.
    connection.clear_cached_statements().await.map_err(classify)
}

/// The pool: each statement on whatever connection is free.
#[derive(Debug)]
pub(crate) struct PgPoolConnection {
    pool: PgPool,
    counts: Counts,
    wall: Wall,
}

impl PgPoolConnection {
    pub fn new(pool: PgPool, wall: Wall) -> Self {
        Self { pool, counts: Counts::default(), wall }
    }

    /// What the database does about rows of other accounts.
    pub fn row_security(&self) -> RowSecurity {
        self.wall.state
    }

    /// How the database is reached.
    pub fn options(&self) -> Arc<PgConnectOptions> {
        self.pool.connect_options()
    }

    /// A transaction; nothing happens before its first statement.
    pub fn begin(&self) -> PgTransaction {
        PgTransaction { pool: self.pool.clone(), wall: self.wall, state: Mutex::new(State::Idle) }
    }

    async fn connection(&self) -> Result<Held<sqlx::pool::PoolConnection<Postgres>>, StoreError> {
        self.pool.acquire().await.map(Held::new).map_err(classify)
    }
}

#[async_trait]
impl Connection for PgPoolConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn has_row_security(&self) -> bool {
        self.wall.state != RowSecurity::Off
    }

    async fn query(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
        query(&mut *self.connection().await?, stmt).await
    }

    async fn query_alone(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
        let mut transaction = self.pool.begin().await.map_err(classify)?;
        let limits = format!("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '{MACRO_SECONDS}s'");
        script(&mut transaction, limits).await?;
        let failed = |error: sqlx::Error| match error {
            sqlx::Error::Database(told) => StoreError::Macro(told.message().to_owned()),
            other => classify(other),
        };
        let asked = sqlx::query_with(AssertSqlSafe(stmt.sql), row::arguments(stmt.values)?).persistent(false);
        let outcome = transaction.fetch_all(asked).await.map_err(failed);
        transaction.rollback().await.map_err(classify)?;
        let found = outcome?;
        found.iter().map(|found| row::read(found, &row::columns(found))).collect()
    }

    async fn query_json(&self, stmt: Stmt, shape: Arc<JsonShape>) -> Result<(Vec<u8>, u64), StoreError> {
        query_json(&mut *self.connection().await?, stmt, &shape).await
    }

    async fn page(&self, stmt: Stmt, total: Total) -> Result<(Vec<Row>, u64), StoreError> {
        let mut connection = self.connection().await?;
        let rows = query(&mut connection, stmt).await?;
        let total = match total.told_by(rows.len() as u64) {
            Some(total) => total,
            None if total.kept => scalar(&query(&mut connection, total.count).await?),
            None => self.counts.count(&mut connection, total.count).await?,
        };
        Ok((rows, total))
    }

    async fn page_json(
        &self,
        stmt: Stmt,
        total: Total,
        shape: Arc<JsonShape>,
    ) -> Result<(Vec<u8>, u64), StoreError> {
        let mut connection = self.connection().await?;
        let (text, rows) = query_json(&mut connection, stmt, &shape).await?;
        let total = match total.told_by(rows) {
            Some(total) => total,
            None if total.kept => scalar(&query(&mut connection, total.count).await?),
            None => self.counts.count(&mut connection, total.count).await?,
        };
        Ok((text, total))
    }

    /// On a connection of the pool, which the server sends no more than is fetched.
    async fn stream(&self, stmt: Stmt) -> Result<RowCursor, StoreError> {
        let mut connection = self.connection().await?;
        let (requests, cursor) = RowCursor::new();
        tokio::spawn(async move {
            match hand_out(&mut connection, stmt, &requests).await {
                Ok(true) => {}
                // What is left of the rows is not worth reading.
                Ok(false) => connection.close_on_drop(),
                Err(error) => {
                    connection.close_on_drop();
                    requests.fail_later(error).await;
                }
            }
        });
        Ok(cursor)
    }

    async fn execute(&self, stmt: Stmt) -> Result<u64, StoreError> {
        execute(&mut *self.connection().await?, stmt).await
    }

    async fn script(&self, sql: String) -> Result<(), StoreError> {
        script(&mut *self.connection().await?, self.wall.by_owner(sql)).await
    }
}

#[derive(Debug)]
enum State {
    /// No statement yet: no connection is held.
    Idle,
    Open(Held<sqlx::Transaction<'static, Postgres>>),
    Ended,
}

/// A transaction. It takes a connection with its first statement; dropped, it is
/// undone before the connection serves somebody else.
#[derive(Debug)]
pub(crate) struct PgTransaction {
    pool: PgPool,
    wall: Wall,
    state: Mutex<State>,
}

#[async_trait]
impl Connection for PgTransaction {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn has_row_security(&self) -> bool {
        self.wall.state != RowSecurity::Off
    }

    async fn query(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
        let mut state = self.state.lock().await;
        let (connection, limit) = (open(&self.pool, &mut state).await?, Limit::of(&stmt));
        limit.begin(connection).await?;
        let outcome = query(connection, stmt).await;
        limit.end(connection, outcome).await
    }

    /// Not by itself: what the transaction wrote is part of what is read.
    async fn query_alone(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
        self.query(stmt).await
    }

    async fn query_json(&self, stmt: Stmt, shape: Arc<JsonShape>) -> Result<(Vec<u8>, u64), StoreError> {
        let mut state = self.state.lock().await;
        let (connection, limit) = (open(&self.pool, &mut state).await?, Limit::of(&stmt));
        limit.begin(connection).await?;
        let outcome = query_json(connection, stmt, &shape).await;
        limit.end(connection, outcome).await
    }

    async fn page(&self, stmt: Stmt, total: Total) -> Result<(Vec<Row>, u64), StoreError> {
        let mut state = self.state.lock().await;
        let connection = open(&self.pool, &mut state).await?;
        // A page and its total have the same rule.
        let limit = Limit::of(&total.count);
        limit.begin(connection).await?;
        let outcome = page(connection, stmt, total).await;
        limit.end(connection, outcome).await
    }

    async fn page_json(
        &self,
        stmt: Stmt,
        total: Total,
        shape: Arc<JsonShape>,
    ) -> Result<(Vec<u8>, u64), StoreError> {
        let mut state = self.state.lock().await;
        let connection = open(&self.pool, &mut state).await?;
        let limit = Limit::of(&total.count);
        limit.begin(connection).await?;
        let outcome = page_json(connection, stmt, total, &shape).await;
        limit.end(connection, outcome).await
    }

    async fn execute(&self, stmt: Stmt) -> Result<u64, StoreError> {
        let mut state = self.state.lock().await;
        let (connection, limit) = (open(&self.pool, &mut state).await?, Limit::of(&stmt));
        limit.begin(connection).await?;
        let outcome = execute(connection, stmt).await;
        limit.end(connection, outcome).await
    }

    async fn script(&self, sql: String) -> Result<(), StoreError> {
        let mut state = self.state.lock().await;
        script(open(&self.pool, &mut state).await?, self.wall.by_owner(sql)).await
    }
}

/// The limit of time is for statements that read. What a transaction does, such as
/// making an index, may take as long as it needs, unless it asks stored macros.
const BEGIN: &str = "BEGIN; SET LOCAL statement_timeout = 0";

/// The connection of a transaction, begun when it is not yet.
async fn open<'a>(pool: &PgPool, state: &'a mut State) -> Result<&'a mut PgConnection, StoreError> {
    if matches!(state, State::Idle) {
        *state = State::Open(Held::new(pool.begin_with(BEGIN).await.map_err(classify)?));
    }
    match state {
        State::Open(transaction) => Ok(&mut ***transaction),
        State::Idle | State::Ended => Err(StoreError::Other("the transaction has ended".into())),
    }
}

#[async_trait]
impl Transaction for PgTransaction {
    async fn as_owner(&self) -> Result<(), StoreError> {
        self.query(Stmt::new(self.wall.owner(), Vec::new())).await.map(drop)
    }

    async fn commit(&self) -> Result<(), StoreError> {
        match std::mem::replace(&mut *self.state.lock().await, State::Ended) {
            State::Open(transaction) => transaction.into_inner().commit().await.map_err(classify),
            State::Idle | State::Ended => Ok(()),
        }
    }

    async fn rollback(&self) -> Result<(), StoreError> {
        match std::mem::replace(&mut *self.state.lock().await, State::Ended) {
            State::Open(transaction) => transaction.into_inner().rollback().await.map_err(classify),
            State::Idle | State::Ended => Ok(()),
        }
    }
}
