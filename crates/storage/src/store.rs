//! The store: repositories over a pool or a transaction.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use sea_orm::DatabaseConnection;
use snackbase_application::ports::{
    AccountRepository, ApiKeyRepository, AuditLog, AutomationRepository, CollectionRepository,
    ConfigurationRepository, EmailLogRepository, EmailTemplateRepository, EndpointRepository, FileRepository,
    GroupRepository, HookRepository, IdempotencyKeys, InvitationRepository, JobQueue, MacroRepository,
    MailOutbox, OneTimeTokenRepository, PresenceRepository, RealtimeLog, RealtimeSignal, RecordStore,
    RecordTables, Repositories, RevisionRepository, RoleRepository, SchemaSignal, SessionRepository,
    StatisticsRepository, Storage, StoreError, UnitOfWork, UploadRepository, UserRepository,
    WebhookDeliveryRepository, WebhookRepository,
};
use snackbase_rls::Dialect;

use crate::collections::SCHEMA_CHANNEL;
use crate::driver::{Connection, Stmt, Transaction, proxy};
use crate::postgres::{self, PgPoolConnection, PgSignal, PostgresOptions, RowSecurity};
use crate::realtime::REALTIME_CHANNEL;
use crate::sqlite::{self, SqliteOptions, SqlitePool};

/// Which database to open.
#[derive(Clone, Debug)]
pub enum DatabaseOptions {
    Sqlite(SqliteOptions),
    Postgres(PostgresOptions),
}

/// All repositories over one connection.
#[derive(Debug)]
pub(crate) struct Session {
    pub connection: Arc<dyn Connection>,
    orm: OnceLock<DatabaseConnection>,
}

impl Session {
    fn new(connection: Arc<dyn Connection>) -> Self {
        Self { connection, orm: OnceLock::new() }
    }

    /// The connection as sea-orm sees it.
    pub fn orm(&self) -> &DatabaseConnection {
        self.orm.get_or_init(|| proxy::orm(Arc::clone(&self.connection)))
    }

    pub fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }
}

impl Repositories for Session {
    fn accounts(&self) -> &dyn AccountRepository {
        self
    }

    fn users(&self) -> &dyn UserRepository {
        self
    }

    fn roles(&self) -> &dyn RoleRepository {
        self
    }

    fn files(&self) -> &dyn FileRepository {
        self
    }

    fn file_uploads(&self) -> &dyn UploadRepository {
        self
    }

    fn groups(&self) -> &dyn GroupRepository {
        self
    }

    fn sessions(&self) -> &dyn SessionRepository {
        self
    }

    fn api_keys(&self) -> &dyn ApiKeyRepository {
        self
    }

    fn audit(&self) -> &dyn AuditLog {
        self
    }

    fn one_time_tokens(&self) -> &dyn OneTimeTokenRepository {
        self
    }

    fn idempotency_keys(&self) -> &dyn IdempotencyKeys {
        self
    }

    fn invitations(&self) -> &dyn InvitationRepository {
        self
    }

    fn jobs(&self) -> &dyn JobQueue {
        self
    }

    fn automation(&self) -> &dyn AutomationRepository {
        self
    }

    fn endpoints(&self) -> &dyn EndpointRepository {
        self
    }

    fn hooks(&self) -> &dyn HookRepository {
        self
    }

    fn webhooks(&self) -> &dyn WebhookRepository {
        self
    }

    fn webhook_deliveries(&self) -> &dyn WebhookDeliveryRepository {
        self
    }

    fn email_templates(&self) -> &dyn EmailTemplateRepository {
        self
    }

    fn email_logs(&self) -> &dyn EmailLogRepository {
        self
    }

    fn macros(&self) -> &dyn MacroRepository {
        self
    }

    fn mail_outbox(&self) -> &dyn MailOutbox {
        self
    }

    fn collections(&self) -> &dyn CollectionRepository {
        self
    }

    fn configurations(&self) -> &dyn ConfigurationRepository {
        self
    }

    fn presence(&self) -> &dyn PresenceRepository {
        self
    }

    fn realtime_log(&self) -> &dyn RealtimeLog {
        self
    }

    fn tables(&self) -> &dyn RecordTables {
        self
    }

    fn records(&self) -> &dyn RecordStore {
        self
    }

    fn revisions(&self) -> &dyn RevisionRepository {
        self
    }

    fn statistics(&self) -> &dyn StatisticsRepository {
        self
    }
}

#[derive(Debug)]
enum Pool {
    Sqlite(Arc<SqlitePool>),
    Postgres(Arc<PgPoolConnection>),
}

/// A database.
#[derive(Debug)]
pub struct Store {
    pool: Pool,
    session: Session,
}

impl Store {
    /// Opens the database; the schema may still be missing (see [`Store::migrate`]).
    pub async fn open(options: &DatabaseOptions) -> Result<Self, StoreError> {
        Ok(match options {
            DatabaseOptions::Sqlite(options) => {
                let pool = sqlite::open(options)?;
                let session = Session::new(Arc::clone(&pool) as Arc<dyn Connection>);
                Self { pool: Pool::Sqlite(pool), session }
            }
            DatabaseOptions::Postgres(options) => {
                let pool = postgres::open(options).await?;
                let session = Session::new(Arc::clone(&pool) as Arc<dyn Connection>);
                Self { pool: Pool::Postgres(pool), session }
            }
        })
    }

    /// What the database itself does about rows of other accounts.
    pub fn row_security(&self) -> RowSecurity {
        match &self.pool {
            Pool::Sqlite(_) => RowSecurity::Off,
            Pool::Postgres(pool) => pool.row_security(),
        }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Word of other nodes' changes of collections. There are other nodes with PostgreSQL only.
    pub fn schema_signal(&self) -> Arc<dyn SchemaSignal> {
        match &self.pool {
            Pool::Sqlite(_) => Arc::new(NoSignal),
            Pool::Postgres(pool) => Arc::new(PgSignal::new(pool.options(), SCHEMA_CHANNEL)),
        }
    }

    /// Word of entries of the realtime log that have got their places, from all nodes with PostgreSQL.
    pub fn realtime_signal(&self) -> Arc<dyn RealtimeSignal> {
        match &self.pool {
            Pool::Sqlite(_) => Arc::new(NoSignal),
            Pool::Postgres(pool) => Arc::new(PgSignal::new(pool.options(), REALTIME_CHANNEL)),
        }
    }

    pub(crate) fn work(&self) -> Work {
        let transaction: Arc<dyn Transaction> = match &self.pool {
            Pool::Sqlite(pool) => Arc::new(pool.begin()),
            Pool::Postgres(pool) => Arc::new(pool.begin()),
        };
        let connection = Arc::clone(&transaction) as Arc<dyn Connection>;
        Work { session: Session::new(connection), transaction }
    }
}

struct NoSignal;

#[async_trait]
impl SchemaSignal for NoSignal {
    async fn changed(&self) {
        std::future::pending().await
    }
}

#[async_trait]
impl RealtimeSignal for NoSignal {
    async fn told(&self) {
        std::future::pending().await
    }
}

#[async_trait]
impl Storage for Store {
    fn read(&self) -> &dyn Repositories {
        &self.session
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(self.work()))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.session.connection.query(Stmt::new("SELECT 1", Vec::new())).await?;
        Ok(())
    }
}

/// A unit of work.
#[derive(Debug)]
pub(crate) struct Work {
    pub session: Session,
    pub transaction: Arc<dyn Transaction>,
}

impl Work {
    async fn statement(&self, sql: &str) -> Result<(), StoreError> {
        self.transaction.execute(Stmt::new(sql, Vec::new())).await.map(drop)
    }
}

#[async_trait]
impl UnitOfWork for Work {
    fn repositories(&self) -> &dyn Repositories {
        &self.session
    }

    async fn begin_part(&self) -> Result<(), StoreError> {
        self.statement("SAVEPOINT part").await
    }

    async fn keep_part(&self) -> Result<(), StoreError> {
        self.statement("RELEASE SAVEPOINT part").await
    }

    async fn undo_part(&self) -> Result<(), StoreError> {
        self.statement("ROLLBACK TO SAVEPOINT part").await?;
        self.statement("RELEASE SAVEPOINT part").await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.transaction.commit().await
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.transaction.rollback().await
    }
}
