//! A store in memory: every port of repositories, held to the same contract
//! suites as the databases.
//!
//! A unit of work changes a copy of everything, which takes the place of the
//! original when it is committed. One is under way at a time; others wait.

mod accounts;
mod aggregate;
mod api_keys;
mod audit;
mod collections;
mod configurations;
mod endpoints;
mod files;
mod groups;
mod hooks;
mod idempotency;
mod invitations;
mod jobs;
mod json;
mod macros;
mod mail;
mod one_time_tokens;
mod presence;
mod realtime;
mod records;
mod references;
mod revisions;
mod roles;
pub(crate) mod row;
mod sessions;
mod state;
mod statistics;
mod tables;
mod users;
mod webhooks;

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use snackbase_application::ports::{
    AccountRepository, ApiKeyRepository, AuditLog, AutomationRepository, CollectionRepository,
    ConfigurationRepository, EmailLogRepository, EmailTemplateRepository, EndpointRepository, FileRepository,
    GroupRepository, HookRepository, IdempotencyKeys, InvitationRepository, JobQueue, MacroRepository,
    MailOutbox, OneTimeTokenRepository, PresenceRepository, RealtimeLog, RecordStore, RecordTables,
    Repositories, RevisionRepository, RoleRepository, SessionRepository, StatisticsRepository, Storage,
    StoreError, UnitOfWork, UploadRepository, UserRepository, WebhookDeliveryRepository, WebhookRepository,
};
use tokio::sync::OwnedMutexGuard;

use state::State;

/// All repositories over one state: the committed one, or a unit of work's.
#[derive(Debug, Default)]
struct Memory {
    state: Mutex<State>,
    /// Looked up records by their ids: in which collections.
    lookups: Mutex<Vec<String>>,
}

impl Memory {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn lookups(&self) -> MutexGuard<'_, Vec<String>> {
        self.lookups.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Repositories for Memory {
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

/// A store in memory, empty at first.
#[derive(Debug, Default)]
pub struct MemoryStorage {
    committed: Arc<Memory>,
    writer: Arc<tokio::sync::Mutex<()>>,
}

impl MemoryStorage {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The look-ups of records by id since the last call, outside of units of work:
    /// what was asked for and of which collection, e.g. `find_many posts`. A database
    /// takes one statement for each.
    pub fn take_lookups(&self) -> Vec<String> {
        std::mem::take(&mut *self.committed.lookups())
    }
}

#[async_trait]
impl Storage for MemoryStorage {
    fn read(&self) -> &dyn Repositories {
        &*self.committed
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let turn = Arc::clone(&self.writer).lock_owned().await;
        let copy = self.committed.state().clone();
        let work = Memory { state: Mutex::new(copy), ..Memory::default() };
        Ok(Box::new(Work {
            work,
            before_part: Mutex::default(),
            committed: Arc::clone(&self.committed),
            _turn: turn,
        }))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A unit of work.
struct Work {
    work: Memory,
    /// What everything was when the part began that is under way.
    before_part: Mutex<State>,
    committed: Arc<Memory>,
    /// Held as long as this is the one that writes.
    _turn: OwnedMutexGuard<()>,
}

#[async_trait]
impl UnitOfWork for Work {
    fn repositories(&self) -> &dyn Repositories {
        &self.work
    }

    async fn begin_part(&self) -> Result<(), StoreError> {
        *self.before_part.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = self.work.state().clone();
        Ok(())
    }

    async fn keep_part(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn undo_part(&self) -> Result<(), StoreError> {
        let before = self.before_part.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
        *self.work.state() = before;
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        *self.committed.state() = std::mem::take(&mut *self.work.state());
        Ok(())
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }
}
