//! Databases for one test each.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use snackbase_storage::{DatabaseOptions, PostgresOptions, SqliteOptions, Store};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

/// Says that a test did not take place, past the runner, which keeps to itself
/// what tests that pass print.
pub fn skipped(test: &str) {
    let mut console = std::io::stderr();
    writeln!(console, "SKIPPED {test}: TEST_POSTGRES_URL names no server").unwrap();
}

async fn open(options: DatabaseOptions) -> Arc<Store> {
    let store = Store::open(&options).await.unwrap();
    store.migrate().await.unwrap();
    Arc::new(store)
}

/// A file in a folder that goes with this.
pub struct Sqlite {
    folder: TempDir,
}

impl Sqlite {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// Opens the file, once more if it is open already.
    pub async fn open(&self) -> Arc<Store> {
        open(DatabaseOptions::Sqlite(self.options())).await
    }

    fn options(&self) -> SqliteOptions {
        SqliteOptions::new(self.folder.path().join("data/snackbase.db"))
    }

    /// The same, with a limit of time for statements that read.
    pub async fn open_limited(&self, statement_timeout: Duration) -> Arc<Store> {
        open(DatabaseOptions::Sqlite(SqliteOptions { statement_timeout, ..self.options() })).await
    }
}

/// A database on the server for tests.
pub struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    /// `None` when there is no server. A test that fails leaves its database
    /// behind, for a look at it; the next one of that name replaces it.
    pub async fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())?;
        let name =
            format!("snackbase_contract_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let database = Self { server, name };
        database.statement(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name)).await;
        database.statement(format!("CREATE DATABASE {}", database.name)).await;
        Some(database)
    }

    async fn statement(&self, sql: String) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    }

    pub fn url(&self) -> String {
        let (before, query) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let (host, _) = before.rsplit_once('/').unwrap();
        format!("{host}/{}?{query}", self.name)
    }

    pub async fn open(&self) -> Arc<Store> {
        open(DatabaseOptions::Postgres(PostgresOptions::new(self.url()))).await
    }

    /// The same, with a limit of time for statements that read.
    pub async fn open_limited(&self, statement_timeout: Duration) -> Arc<Store> {
        open(DatabaseOptions::Postgres(PostgresOptions {
            statement_timeout,
            ..PostgresOptions::new(self.url())
        }))
        .await
    }

    /// Ends every connection to the database, and waits until it has ended.
    pub async fn end_connections(&self) {
        let wait = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname";
        self.statement(format!("{wait} = '{}'", self.name)).await;
    }

    pub async fn remove(self) {
        self.statement(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
    }
}
