//! SQLite: reader threads and one writer thread with group commit.

mod alone;
mod connection;
mod functions;
mod reader;
mod row;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use snackbase_application::ports::StoreError;

pub(crate) use connection::SqlitePool;
pub use functions::register as register_functions;

/// How a SQLite database is opened.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// The file; its folder is made when missing.
    pub path: PathBuf,
    /// `PRAGMA journal_mode`.
    pub journal_mode: String,
    /// `PRAGMA synchronous`: with `FULL` a power cut loses nothing acknowledged.
    pub synchronous: String,
    /// `PRAGMA cache_size` of all connections together: pages, or KiB when negative.
    pub cache_size: i64,
    /// `PRAGMA temp_store` of those that read.
    pub temp_store: String,
    /// `PRAGMA mmap_size`, in bytes.
    pub mmap_size: i64,
    /// How long another process's lock is waited for, in milliseconds.
    pub busy_timeout: u32,
    /// `PRAGMA foreign_keys`.
    pub foreign_keys: bool,
    /// Threads that read.
    pub readers: usize,
    /// How long a statement of theirs may take; zero: as long as it likes.
    pub statement_timeout: Duration,
}

impl SqliteOptions {
    /// The defaults for a file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            journal_mode: "WAL".to_owned(),
            synchronous: "FULL".to_owned(),
            cache_size: -64_000,
            temp_store: "MEMORY".to_owned(),
            mmap_size: 268_435_456,
            busy_timeout: 5_000,
            foreign_keys: true,
            readers: std::thread::available_parallelism().map_or(2, |n| n.get().max(2)),
            statement_timeout: Duration::from_secs(30),
        }
    }

    /// A database in memory of its own, gone with the last connection.
    pub fn in_memory() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        // SQLite's memdb: named, so that all our connections share it.
        Self::new(format!("file:/snackbase-{n}?vfs=memdb"))
    }

    fn is_in_memory(&self) -> bool {
        self.path.to_string_lossy().ends_with("?vfs=memdb")
    }
}

/// Makes the file where it is missing, for the owner alone; SQLite gives its other
/// files the same mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let created = std::fs::OpenOptions::new().append(true).create_new(true).mode(0o600).open(path);
    match created {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::Unavailable(format!("{}: {e}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Opens the database and starts its threads.
pub(crate) fn open(options: &SqliteOptions) -> Result<Arc<SqlitePool>, StoreError> {
    let folder = options.path.parent().filter(|p| !p.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|_| !options.is_in_memory()) {
        std::fs::create_dir_all(folder)
            .map_err(|e| StoreError::Unavailable(format!("{}: {e}", folder.display())))?;
    }
    if !options.is_in_memory() {
        create_private(&options.path)?;
    }
    // What a savepoint may have to undo would grow in memory with a long transaction, and
    // each statement would walk through it.
    let writer = connect(&SqliteOptions { temp_store: "FILE".to_owned(), ..options.clone() })?;
    let writer = writer::start(writer)?;
    let readers = (0..options.readers.max(1)).map(|_| connect(options)).collect::<Result<_, _>>()?;
    let readers = reader::start(readers, options.statement_timeout)?;
    Ok(Arc::new(SqlitePool::new(readers, writer, options.clone())))
}

fn connect(options: &SqliteOptions) -> Result<rusqlite::Connection, StoreError> {
    let unavailable =
        |e: rusqlite::Error| StoreError::Unavailable(format!("cannot open {}: {e}", options.path.display()));
    let connection = rusqlite::Connection::open(&options.path).map_err(unavailable)?;
    connection.busy_timeout(Duration::from_millis(options.busy_timeout.into())).map_err(unavailable)?;
    let pragma = |name: &str, value: &dyn rusqlite::ToSql| {
        connection.pragma_update(None, name, value).map_err(unavailable)
    };
    let share = i64::try_from(options.readers + 1).unwrap_or(2);
    pragma("journal_mode", &options.journal_mode)?;
    pragma("synchronous", &options.synchronous)?;
    pragma("cache_size", &(options.cache_size / share))?;
    pragma("temp_store", &options.temp_store)?;
    pragma("mmap_size", &options.mmap_size)?;
    pragma("foreign_keys", &options.foreign_keys)?;
    // Names in double quotes are names, never text.
    let dqs = rusqlite::config::DbConfig::SQLITE_DBCONFIG_DQS_DML;
    connection.set_db_config(dqs, false).map_err(unavailable)?;
    functions::register(&connection).map_err(unavailable)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// Sorts SQLite's result codes into our classes.
fn classify(error: rusqlite::Error) -> StoreError {
    use rusqlite::ffi;
    if let rusqlite::Error::SqliteFailure(failure, message) = &error {
        let message = message.clone().unwrap_or_default();
        return match failure.extended_code {
            // Nobody but the limit interrupts a statement.
            ffi::SQLITE_INTERRUPT => StoreError::TimedOut,
            ffi::SQLITE_TOOBIG => StoreError::TooLarge(message),
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                let columns = message.split_once(": ").map_or(message.as_str(), |(_, columns)| columns);
                let constraint = columns.trim_start_matches("index '").trim_end_matches('\'');
                StoreError::Conflict { constraint: constraint.to_owned() }
            }
            // RESTRICT is enforced by a trigger of SQLite's own.
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_TRIGGER => StoreError::ForeignKey,
            _ if matches!(
                failure.code,
                rusqlite::ErrorCode::DatabaseBusy
                    | rusqlite::ErrorCode::DatabaseLocked
                    | rusqlite::ErrorCode::DiskFull
                    | rusqlite::ErrorCode::CannotOpen
            ) =>
            {
                StoreError::Unavailable(message)
            }
            _ if message.starts_with("no such table") => StoreError::NoTable,
            _ if message.starts_with("no such column") || message.contains(" has no column named ") => {
                StoreError::Outdated
            }
            _ => StoreError::Other(message),
        };
    }
    StoreError::Other(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_database_is_its_owners_alone() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("new/snackbase.db");
        drop(open(&SqliteOptions::new(&path)).unwrap());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
