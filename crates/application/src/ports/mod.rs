//! What the use cases need from outside. Adapters live in other crates; fakes
//! for tests in `snackbase-testkit`.

mod accounts;
mod api_keys;
mod audit;
mod automation;
mod collections;
mod configurations;
mod credentials;
mod cursors;
mod endpoints;
mod files;
mod groups;
mod hooks;
mod http_sender;
mod idempotency;
mod invitations;
mod jobs;
mod limits;
mod macros;
mod mail;
mod one_time_tokens;
mod presence;
mod realtime;
mod records;
mod revisions;
mod roles;
mod schema_signal;
mod secrets;
mod sessions;
mod statistics;
mod store;
mod system;
mod users;
mod webhooks;

pub use accounts::{AccountPage, AccountQuery, AccountRepository, AccountSort};
pub use api_keys::ApiKeyRepository;
pub use audit::{
    AuditEntry, AuditExtent, AuditFilter, AuditLog, AuditQuery, AuditSealer, AuditSort, QueuedChange,
};
pub use automation::{AutomationRepository, Listener, UserEvent};
pub use collections::{
    CollectionListItem, CollectionQuery, CollectionRepository, CollectionSort, RecordTables, RowsFound,
    RuleRow, SchemaDiff,
};
pub use configurations::{ConfigurationCount, ConfigurationQuery, ConfigurationRepository, ConnectionTester};
pub use credentials::{
    AccessClaims, ApiKeyClaims, ApiKeyFault, ApiKeySigner, PasswordHasher, RefreshClaims, TokenFault, Tokens,
    Verification,
};
pub use cursors::CursorSealer;
pub use endpoints::{EndpointExecutionPage, EndpointPage, EndpointQuery, EndpointRepository};
pub use files::{
    ByteSource, FileFault, FileObject, FilePage, FileQuery, FileRepository, FileRoute, FileSink, FileSort,
    FileStore, FileUpload, LinkSigner, ObjectList, ThumbFault, Thumbnailer, UploadPart, UploadRepository,
    WaitingDeletion,
};
pub use groups::GroupRepository;
pub use hooks::{HookExecutionPage, HookPage, HookQuery, HookRepository};
pub use http_sender::{HttpFault, HttpRequest, HttpResponse, HttpSender};
pub use idempotency::{AnsweredRequest, IdempotencyKeys, KeyedRequest};
pub use invitations::InvitationRepository;
pub use jobs::{JobClaim, JobCounts, JobFailure, JobHandler, JobPage, JobQuery, JobQueue};
pub use limits::{FailureCounter, Rate, RateLimiter, Taken};
pub use macros::{MACRO_SECONDS, MacroCall, MacroCaller, MacroRepository};
pub use mail::{
    EmailLogPage, EmailLogQuery, EmailLogRepository, EmailTemplateQuery, EmailTemplateRepository, MailClaim,
    MailFault, MailOutbox, MailRoute, Mailer, OutgoingMail, TemplateEngine, TemplateFault, TemplateTarget,
};
pub use one_time_tokens::{OneTimeTokenRepository, TokenGenerator};
pub use presence::{Presence, PresenceRepository};
pub use realtime::{
    LogBounds, LogEntry, LogEntryKind, NewLogEntry, RealtimeLog, RealtimeSignal, RecordOperation,
};
pub use records::{
    AggregateQuery, Group, JsonPage, ListQuery, Measure, Position, RecordCursor, RecordStore, Referring,
    SeekPage, SeekQuery, Sort, SortBy, StoredRecord,
};
pub use revisions::{RevisionRepository, SchemaRevision};
pub use roles::RoleRepository;
pub use schema_signal::SchemaSignal;
pub use secrets::{SecretBox, SecretFault};
pub use sessions::SessionRepository;
pub use statistics::{DayCounts, ProcessMemory, Statistics, StatisticsRepository, StorageUsage, Workload};
pub use store::{Repositories, Storage, StoreError, UnitOfWork};
pub use system::{Clock, IdGenerator};
pub use users::{UserPage, UserQuery, UserRepository, UserSort};
pub use webhooks::{DeliveryPage, WebhookDeliveryRepository, WebhookRepository};

#[cfg(feature = "mocks")]
pub use audit::MockAuditSealer;
#[cfg(feature = "mocks")]
pub use configurations::MockConnectionTester;
#[cfg(feature = "mocks")]
pub use credentials::{MockApiKeySigner, MockTokens};
#[cfg(feature = "mocks")]
pub use cursors::MockCursorSealer;
#[cfg(feature = "mocks")]
pub use one_time_tokens::MockTokenGenerator;
#[cfg(feature = "mocks")]
pub use secrets::MockSecretBox;
#[cfg(feature = "mocks")]
pub use system::{MockClock, MockIdGenerator};
