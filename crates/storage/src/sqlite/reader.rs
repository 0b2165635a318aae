//! The threads that read. Each has a connection of its own and takes the next
//! job when it is free.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use rusqlite::Connection;
use snackbase_application::ports::StoreError;
use tokio::sync::oneshot;

use super::{classify, row};
use crate::driver::json::JsonShape;
use crate::driver::{Row, Stmt, Total, scalar};

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What a reader can be asked.
pub(super) enum Job {
    Query { stmt: Stmt, reply: Reply<Vec<Row>> },
    QueryJson { stmt: Stmt, shape: Arc<JsonShape>, reply: Reply<(Vec<u8>, u64)> },
    Page { stmt: Stmt, total: Total, reply: Reply<(Vec<Row>, u64)> },
    PageJson { stmt: Stmt, total: Total, shape: Arc<JsonShape>, reply: Reply<(Vec<u8>, u64)> },
}

/// Starts a thread for each connection; all take jobs from one queue and end
/// when it is closed.
pub(super) fn start(connections: Vec<Connection>, limit: Duration) -> Result<Sender<Job>, StoreError> {
    let (sender, jobs) = crossbeam_channel::unbounded::<Job>();
    for (n, connection) in connections.into_iter().enumerate() {
        let jobs = jobs.clone();
        let deadline = Deadline::watch(&connection, limit).map_err(classify)?;
        std::thread::Builder::new()
            .name(format!("sqlite-read-{n}"))
            .spawn(move || Reader { connection, deadline, counts: Counts::default() }.run(&jobs))
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
    }
    Ok(sender)
}

/// How many counts a reader remembers.
const MOST_COUNTS: usize = 512;

/// Counts that hold as long as nobody commits. SQLite tells by its data version.
#[derive(Default)]
struct Counts {
    version: i64,
    known: HashMap<String, u64>,
}

/// How many steps SQLite's machine takes between two looks at the clock: some
/// hundredths of a millisecond, unless a function takes long.
pub(super) const STEPS: i32 = 1_000;

/// Interrupts the statements of a connection that go on for too long.
struct Deadline {
    limit: Duration,
    /// When the present job has to end.
    ends: Arc<Mutex<Option<Instant>>>,
}

impl Deadline {
    fn watch(connection: &Connection, limit: Duration) -> rusqlite::Result<Self> {
        let ends = Arc::new(Mutex::new(None::<Instant>));
        if !limit.is_zero() {
            let watched = Arc::clone(&ends);
            let is_over = move || {
                let ends = *watched.lock().unwrap_or_else(PoisonError::into_inner);
                ends.is_some_and(|ends| Instant::now() > ends)
            };
            connection.progress_handler(STEPS, Some(is_over))?;
        }
        Ok(Self { limit, ends })
    }

    /// From now on a job has its time.
    fn restart(&self) {
        *self.ends.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now().checked_add(self.limit);
    }
}

struct Reader {
    connection: Connection,
    deadline: Deadline,
    counts: Counts,
}

impl Reader {
    fn run(mut self, jobs: &Receiver<Job>) {
        for job in jobs {
            self.deadline.restart();
            // A reply that nobody waits for any more is no error.
            match job {
                Job::Query { stmt, reply } => {
                    let _ = reply.send(row::query(&self.connection, &stmt));
                }
                Job::QueryJson { stmt, shape, reply } => {
                    let _ = reply.send(row::query_json(&self.connection, &stmt, &shape));
                }
                Job::Page { stmt, total, reply } => {
                    let _ = reply.send(self.page(&stmt, &total));
                }
                Job::PageJson { stmt, total, shape, reply } => {
                    let _ = reply.send(self.page_json(&stmt, &total, &shape));
                }
            }
        }
    }

    fn page(&mut self, stmt: &Stmt, total: &Total) -> Result<(Vec<Row>, u64), StoreError> {
        self.consistently(|reader| {
            let rows = row::query(&reader.connection, stmt)?;
            let total = reader.total(total, rows.len() as u64)?;
            Ok((rows, total))
        })
    }

    fn page_json(
        &mut self,
        stmt: &Stmt,
        total: &Total,
        shape: &JsonShape,
    ) -> Result<(Vec<u8>, u64), StoreError> {
        self.consistently(|reader| {
            let (text, rows) = row::query_json(&reader.connection, stmt, shape)?;
            Ok((text, reader.total(total, rows)?))
        })
    }

    /// Runs several statements on one state of the database.
    fn consistently<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.statement("BEGIN")?;
        let outcome = work(self);
        self.statement("COMMIT")?;
        outcome
    }

    fn statement(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(classify)?;
        Ok(())
    }

    fn total(&mut self, total: &Total, rows: u64) -> Result<u64, StoreError> {
        match total.told_by(rows) {
            Some(total) => Ok(total),
            None if total.kept => Ok(scalar(&row::query(&self.connection, &total.count)?)),
            None => self.count(&total.count),
        }
    }

    /// Counts, or remembers the count if nothing was committed since.
    fn count(&mut self, stmt: &Stmt) -> Result<u64, StoreError> {
        let version = self
            .connection
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut s| s.query_row([], |row| row.get::<_, i64>(0)))
            .map_err(classify)?;
        if version != self.counts.version || self.counts.known.len() >= MOST_COUNTS {
            self.counts.known.clear();
            self.counts.version = version;
        }
        let key = format!("{}{:?}", stmt.sql, stmt.values);
        if let Some(count) = self.counts.known.get(&key) {
            return Ok(*count);
        }
        let count = scalar(&row::query(&self.connection, stmt)?);
        self.counts.known.insert(key, count);
        Ok(count)
    }
}
