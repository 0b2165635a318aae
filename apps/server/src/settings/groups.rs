//! The table: every setting with its type, default and meaning.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::http::header::{HeaderName, HeaderValue};

use super::Reader;
use super::database_url::DatabaseUrl;
use super::parse::Parse;
use super::reference::Setting;
use super::secrets::Secret;
use super::values::{
    Environment, JournalMode, LogFormat, LogLevel, MailTransport, Network, Synchronous, TempStore, WebUrl,
};

/// Makes a struct of each group: how it is read, and its lines of the reference.
macro_rules! groups {
    ($(
        #[doc = $title:literal]
        $group:ident {
            $($(#[doc = $meaning:literal])+ $field:ident: $type:ty = $default:literal, $name:literal;)+
        }
    )+) => {
        $(
            #[doc = $title]
            #[derive(Debug, Clone)]
            pub struct $group {
                $($(#[doc = $meaning])+ pub $field: $type,)+
            }

            impl $group {
                pub(super) fn read(reader: &mut Reader) -> Self {
                    Self { $($field: reader.read::<$type>($name, $default),)+ }
                }
            }
        )+

        /// All groups by title.
        pub(super) const ALL: &[(&str, &[Setting])] = &[$((
            $title.trim_ascii(),
            &[$(Setting {
                name: $name,
                kind: <$type as Parse>::KIND,
                default: $default,
                meaning: concat!($($meaning),+),
            },)+],
        ),)+];
    };
}

groups! {
    /// Application
    App {
        /// The name in the replies of the root and health calls.
        name: String = "SnackBase", "APP_NAME";
        /// The version in these replies; without it, the server's own.
        version: Option<String> = "", "APP_VERSION";
        /// What the server runs for.
        environment: Environment = "development", "ENVIRONMENT";
        /// Replies to unexpected errors show the reason.
        debug: bool = "false", "DEBUG";
        /// What all paths of the API begin with.
        api_prefix: String = "/api/v1", "API_PREFIX";
        /// The address clients reach the server by; base of the SAML ACS URL. The first start takes it into
        /// the system settings as `app_url`, the base of links in mails.
        external_url: WebUrl = "http://localhost:8000", "EXTERNAL_URL";
        /// Demonstration: users of the system account cannot be changed.
        is_demo: bool = "false", "IS_DEMO";
    }

    /// Listening
    Listen {
        /// The address to listen on.
        host: String = "0.0.0.0", "HOST";
        /// The port to listen on; 0 takes a free one.
        port: u16 = "8000", "PORT";
        /// Worker processes that were asked for; SQLite allows one. One process uses all cores by itself.
        workers: NonZeroU32 = "1", "WORKERS";
        /// Address blocks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
        trusted_proxies: Vec<Network> = "", "TRUSTED_PROXIES";
    }

    /// Database
    Database {
        /// The database. The folder of a SQLite file is created.
        url: DatabaseUrl = "sqlite:///./sb_data/snackbase.db", "DATABASE_URL";
        /// PostgreSQL: connections kept open.
        pool_size: NonZeroU32 = "5", "DB_POOL_SIZE";
        /// PostgreSQL: connections above these under load.
        max_overflow: u32 = "10", "DB_MAX_OVERFLOW";
        /// PostgreSQL: how long a request waits for a connection.
        pool_timeout: Duration = "30", "DB_POOL_TIMEOUT";
        /// PostgreSQL: the age at which a connection is replaced.
        pool_recycle: Duration = "3600", "DB_POOL_RECYCLE";
        /// How long a statement that reads may take, 0 for as long as it likes. Requests whose statement takes
        /// longer are answered 400.
        statement_timeout: Duration = "30", "DB_STATEMENT_TIMEOUT";
        /// PostgreSQL: tables of records have row security, a second wall between accounts.
        row_security: bool = "true", "POSTGRES_ROW_SECURITY";
        /// Logs every statement (without its values).
        echo: bool = "false", "DB_ECHO";
        /// SQLite: `journal_mode`.
        sqlite_journal_mode: JournalMode = "WAL", "DB_SQLITE_JOURNAL_MODE";
        /// SQLite: `synchronous`. Commits are grouped, so that `FULL` costs little.
        sqlite_synchronous: Synchronous = "FULL", "DB_SQLITE_SYNCHRONOUS";
        /// SQLite: `cache_size` in pages, or in KiB when negative.
        sqlite_cache_size: i64 = "-64000", "DB_SQLITE_CACHE_SIZE";
        /// SQLite: `temp_store`.
        sqlite_temp_store: TempStore = "MEMORY", "DB_SQLITE_TEMP_STORE";
        /// SQLite: `mmap_size` in bytes.
        sqlite_mmap_size: u64 = "268435456", "DB_SQLITE_MMAP_SIZE";
        /// SQLite: `busy_timeout` in milliseconds.
        sqlite_busy_timeout: u32 = "5000", "DB_SQLITE_BUSY_TIMEOUT";
        /// SQLite: whether foreign keys are enforced.
        sqlite_foreign_keys: bool = "true", "DB_SQLITE_FOREIGN_KEYS";
    }

    /// Keys
    GivenSecrets {
        /// Signs access and refresh tokens. In production each key must be set, to at least 32 characters;
        /// elsewhere one that is not set is made up and kept in `secrets.env` of the data folder.
        secret_key: Option<Secret> = "", "SECRET_KEY";
        /// Signs API keys and the server's other tokens.
        token_secret: Option<Secret> = "", "TOKEN_SECRET";
        /// Encrypts stored secrets.
        encryption_key: Option<Secret> = "", "ENCRYPTION_KEY";
        /// Earlier values of `ENCRYPTION_KEY`. They read stored secrets until `snackbase rotate-secrets` has run,
        /// and mail that was queued before; the audit log's entries of their time are verified with them.
        encryption_key_previous: Vec<Secret> = "", "ENCRYPTION_KEY_PREVIOUS";
    }

    /// Tokens
    Tokens {
        /// Lifetime of an access token in minutes.
        access_expire_minutes: NonZeroU32 = "60", "ACCESS_TOKEN_EXPIRE_MINUTES";
        /// Lifetime of a refresh token in days.
        refresh_expire_days: NonZeroU32 = "7", "REFRESH_TOKEN_EXPIRE_DAYS";
        /// Slows down guessing of passwords and tokens.
        login_throttle_enabled: bool = "true", "LOGIN_THROTTLE_ENABLED";
    }

    /// Cross-origin requests
    Cors {
        /// Origins whose pages may call; `*` for all.
        origins: Vec<String> = "[\"http://localhost:3000\",\"http://localhost:8000\",\"http://localhost:5173\"]", "CORS_ORIGINS";
        /// Whether they may send credentials.
        allow_credentials: bool = "true", "CORS_ALLOW_CREDENTIALS";
        /// The methods they may use; `*` for all.
        allow_methods: Vec<String> = "[\"*\"]", "CORS_ALLOW_METHODS";
        /// The headers they may send; `*` for all.
        allow_headers: Vec<String> = "[\"*\"]", "CORS_ALLOW_HEADERS";
    }

    /// Log
    Logging {
        /// From which weight on events are logged.
        level: LogLevel = "INFO", "LOG_LEVEL";
        /// The form of the lines; in development always `console`.
        format: LogFormat = "json", "LOG_FORMAT";
        /// A file the lines are appended to as well.
        file: Option<PathBuf> = "", "LOG_FILE";
    }

    /// Files
    Files {
        /// Where uploaded files are kept.
        path: PathBuf = "./sb_data/files", "STORAGE_PATH";
        /// The most bytes of a file.
        max_size: u64 = "10485760", "MAX_FILE_SIZE";
        /// The types that may be uploaded.
        allowed_mime_types: Vec<String> = "[\"image/jpeg\",\"image/png\",\"image/gif\",\"image/webp\",\"application/pdf\",\"text/plain\",\"application/json\"]", "ALLOWED_MIME_TYPES";
        /// How long the next bytes of an upload are waited for.
        upload_patience: Duration = "60", "UPLOAD_PATIENCE_SECONDS";
        /// How long an upload that can be resumed is kept, in hours.
        upload_lifetime_hours: NonZeroU32 = "24", "UPLOAD_LIFETIME_HOURS";
        /// After how many days files are deleted that no record holds; 0 for never.
        unused_retention_days: u32 = "0", "FILES_UNUSED_RETENTION_DAYS";
    }

    /// Rate limits
    RateLimits {
        /// Whether requests are counted at all.
        enabled: bool = "false", "RATE_LIMIT_ENABLED";
        /// Anonymous requests a minute and address.
        per_minute: NonZeroU32 = "60", "RATE_LIMIT_PER_MINUTE";
        /// Requests an hour and caller.
        per_hour: NonZeroU32 = "1000", "RATE_LIMIT_PER_HOUR";
        /// Requests at once.
        burst: u32 = "10", "RATE_LIMIT_BURST";
        /// Requests a minute and signed-in user.
        authenticated_per_minute: NonZeroU32 = "120", "RATE_LIMIT_AUTHENTICATED_PER_MINUTE";
        /// Requests a minute for single paths, such as `{"/api/v1/auth/login": 10}`.
        endpoints: BTreeMap<String, NonZeroU32> = "{}", "RATE_LIMIT_ENDPOINTS";
    }

    /// First superadmin
    Superadmin {
        /// With the password: the superadmin made at start when there is none.
        email: Option<String> = "", "SUPERADMIN_EMAIL";
        /// That superadmin's password.
        password: Option<Secret> = "", "SUPERADMIN_PASSWORD";
    }

    /// API keys
    ApiKeys {
        /// The header that carries a key.
        header: HeaderName = "X-API-Key", "API_KEY_HEADER";
        /// The most keys of a user.
        max_per_user: u32 = "10", "API_KEY_MAX_PER_USER";
        /// Lifetime of a key in days when none is asked for; without it, unlimited.
        default_expiration_days: Option<NonZeroU32> = "", "API_KEY_DEFAULT_EXPIRATION_DAYS";
        /// Requests a minute and key, when requests are limited.
        rate_limit_per_minute: NonZeroU32 = "100", "API_KEY_RATE_LIMIT_PER_MINUTE";
    }

    /// Headers and transport
    Security {
        /// Sends the security headers.
        headers_enabled: bool = "true", "SECURITY_HEADERS_ENABLED";
        /// `max-age` of `Strict-Transport-Security` in seconds; sent in production.
        hsts_max_age: u64 = "31536000", "HSTS_MAX_AGE";
        /// `Content-Security-Policy`.
        csp_policy: HeaderValue = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'", "CSP_POLICY";
        /// `Permissions-Policy`.
        permissions_policy: HeaderValue = "geolocation=(), microphone=(), camera=(), payment=(), usb=(), magnetometer=(), gyroscope=(), accelerometer=()", "PERMISSIONS_POLICY";
        /// Sends http requests to https, in production.
        https_redirect_enabled: bool = "false", "HTTPS_REDIRECT_ENABLED";
    }

    /// Single tenant
    SingleTenant {
        /// Serves one account; users who register join it.
        enabled: bool = "false", "SINGLE_TENANT_MODE";
        /// The slug of the account, which is made at start.
        account: Option<String> = "", "SINGLE_TENANT_ACCOUNT";
        /// Its name; without one, the slug.
        account_name: Option<String> = "", "SINGLE_TENANT_ACCOUNT_NAME";
    }

    /// Audit log
    Audit {
        /// Records every change.
        enabled: bool = "true", "AUDIT_LOGGING_ENABLED";
    }

    /// Records
    Records {
        /// How many references deep `expand` goes.
        max_expand_depth: u32 = "3", "MAX_EXPAND_DEPTH";
        /// The most records of a batch.
        batch_max_size: u32 = "100", "BATCH_MAX_SIZE";
        /// The most bytes of a file of records, or of collections with their records, that is imported. It is kept in the system's temporary folder
        /// meanwhile.
        import_max_size: u64 = "1073741824", "RECORD_IMPORT_MAX_SIZE";
    }

    /// Webhooks
    Webhooks {
        /// The most webhooks of an account.
        max_per_account: u32 = "20", "MAX_WEBHOOKS_PER_ACCOUNT";
        /// How long a receiver may take.
        timeout: Duration = "30", "WEBHOOK_TIMEOUT_SECONDS";
    }

    /// Jobs
    Jobs {
        /// How long completed jobs are kept, in days.
        retention_days: u32 = "7", "JOB_RETENTION_DAYS";
        /// How often the worker looks for jobs.
        poll_interval: Duration = "1.0", "JOB_WORKER_POLL_INTERVAL";
        /// How long a job may take.
        execution_timeout: Duration = "300", "JOB_EXECUTION_TIMEOUT";
        /// Runs the worker inside the server.
        worker_enabled: bool = "true", "JOB_WORKER_ENABLED";
        /// How many jobs run at once.
        worker_concurrency: NonZeroU32 = "8", "JOB_WORKER_CONCURRENCY";
    }

    /// Scheduler
    Scheduler {
        /// Runs scheduled hooks.
        enabled: bool = "true", "SCHEDULER_ENABLED";
        /// How often the scheduler looks for what is due.
        poll_interval: Duration = "30.0", "SCHEDULER_POLL_INTERVAL";
    }

    /// Hooks
    Hooks {
        /// The most hooks of an account.
        max_per_account: u32 = "50", "MAX_HOOKS_PER_ACCOUNT";
        /// The most scheduled hooks of an account; without it, no limit of their own.
        max_scheduled_per_account: Option<u32> = "", "MAX_SCHEDULED_HOOKS_PER_ACCOUNT";
    }

    /// Custom endpoints
    Endpoints {
        /// The most custom endpoints of an account.
        max_per_account: u32 = "20", "MAX_ENDPOINTS_PER_ACCOUNT";
        /// How long a call may take.
        execution_timeout: Duration = "30", "ENDPOINT_EXECUTION_TIMEOUT_SECONDS";
    }

    /// Workflows
    Workflows {
        /// The most workflows of an account.
        max_per_account: u32 = "50", "MAX_WORKFLOWS_PER_ACCOUNT";
    }

    /// Realtime
    Realtime {
        /// Writes changes down for those who follow them, and tells them at once.
        enabled: bool = "true", "REALTIME_ENABLED";
        /// How long events can be fetched again after a lost connection, in hours.
        retention_hours: NonZeroU32 = "24", "REALTIME_RETENTION_HOURS";
        /// How often clients get a sign of life, and their tokens are looked at; who gives none for twice as
        /// long is cut off.
        heartbeat: Duration = "30", "REALTIME_HEARTBEAT_SECONDS";
        /// The most connections of a user at a node; 0 for any number.
        max_connections_per_user: u32 = "1000", "REALTIME_MAX_CONNECTIONS_PER_USER";
        /// The most connections of an account's users at a node; 0 for any number.
        max_connections_per_account: u32 = "5000", "REALTIME_MAX_CONNECTIONS_PER_ACCOUNT";
        /// The most connections at a node; 0 for any number.
        max_connections: u32 = "10000", "REALTIME_MAX_CONNECTIONS";
    }

    /// Mail
    Mail {
        /// What happens to mail for which no provider is configured: with `none` sending it fails, `console`
        /// writes it to the log and `file` into `mail` of the data folder, with their live links, so not in
        /// production; `auto` does both in development.
        transport: MailTransport = "none", "MAIL_TRANSPORT";
    }

    /// Requests of the server
    Outbound {
        /// Webhooks, hooks, mail servers and sign-in providers may be at loopback and private addresses.
        allow_private_destinations: bool = "false", "ALLOW_PRIVATE_DESTINATIONS";
    }
}
