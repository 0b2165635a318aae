//! The one thread that writes. Transactions that wait at the same time share a
//! commit, all but the first within a savepoint of their own: with `synchronous=FULL` the disk
//! is waited for once a group.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use rusqlite::Connection;
use snackbase_application::ports::{MACRO_SECONDS, StoreError};
use tokio::sync::oneshot;

use super::reader::STEPS;
use super::{classify, row};
use crate::driver::json::JsonShape;
use crate::driver::{Row, Stmt, Total, asked, scalar};

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// Most transactions of a group.
const MOST_IN_GROUP: usize = 256;
/// How long a transaction may think between two statements. The others wait for
/// it, so one that hangs is undone.
const PATIENCE: Duration = Duration::from_secs(30);

/// A step of a transaction.
pub(super) enum Step {
    Query { stmt: Stmt, reply: Reply<Vec<Row>> },
    QueryJson { stmt: Stmt, shape: Arc<JsonShape>, reply: Reply<(Vec<u8>, u64)> },
    Page { stmt: Stmt, total: Total, reply: Reply<(Vec<Row>, u64)> },
    PageJson { stmt: Stmt, total: Total, shape: Arc<JsonShape>, reply: Reply<(Vec<u8>, u64)> },
    Execute { stmt: Stmt, reply: Reply<u64> },
    ExecuteAll { statements: Vec<Stmt>, reply: Reply<()> },
    Script { sql: String, reply: Reply<()> },
    Commit { reply: Reply<()> },
    Rollback { reply: Reply<()> },
}

/// A transaction: the steps as they come. Undone when the sender goes away.
pub(super) type Steps = Receiver<Step>;

/// Starts the thread; it takes transactions in turn and ends when the queue is closed.
pub(super) fn start(connection: Connection) -> Result<Sender<Steps>, StoreError> {
    let (sender, queue) = crossbeam_channel::unbounded::<Steps>();
    std::thread::Builder::new()
        .name("sqlite-write".to_owned())
        .spawn(move || Writer { connection }.run(&queue))
        .map_err(|e| StoreError::Unavailable(e.to_string()))?;
    Ok(sender)
}

struct Writer {
    connection: Connection,
}

impl Writer {
    fn run(self, queue: &Receiver<Steps>) {
        for first in queue {
            let mut waiting = Vec::new();
            self.transaction(&first, &mut waiting);
            let mut size = 1;
            // What SQLite has undone by itself takes the whole group along.
            while size < MOST_IN_GROUP
                && (waiting.is_empty() || !self.connection.is_autocommit())
                && let Ok(next) = queue.try_recv()
            {
                self.transaction(&next, &mut waiting);
                size += 1;
            }
            if waiting.is_empty() {
                continue;
            }
            let outcome = self.statement("COMMIT");
            if let Err(error) = &outcome {
                tracing::error!(%error, "cannot commit");
                // Nothing of the group was acknowledged, so nothing is lost.
                let _ = self.statement("ROLLBACK");
            }
            for reply in waiting {
                let _ = reply.send(outcome.clone());
            }
        }
    }

    fn statement(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(classify)?;
        Ok(())
    }

    /// Runs one transaction of the group. A commit is answered after the group's.
    ///
    /// Where nothing of the group has to be kept the transaction needs no savepoint:
    /// what it changes can be undone with the whole.
    fn transaction(&self, steps: &Steps, waiting: &mut Vec<Reply<()>>) {
        let alone = waiting.is_empty();
        let begin = if alone { "BEGIN IMMEDIATE" } else { "SAVEPOINT work" };
        if let Err(error) = self.statement(begin) {
            tracing::error!(%error, "cannot begin a transaction");
            return refuse(steps, &error);
        }
        loop {
            match steps.recv_timeout(PATIENCE) {
                // A full disk, for one, makes SQLite undo everything by itself.
                Ok(step) if self.connection.is_autocommit() => {
                    let error = StoreError::Unavailable("the database has undone the transaction".into());
                    if !refuse_step(step, &error) {
                        refuse(steps, &error);
                    }
                    return;
                }
                Ok(Step::Commit { reply }) => {
                    let kept = if alone { Ok(()) } else { self.statement("RELEASE work") };
                    match kept {
                        Ok(()) => waiting.push(reply),
                        Err(error) => {
                            self.undo(alone);
                            let _ = reply.send(Err(error));
                        }
                    }
                    return;
                }
                Ok(Step::Rollback { reply }) => {
                    self.undo(alone);
                    let _ = reply.send(Ok(()));
                    return;
                }
                Ok(step) => self.step(step),
                Err(RecvTimeoutError::Disconnected) => return self.undo(alone),
                Err(RecvTimeoutError::Timeout) => {
                    tracing::error!("a transaction hangs and is undone");
                    return self.undo(alone);
                }
            }
        }
    }

    fn undo(&self, alone: bool) {
        if self.connection.is_autocommit() {
            return;
        }
        let undone = match alone {
            true => self.statement("ROLLBACK"),
            false => self.statement("ROLLBACK TO work").and_then(|()| self.statement("RELEASE work")),
        };
        if let Err(error) = undone {
            tracing::error!(%error, "cannot undo a transaction");
        }
    }

    /// Runs a statement, and cuts it off where it asks stored macros that take too long: all who write
    /// wait for them. Only what reads is cut off; else SQLite undoes the whole transaction.
    fn limited<T>(
        &self,
        stmt: &Stmt,
        run: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if !(stmt.calls_macros() && stmt.reads()) {
            return run(&self.connection);
        }
        let ends = Instant::now() + Duration::from_secs(MACRO_SECONDS);
        self.connection.progress_handler(STEPS, Some(move || Instant::now() > ends)).map_err(classify)?;
        let outcome = run(&self.connection);
        self.connection.progress_handler(0, None::<fn() -> bool>).map_err(classify)?;
        asked(outcome)
    }

    fn total(&self, total: &Total, rows: u64) -> Result<u64, StoreError> {
        match total.told_by(rows) {
            Some(total) => Ok(total),
            None => {
                let rows = self.limited(&total.count, |connection| row::query(connection, &total.count))?;
                Ok(scalar(&rows))
            }
        }
    }

    fn step(&self, step: Step) {
        let connection = &self.connection;
        match step {
            Step::Query { stmt, reply } => {
                let _ = reply.send(self.limited(&stmt, |connection| row::query(connection, &stmt)));
            }
            Step::QueryJson { stmt, shape, reply } => {
                let json = self.limited(&stmt, |connection| row::query_json(connection, &stmt, &shape));
                let _ = reply.send(json);
            }
            Step::Page { stmt, total, reply } => {
                let rows = self.limited(&stmt, |connection| row::query(connection, &stmt));
                let page = rows.and_then(|rows| {
                    let total = self.total(&total, rows.len() as u64)?;
                    Ok((rows, total))
                });
                let _ = reply.send(page);
            }
            Step::PageJson { stmt, total, shape, reply } => {
                let page = self
                    .limited(&stmt, |connection| row::query_json(connection, &stmt, &shape))
                    .and_then(|(text, rows)| Ok((text, self.total(&total, rows)?)));
                let _ = reply.send(page);
            }
            Step::Execute { stmt, reply } => {
                let _ = reply.send(row::execute(connection, &stmt));
            }
            Step::ExecuteAll { statements, reply } => {
                let outcome = statements.iter().try_for_each(|stmt| row::execute(connection, stmt).map(drop));
                let _ = reply.send(outcome);
            }
            Step::Script { sql, reply } => {
                let _ = reply.send(connection.execute_batch(&sql).map_err(classify));
            }
            Step::Commit { reply } | Step::Rollback { reply } => {
                let _ = reply.send(Err(StoreError::Other("a step out of turn".into())));
            }
        }
    }
}

/// Answers what is left of a transaction that is none.
fn refuse(steps: &Steps, error: &StoreError) {
    while let Ok(step) = steps.recv_timeout(PATIENCE)
        && !refuse_step(step, error)
    {}
}

/// Answers a step; tells whether it was the last one.
fn refuse_step(step: Step, error: &StoreError) -> bool {
    let error = error.clone();
    let last = matches!(step, Step::Commit { .. } | Step::Rollback { .. });
    match step {
        Step::Query { reply, .. } => drop(reply.send(Err(error))),
        Step::QueryJson { reply, .. } => drop(reply.send(Err(error))),
        Step::Page { reply, .. } => drop(reply.send(Err(error))),
        Step::PageJson { reply, .. } => drop(reply.send(Err(error))),
        Step::Execute { reply, .. } => drop(reply.send(Err(error))),
        Step::ExecuteAll { reply, .. } | Step::Script { reply, .. } => drop(reply.send(Err(error))),
        Step::Commit { reply } | Step::Rollback { reply } => drop(reply.send(Err(error))),
    }
    last
}
