//! The repositories of an audited unit of work: those whose rows are audited are
//! wrapped, the others are the store's own.

mod accounts;
mod api_keys;
mod collections;
mod configurations;
mod groups;
mod records;
mod roles;
mod users;

use super::unit::AuditedWork;
use crate::ports::{
    AccountRepository, ApiKeyRepository, AuditLog, CollectionRepository, ConfigurationRepository,
    GroupRepository, InvitationRepository, OneTimeTokenRepository, RecordStore, RecordTables, Repositories,
    RoleRepository, SessionRepository, UserRepository,
};

impl Repositories for AuditedWork {
    fn accounts(&self) -> &dyn AccountRepository {
        self
    }

    fn users(&self) -> &dyn UserRepository {
        self
    }

    fn roles(&self) -> &dyn RoleRepository {
        self
    }

    fn groups(&self) -> &dyn GroupRepository {
        self
    }

    /// Sign-ins are no changes.
    fn sessions(&self) -> &dyn SessionRepository {
        self.plain().sessions()
    }

    fn api_keys(&self) -> &dyn ApiKeyRepository {
        self
    }

    /// The log does not tell of itself.
    fn audit(&self) -> &dyn AuditLog {
        self.plain().audit()
    }

    fn one_time_tokens(&self) -> &dyn OneTimeTokenRepository {
        self.plain().one_time_tokens()
    }

    fn invitations(&self) -> &dyn InvitationRepository {
        self.plain().invitations()
    }

    fn collections(&self) -> &dyn CollectionRepository {
        self
    }

    fn configurations(&self) -> &dyn ConfigurationRepository {
        self
    }

    /// Tables follow their collections, whose rows are audited.
    fn tables(&self) -> &dyn RecordTables {
        self.plain().tables()
    }

    fn records(&self) -> &dyn RecordStore {
        self
    }
}
