//! A server for each test, in this process, with a database of its own.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use snackbase_application::jobs::JobHandlers;
use snackbase_application::ports::{Clock, TokenGenerator};
use snackbase_auth::{Argon2Hasher, HashCost, RandomTokens};
use snackbase_server::settings::Settings;
use snackbase_server::startup::{self, Overrides, Services};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

use crate::client::Client;

/// The superadmin that every server has, unless it is started as on a first run.
pub const SUPERADMIN_EMAIL: &str = "admin@example.com";
/// What every user signs in with.
pub const PASSWORD: &str = "Str0ng!Passw0rd";

/// Says that a test did not take place, past the runner, which keeps to itself what tests that pass print.
pub fn skipped(test: &str, reason: &str) {
    std::io::stderr().write_all(format!("SKIPPED {test}: {reason}\n").as_bytes()).unwrap();
}

/// An empty database and a folder, both gone when this is dropped.
pub struct Database {
    url: String,
    folder: TempDir,
    _postgres: Option<PostgresDatabase>,
}

impl Database {
    /// A SQLite file in the folder.
    pub fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:///{}", folder.path().join("snackbase.db").display());
        Self { url, folder, _postgres: None }
    }

    /// A database on the server that `TEST_POSTGRES_URL` names; `None` when it names none.
    pub async fn postgres() -> Option<Self> {
        let server = std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())?;
        let postgres = PostgresDatabase::create(server).await;
        Some(Self { url: postgres.url(), folder: TempDir::new().unwrap(), _postgres: Some(postgres) })
    }

    /// Its address, as the settings take it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder for files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs statements beside the server, separated by semicolons, as somebody with access to the
    /// database would; the database's own message when it refuses.
    pub async fn execute(&self, sql: &str) -> Result<(), String> {
        match self.url.strip_prefix("sqlite:///") {
            Some(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                connection.busy_timeout(Duration::from_secs(30)).unwrap();
                connection.execute_batch(sql).map_err(|error| error.to_string())
            }
            None => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                let done = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await;
                done.map(drop).map_err(|error| error.to_string())
            }
        }
    }

    /// Whether it is a SQLite file.
    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// What a server of this database is started with.
    pub fn variables(&self) -> HashMap<String, String> {
        let folder = self.folder().display();
        [
            ("HOST", "127.0.0.1".to_owned()),
            ("PORT", "0".to_owned()),
            ("DATABASE_URL", self.url.clone()),
            ("STORAGE_PATH", format!("{folder}/files")),
            ("SECRET_KEY", "a key that signs the tokens of tests".to_owned()),
            ("TOKEN_SECRET", "a key that signs the API keys of tests".to_owned()),
            ("ENCRYPTION_KEY", "a key that encrypts the secrets of tests".to_owned()),
            ("LOGIN_THROTTLE_ENABLED", "false".to_owned()),
            ("SUPERADMIN_EMAIL", SUPERADMIN_EMAIL.to_owned()),
            ("SUPERADMIN_PASSWORD", PASSWORD.to_owned()),
        ]
        .map(|(name, value)| (format!("SNACKBASE_{name}"), value))
        .into()
    }
}

/// Why a server does not start with these settings, named without their prefix, besides the usual ones.
pub fn refused_settings(others: &[(&str, &str)]) -> String {
    let mut variables = Database::sqlite().variables();
    variables.extend(others.iter().map(|(name, value)| (format!("SNACKBASE_{name}"), (*value).to_owned())));
    Settings::load(variables, None).map(|_| ()).expect_err("settings that cannot work").to_string()
}

/// A database that a test made on a PostgreSQL server.
struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    async fn create(server: String) -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("snackbase_it_{}_{number}", std::process::id());
        statement(&server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        statement(&server, format!("CREATE DATABASE {name}")).await;
        Self { server, name }
    }

    fn url(&self) -> String {
        let mut url = url::Url::parse(&self.server).unwrap();
        url.set_path(&self.name);
        url.into()
    }
}

async fn statement(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let server = self.server.clone();
        // The test's own runtime cannot wait inside a drop.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(statement(&server, sql));
        });
        if dropped.join().is_err() {
            eprintln!("database {} stays behind", self.name);
        }
    }
}

/// Tells the time, which tests can move forward.
#[derive(Default)]
pub struct MovableClock {
    ahead_seconds: AtomicI64,
}

impl MovableClock {
    /// Lets that much time pass.
    pub fn pass(&self, time: Duration) {
        self.ahead_seconds.fetch_add(i64::try_from(time.as_secs()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    #[expect(clippy::disallowed_methods, reason = "the moved time starts from the real one")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6) + TimeDelta::seconds(self.ahead_seconds.load(Ordering::SeqCst))
    }
}

/// Makes tokens as usual, and tells tests what only the mail tells.
#[derive(Default)]
pub struct OverheardTokens {
    made: Mutex<Vec<String>>,
}

impl OverheardTokens {
    fn overhear(&self, token: String) -> String {
        self.made.lock().unwrap().push(token.clone());
        token
    }

    /// All that were made, oldest first.
    pub fn made(&self) -> Vec<String> {
        self.made.lock().unwrap().clone()
    }

    /// The newest one.
    pub fn newest(&self) -> String {
        self.made().pop().expect("a token was made")
    }

    /// The n-th one, counted from one: it is made behind the reply.
    pub async fn nth(&self, n: usize) -> String {
        for _ in 0..1000 {
            if let Some(token) = self.made().get(n - 1) {
                return token.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no token {n}: {:?}", self.made());
    }
}

impl TokenGenerator for OverheardTokens {
    fn base64url(&self) -> String {
        self.overhear(RandomTokens.base64url())
    }

    fn hex(&self) -> String {
        self.overhear(RandomTokens.hex())
    }

    fn digest(&self, token: &str) -> String {
        RandomTokens.digest(token)
    }
}

/// A server that serves until it is dropped.
pub struct Server {
    base: String,
    setup_token: Option<String>,
    clock: Arc<MovableClock>,
    services: Services,
    mailed: Arc<OverheardTokens>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    /// Shared by the nodes of one database.
    database: Arc<Database>,
}

impl Server {
    /// Starts a server with the superadmin.
    pub fn start(database: Database) -> Self {
        Self::start_with(database, &[])
    }

    /// Starts a server that has no superadmin yet.
    pub fn start_first_run(database: Database) -> Self {
        Self::start_with(database, &[("SUPERADMIN_PASSWORD", "")])
    }

    /// Starts a server with other settings besides the usual ones, named without their prefix.
    pub fn start_with(database: Database, others: &[(&str, &str)]) -> Self {
        Self::start_node(Arc::new(database), others)
    }

    /// Starts a server of an embedder who has jobs done.
    pub fn start_with_handlers(
        database: Arc<Database>,
        others: &[(&str, &str)],
        job_handlers: JobHandlers,
    ) -> Self {
        Self::start_overridden(database, others, Overrides { job_handlers, ..Overrides::default() })
    }

    /// Starts another node on the same database, which must be one of PostgreSQL.
    pub fn beside(&self, others: &[(&str, &str)]) -> Self {
        Self::start_node(self.database.clone(), others)
    }

    /// Starts a server on the database that another one used before.
    pub fn start_again(database: Arc<Database>, others: &[(&str, &str)]) -> Self {
        Self::start_node(database, others)
    }

    /// Does something and ends the server at once; its database stays.
    pub async fn stop_after(self, last: impl AsyncFnOnce(&Services)) -> Arc<Database> {
        last(&self.services).await;
        self.database.clone()
    }

    fn start_node(database: Arc<Database>, others: &[(&str, &str)]) -> Self {
        Self::start_overridden(database, others, Overrides::default())
    }

    fn start_overridden(database: Arc<Database>, others: &[(&str, &str)], overrides: Overrides) -> Self {
        let mut variables = database.variables();
        variables
            .extend(others.iter().map(|(name, value)| (format!("SNACKBASE_{name}"), (*value).to_owned())));
        let settings = Settings::load(variables, None).unwrap();
        let clock = Arc::new(MovableClock::default());
        let mailed = Arc::new(OverheardTokens::default());
        let overrides = Overrides {
            clock: Some(clock.clone()),
            mailed_tokens: Some(mailed.clone()),
            hasher: Some(Arc::new(Argon2Hasher::new(HashCost::LEAST).unwrap())),
            ..overrides
        };
        let (started, starts) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let application = startup::build(settings, overrides).await.unwrap();
                let setup_token = application.setup_token().map(str::to_owned);
                let services = application.services().clone();
                started.send((application.port(), setup_token, application.handle(), services)).unwrap();
                application.run().await.unwrap();
            });
        });
        let (port, setup_token, handle, services) = starts.recv().expect("the server starts");
        Self {
            base: format!("http://127.0.0.1:{port}"),
            setup_token,
            clock,
            mailed,
            services,
            handle,
            thread: Some(thread),
            database,
        }
    }

    /// The address, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Its database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The clock of the server.
    pub fn clock(&self) -> &MovableClock {
        &self.clock
    }

    /// The use cases, for what cannot be asked over HTTP.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The tokens that it mails.
    pub fn mailed(&self) -> &OverheardTokens {
        &self.mailed
    }

    /// The word that the first-run page asks for.
    pub fn setup_token(&self) -> Option<&str> {
        self.setup_token.as_deref()
    }

    /// Somebody without credentials.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base)
    }

    /// The superadmin, signed in.
    pub async fn superadmin(&self) -> Client {
        self.anonymous().signed_in("SY0000", SUPERADMIN_EMAIL).await
    }

    /// Fails unless the server is well.
    pub async fn assert_ready(&self) {
        let reply = self.anonymous().get("/ready").await.expect(200);
        assert_eq!(reply.body["database"], "connected");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The order is sent by the call itself; what it returns only waits.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            eprintln!("the server ended in a panic");
        }
    }
}
