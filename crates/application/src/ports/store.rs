//! Storage as a whole: reading, and units of work.

use async_trait::async_trait;

use crate::Actor;

use super::{
    AccountRepository, ApiKeyRepository, AuditLog, AutomationRepository, CollectionRepository,
    ConfigurationRepository, EmailLogRepository, EmailTemplateRepository, EndpointRepository, FileRepository,
    GroupRepository, HookRepository, IdempotencyKeys, InvitationRepository, JobQueue, MacroRepository,
    MailOutbox, OneTimeTokenRepository, PresenceRepository, RealtimeLog, RecordStore, RecordTables,
    RevisionRepository, RoleRepository, SessionRepository, StatisticsRepository, UploadRepository,
    UserRepository, WebhookDeliveryRepository, WebhookRepository,
};

/// How a store can fail. Adapters classify their driver's codes into these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A unique constraint holds something else already. Carries the index's
    /// or constraint's name, or `table.column` parts, whatever the database tells.
    #[error("a unique constraint is violated: {constraint}")]
    Conflict { constraint: String },
    /// A row refers to one that is not there, or is referred to.
    #[error("a foreign key constraint is violated")]
    ForeignKey,
    /// The table is gone: the collection was deleted meanwhile.
    #[error("the table does not exist")]
    NoTable,
    /// The table has other columns than the statement wants: the collection was changed meanwhile.
    #[error("the table has changed")]
    Outdated,
    /// The database cannot be reached or is too busy.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A statement that reads took longer than it may (`DB_STATEMENT_TIMEOUT`).
    #[error("a statement took longer than it may")]
    TimedOut,
    /// A row, a text or a statement is larger than the database takes.
    #[error("more than the database takes: {0}")]
    TooLarge(String),
    /// The store holds what the domain does not allow.
    #[error("the store is inconsistent: {0}")]
    Inconsistent(String),
    /// The query of a stored macro failed.
    #[error("a stored macro failed: {0}")]
    Macro(String),
    /// Anything else.
    #[error("the database failed: {0}")]
    Other(String),
}

/// All repositories over one connection: the pool, or a unit of work.
pub trait Repositories: Send + Sync {
    fn accounts(&self) -> &dyn AccountRepository;
    fn users(&self) -> &dyn UserRepository;
    fn roles(&self) -> &dyn RoleRepository;
    fn files(&self) -> &dyn FileRepository;
    fn file_uploads(&self) -> &dyn UploadRepository;
    fn groups(&self) -> &dyn GroupRepository;
    fn sessions(&self) -> &dyn SessionRepository;
    fn api_keys(&self) -> &dyn ApiKeyRepository;
    fn audit(&self) -> &dyn AuditLog;
    fn one_time_tokens(&self) -> &dyn OneTimeTokenRepository;
    fn idempotency_keys(&self) -> &dyn IdempotencyKeys;
    fn invitations(&self) -> &dyn InvitationRepository;
    fn jobs(&self) -> &dyn JobQueue;
    fn automation(&self) -> &dyn AutomationRepository;
    fn endpoints(&self) -> &dyn EndpointRepository;
    fn hooks(&self) -> &dyn HookRepository;
    fn email_templates(&self) -> &dyn EmailTemplateRepository;
    fn email_logs(&self) -> &dyn EmailLogRepository;
    fn macros(&self) -> &dyn MacroRepository;
    fn mail_outbox(&self) -> &dyn MailOutbox;
    fn collections(&self) -> &dyn CollectionRepository;
    fn configurations(&self) -> &dyn ConfigurationRepository;
    fn presence(&self) -> &dyn PresenceRepository;
    fn realtime_log(&self) -> &dyn RealtimeLog;
    fn tables(&self) -> &dyn RecordTables;
    fn records(&self) -> &dyn RecordStore;
    fn revisions(&self) -> &dyn RevisionRepository;
    fn statistics(&self) -> &dyn StatisticsRepository;
    fn webhooks(&self) -> &dyn WebhookRepository;
    fn webhook_deliveries(&self) -> &dyn WebhookDeliveryRepository;
}

/// A transaction. What is not committed is rolled back when it is dropped.
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// The repositories within the transaction.
    fn repositories(&self) -> &dyn Repositories;
    /// Marks a point in the transaction: a part begins, to which a failed statement is
    /// confined. Parts do not nest.
    async fn begin_part(&self) -> Result<(), StoreError>;
    /// The part has become one with the rest.
    async fn keep_part(&self) -> Result<(), StoreError>;
    /// Undoes the part; the transaction goes on as if it had not been.
    async fn undo_part(&self) -> Result<(), StoreError>;
    /// Writes down what is kept in memory until the end, so that it does not grow with
    /// the transaction.
    async fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }
    /// Makes the changes durable; they are acknowledged only after this.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
    /// Undoes the changes.
    async fn rollback(self: Box<Self>) -> Result<(), StoreError>;
}

/// The store.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Repositories for reading outside of a transaction.
    fn read(&self) -> &dyn Repositories;
    /// Begins a transaction that may write, for the system's own bookkeeping:
    /// what it changes is not audited.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;
    /// Begins a transaction for what somebody asked for. Where changes are
    /// audited, it is audited as theirs.
    async fn begin_as(&self, actor: Actor) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let _ = actor;
        self.begin().await
    }
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
