//! Adapters and policies that the settings choose.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use snackbase_application::files::FilePolicy;
use snackbase_application::jobs::WorkerPolicy;
use snackbase_application::limits::RatePolicy;
use snackbase_application::ports::{Clock, FailureCounter, RateLimiter};
use snackbase_application::realtime::{ConnectionLimits, RealtimePolicy};
use snackbase_integrations::{GovernorLimiter, LocalMail, RecentFailures};
use snackbase_storage::{DatabaseOptions, PostgresOptions, SqliteOptions, Store};

use crate::settings::{DatabaseUrl, Environment, MailTransport, Settings};

/// How the database of the settings is opened.
pub(super) fn database(settings: &Settings) -> DatabaseOptions {
    let database = &settings.database;
    let sqlite = |path: std::path::PathBuf| {
        DatabaseOptions::Sqlite(SqliteOptions {
            journal_mode: database.sqlite_journal_mode.to_string(),
            synchronous: database.sqlite_synchronous.to_string(),
            cache_size: database.sqlite_cache_size,
            temp_store: database.sqlite_temp_store.to_string(),
            mmap_size: i64::try_from(database.sqlite_mmap_size).unwrap_or(i64::MAX),
            busy_timeout: database.sqlite_busy_timeout,
            foreign_keys: database.sqlite_foreign_keys,
            statement_timeout: database.statement_timeout,
            ..SqliteOptions::new(path)
        })
    };
    match &database.url {
        DatabaseUrl::SqliteFile(path) => sqlite(path.clone()),
        DatabaseUrl::SqliteMemory => DatabaseOptions::Sqlite(SqliteOptions::in_memory()),
        DatabaseUrl::Postgres(url) => DatabaseOptions::Postgres(PostgresOptions {
            max_connections: database.pool_size.get() + database.max_overflow,
            acquire_timeout: database.pool_timeout,
            max_lifetime: database.pool_recycle,
            statement_timeout: database.statement_timeout,
            row_security: database.row_security,
            ..PostgresOptions::new(url.clone())
        }),
    }
}

/// Where mail goes that has no provider.
pub(super) fn local_mail(settings: &Settings) -> Option<LocalMail> {
    let folder = settings.data_folder().join("mail");
    match settings.mail.transport {
        MailTransport::Auto if settings.app.environment == Environment::Development => {
            Some(LocalMail::to_log_and_folder(folder))
        }
        MailTransport::None | MailTransport::Auto => None,
        MailTransport::Console => Some(LocalMail::to_log()),
        MailTransport::File => Some(LocalMail::to_folder(folder)),
    }
}

/// Where requests and failures are counted: in the database where several nodes may
/// serve, else in memory.
pub(super) fn counters(
    store: &Store,
    clock: &Arc<dyn Clock>,
) -> (Arc<dyn RateLimiter>, Arc<dyn FailureCounter>) {
    match store.shared_limits(clock.clone()) {
        Some(shared) => (shared.clone(), shared),
        None => (Arc::new(GovernorLimiter::new(clock.clone())), Arc::new(RecentFailures::default())),
    }
}

/// The bounds of files.
pub(super) fn file_policy(settings: &Settings) -> FilePolicy {
    let files = &settings.files;
    FilePolicy {
        max_size: files.max_size,
        allowed_types: files.allowed_mime_types.iter().map(|kind| kind.trim().to_lowercase()).collect(),
        upload_lifetime: Duration::from_secs(u64::from(files.upload_lifetime_hours.get()) * 3600),
        unused_retention_days: files.unused_retention_days,
        base_url: format!("{}{}", settings.app.external_url.as_str(), settings.app.api_prefix),
    }
}

/// Signs of life are not sent more often than that, whatever the settings say.
const SHORTEST_HEARTBEAT: Duration = Duration::from_millis(100);

/// What the settings say of receivers.
pub(super) fn realtime_policy(settings: &Settings) -> RealtimePolicy {
    let realtime = &settings.realtime;
    RealtimePolicy {
        heartbeat: realtime.heartbeat.max(SHORTEST_HEARTBEAT),
        limits: ConnectionLimits {
            of_user: realtime.max_connections_per_user as usize,
            of_account: realtime.max_connections_per_account as usize,
            of_node: realtime.max_connections as usize,
        },
    }
}

/// The database is not asked for jobs more often than that, whatever the settings say.
const SHORTEST_POLL: Duration = Duration::from_millis(50);

/// How jobs are done.
pub(super) fn worker_policy(settings: &Settings) -> WorkerPolicy {
    let jobs = &settings.jobs;
    WorkerPolicy {
        concurrency: jobs.worker_concurrency.get() as usize,
        poll_interval: jobs.poll_interval.max(SHORTEST_POLL),
        execution_timeout: jobs.execution_timeout,
    }
}

pub(super) fn rate_policy(settings: &Settings) -> RatePolicy {
    let limits = &settings.rate_limits;
    RatePolicy {
        anonymous: limits.per_minute,
        user: limits.authenticated_per_minute,
        api_key: settings.api_keys.rate_limit_per_minute,
        per_hour: limits.per_hour,
        burst: NonZeroU32::new(limits.burst).unwrap_or(NonZeroU32::MIN),
        paths: limits.endpoints.clone(),
    }
}
