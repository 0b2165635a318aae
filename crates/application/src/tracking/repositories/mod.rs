//! The repositories of a unit of work that is observed: those whose changes are noted are
//! wrapped, the others are the store's own.

mod accounts;
mod api_keys;
mod automation;
mod collections;
mod configurations;
mod email_templates;
mod endpoints;
mod groups;
mod hooks;
mod invitations;
mod macros;
mod records;
mod roles;
mod sessions;
mod users;
mod webhooks;

use super::unit::TrackedWork;
use crate::ports::{
    AccountRepository, ApiKeyRepository, AuditLog, AutomationRepository, CollectionRepository,
    ConfigurationRepository, EmailLogRepository, EmailTemplateRepository, EndpointRepository, FileRepository,
    GroupRepository, HookRepository, IdempotencyKeys, InvitationRepository, JobQueue, MacroRepository,
    MailOutbox, OneTimeTokenRepository, PresenceRepository, RealtimeLog, RecordStore, RecordTables,
    Repositories, RevisionRepository, RoleRepository, SessionRepository, StatisticsRepository,
    UploadRepository, UserRepository, WebhookDeliveryRepository, WebhookRepository,
};

impl Repositories for TrackedWork {
    fn accounts(&self) -> &dyn AccountRepository {
        self
    }

    fn users(&self) -> &dyn UserRepository {
        self
    }

    fn roles(&self) -> &dyn RoleRepository {
        self
    }

    /// What records say of files is audited with the records.
    fn files(&self) -> &dyn FileRepository {
        self.plain().files()
    }

    /// Uploads under way are no changes.
    fn file_uploads(&self) -> &dyn UploadRepository {
        self.plain().file_uploads()
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

    /// Who is there changes nothing.
    fn presence(&self) -> &dyn PresenceRepository {
        self.plain().presence()
    }

    /// The log does not tell of itself.
    fn audit(&self) -> &dyn AuditLog {
        self.plain().audit()
    }

    fn collections(&self) -> &dyn CollectionRepository {
        self
    }

    fn configurations(&self) -> &dyn ConfigurationRepository {
        self
    }

    /// Keys are no changes; what they were used for is.
    fn idempotency_keys(&self) -> &dyn IdempotencyKeys {
        self.plain().idempotency_keys()
    }

    fn invitations(&self) -> &dyn InvitationRepository {
        self
    }

    /// Jobs tell of themselves; what they do is noted where they do it.
    fn jobs(&self) -> &dyn JobQueue {
        self.plain().jobs()
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

    /// Tokens are no changes; what they are used for is.
    fn one_time_tokens(&self) -> &dyn OneTimeTokenRepository {
        self.plain().one_time_tokens()
    }

    fn email_templates(&self) -> &dyn EmailTemplateRepository {
        self
    }

    /// The log of mails tells of itself.
    fn email_logs(&self) -> &dyn EmailLogRepository {
        self.plain().email_logs()
    }

    fn macros(&self) -> &dyn MacroRepository {
        self
    }

    /// What waits to be sent is no change.
    fn mail_outbox(&self) -> &dyn MailOutbox {
        self.plain().mail_outbox()
    }

    /// The history of the schema tells of itself.
    fn revisions(&self) -> &dyn RevisionRepository {
        self.plain().revisions()
    }

    /// The log does not tell of itself.
    fn realtime_log(&self) -> &dyn RealtimeLog {
        self.plain().realtime_log()
    }

    fn statistics(&self) -> &dyn StatisticsRepository {
        self.plain().statistics()
    }

    /// Tables follow their collections, whose rows are audited.
    fn tables(&self) -> &dyn RecordTables {
        self.plain().tables()
    }

    fn records(&self) -> &dyn RecordStore {
        self
    }

    fn webhooks(&self) -> &dyn WebhookRepository {
        self
    }

    /// Deliveries tell of themselves.
    fn webhook_deliveries(&self) -> &dyn WebhookDeliveryRepository {
        self.plain().webhook_deliveries()
    }
}
