//! PostgreSQL: sqlx's pool.

mod connection;
mod counts;
mod held;
mod macro_limit;
mod row;
pub(crate) mod row_security;
mod signal;

use std::sync::Arc;
use std::time::Duration;

use snackbase_application::ports::StoreError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};

pub(crate) use connection::PgPoolConnection;
pub use row_security::RowSecurity;
use row_security::Wall;
pub(crate) use signal::PgSignal;

/// How a PostgreSQL database is reached.
#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgresql://user:password@host:port/database?sslmode=…`
    pub url: String,
    /// Most connections at once.
    pub max_connections: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// How long a connection lives.
    pub max_lifetime: Duration,
    /// How long a statement outside of a transaction may take; zero: as long as it likes.
    pub statement_timeout: Duration,
    /// Whether tables of records get row security.
    pub row_security: bool,
}

impl PostgresOptions {
    /// The defaults for an address.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 15,
            acquire_timeout: Duration::from_secs(30),
            max_lifetime: Duration::from_secs(3600),
            statement_timeout: Duration::from_secs(30),
            row_security: true,
        }
    }
}

impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// Opens the pool and makes sure that the database answers.
pub(crate) async fn open(options: &PostgresOptions) -> Result<Arc<PgPoolConnection>, StoreError> {
    let unavailable = |e: sqlx::Error| StoreError::Unavailable(e.to_string());
    let connect: PgConnectOptions = options.url.parse().map_err(unavailable)?;
    // Functions print and read times; they must not depend on the server's settings.
    let connect = connect.application_name("snackbase").statement_cache_capacity(256).options([
        ("timezone", "UTC"),
        ("datestyle", "ISO, YMD"),
        ("client_min_messages", "warning"),
    ]);
    let limit = options.statement_timeout.as_millis().min(i32::MAX as u128).to_string();
    let connect = connect.options([("statement_timeout", limit)]);
    // A pool tries for as long as requests may wait; a server that is not there
    // is told at once.
    let mut first = connect.connect().await.map_err(unavailable)?;
    let wall = Wall::prepare(&mut first, options.row_security).await?;
    first.close().await.map_err(unavailable)?;
    let connect = connect.options(wall.role());
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .max_lifetime(options.max_lifetime)
        .test_before_acquire(false)
        .connect_with(connect)
        .await
        .map_err(unavailable)?;
    Ok(Arc::new(PgPoolConnection::new(pool, wall)))
}

/// Sorts PostgreSQL's SQLSTATE codes into our classes (manual, appendix A).
fn classify(error: sqlx::Error) -> StoreError {
    let sqlx::Error::Database(database) = &error else {
        return match error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_) => StoreError::Unavailable(error.to_string()),
            _ => StoreError::Other(error.to_string()),
        };
    };
    match database.code().as_deref() {
        Some("23505") => {
            StoreError::Conflict { constraint: database.constraint().unwrap_or_default().to_owned() }
        }
        Some("23503" | "23001") => StoreError::ForeignKey,
        Some("42P01") => StoreError::NoTable,
        // A column that is not there, is of another type, or was so when the statement was prepared.
        Some("42703" | "42804") => StoreError::Outdated,
        // A value or an operator of another type than those that the statement was prepared for.
        Some("22P03" | "08P01" | "42883") => StoreError::Outdated,
        Some("XX000") if database.message().starts_with("unsupported jsonb version") => StoreError::Outdated,
        Some("0A000") if database.message().starts_with("cached plan") => StoreError::Outdated,
        // Nobody but the limit cancels a statement of ours.
        Some("57014") => StoreError::TimedOut,
        // Limits of the program, e.g. a row that does not fit into a page.
        Some(code) if code.starts_with("54") => StoreError::TooLarge(database.message().to_owned()),
        // A value of more than a gigabyte.
        Some("XX000") if database.message().starts_with("invalid memory alloc request size") => {
            StoreError::TooLarge(database.message().to_owned())
        }
        Some("40001" | "40P01" | "53300" | "57P01" | "57P02" | "57P03" | "55P03") => {
            StoreError::Unavailable(error.to_string())
        }
        _ => StoreError::Other(error.to_string()),
    }
}
