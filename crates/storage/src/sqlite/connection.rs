//! The readers and the writer as connections.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use crossbeam_channel::Sender;
use snackbase_application::ports::StoreError;
use snackbase_rls::Dialect;
use tokio::sync::oneshot;

use super::reader::Job;
use super::writer::{Step, Steps};
use super::{SqliteOptions, alone, row};
use crate::driver::json::JsonShape;
use crate::driver::stream::RowCursor;
use crate::driver::{Connection, Row, Stmt, Total, Transaction};

/// A pool: reads go to the readers, a write is a transaction of its own.
pub(crate) struct SqlitePool {
    readers: Sender<Job>,
    writer: Sender<Steps>,
    options: SqliteOptions,
}

impl std::fmt::Debug for SqlitePool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SqlitePool")
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the database's threads have ended".into())
}

impl SqlitePool {
    pub(super) fn new(readers: Sender<Job>, writer: Sender<Steps>, options: SqliteOptions) -> Self {
        Self { readers, writer, options }
    }

    /// A transaction; nothing happens before its first statement.
    pub fn begin(&self) -> SqliteTransaction {
        SqliteTransaction { writer: self.writer.clone(), steps: OnceLock::new() }
    }

    async fn read<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Job,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.readers.send(job(reply)).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

#[async_trait]
impl Connection for SqlitePool {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn query(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
        self.read(|reply| Job::Query { stmt, reply }).await
    }

    async fn query_alone(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
        alone::query(&self.options, stmt).await
    }

    async fn query_json(&self, stmt: Stmt, shape: Arc<JsonShape>) -> Result<(Vec<u8>, u64), StoreError> {
        self.read(|reply| Job::QueryJson { stmt, shape, reply }).await
    }

    async fn page(&self, stmt: Stmt, total: Total) -> Result<(Vec<Row>, u64), StoreError> {
        self.read(|reply| Job::Page { stmt, total, reply }).await
    }

    async fn page_json(
        &self,
        stmt: Stmt,
        total: Total,
        shape: Arc<JsonShape>,
    ) -> Result<(Vec<u8>, u64), StoreError> {
        self.read(|reply| Job::PageJson { stmt, total, shape, reply }).await
    }

    /// On a connection and a thread of its own: whoever fetches slowly keeps no reader
    /// from the others.
    async fn stream(&self, stmt: Stmt) -> Result<RowCursor, StoreError> {
        let (requests, cursor) = RowCursor::new();
        let options = self.options.clone();
        std::thread::Builder::new()
            .name("sqlite-stream".to_owned())
            .spawn(move || match super::connect(&options) {
                Ok(connection) => row::stream(&connection, &stmt, &requests),
                Err(error) => requests.fail(error),
            })
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(cursor)
    }

    async fn execute(&self, stmt: Stmt) -> Result<u64, StoreError> {
        let transaction = self.begin();
        let changed = transaction.execute(stmt).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    async fn script(&self, sql: String) -> Result<(), StoreError> {
        let transaction = self.begin();
        transaction.script(sql).await?;
        transaction.commit().await
    }
}

/// A transaction on the writer. It takes its turn with the first statement and
/// is undone when dropped.
pub(crate) struct SqliteTransaction {
    writer: Sender<Steps>,
    steps: OnceLock<Sender<Step>>,
}

impl std::fmt::Debug for SqliteTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SqliteTransaction")
    }
}

impl SqliteTransaction {
    async fn step<T>(
        &self,
        step: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Step,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let steps = self.steps.get_or_init(|| {
            let (sender, steps) = crossbeam_channel::unbounded();
            // If the writer has ended, sending the step below fails.
            let _ = self.writer.send(steps);
            sender
        });
        steps.send(step(reply)).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

#[async_trait]
impl Connection for SqliteTransaction {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn query(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
        self.step(|reply| Step::Query { stmt, reply }).await
    }

    /// Not by itself: what the transaction wrote is part of what is read.
    async fn query_alone(&self, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
        self.query(stmt).await
    }

    async fn query_json(&self, stmt: Stmt, shape: Arc<JsonShape>) -> Result<(Vec<u8>, u64), StoreError> {
        self.step(|reply| Step::QueryJson { stmt, shape, reply }).await
    }

    async fn page(&self, stmt: Stmt, total: Total) -> Result<(Vec<Row>, u64), StoreError> {
        self.step(|reply| Step::Page { stmt, total, reply }).await
    }

    async fn page_json(
        &self,
        stmt: Stmt,
        total: Total,
        shape: Arc<JsonShape>,
    ) -> Result<(Vec<u8>, u64), StoreError> {
        self.step(|reply| Step::PageJson { stmt, total, shape, reply }).await
    }

    async fn execute(&self, stmt: Stmt) -> Result<u64, StoreError> {
        self.step(|reply| Step::Execute { stmt, reply }).await
    }

    async fn execute_all(&self, statements: Vec<Stmt>) -> Result<(), StoreError> {
        self.step(|reply| Step::ExecuteAll { statements, reply }).await
    }

    async fn script(&self, sql: String) -> Result<(), StoreError> {
        self.step(|reply| Step::Script { sql, reply }).await
    }
}

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn commit(&self) -> Result<(), StoreError> {
        if self.steps.get().is_none() {
            return Ok(());
        }
        self.step(|reply| Step::Commit { reply }).await
    }

    async fn rollback(&self) -> Result<(), StoreError> {
        if self.steps.get().is_none() {
            return Ok(());
        }
        self.step(|reply| Step::Rollback { reply }).await
    }
}
