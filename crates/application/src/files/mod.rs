//! Files: uploaded whole or in parts, read by who may view a record that holds them.
//!
//! Bytes and rows are in two places, so each order of writing is one that a crash may cut short:
//! bytes are announced for deletion before they are written and kept by the unit of work that
//! stores their row ([`Files::announce`]); a row goes together with a note that its bytes are to
//! be deleted ([`Files::delete_due`]).

mod cleanup;
mod delete;
mod link;
mod list;
mod migrate;
mod place;
mod read;
mod resumable;
mod thumbnail;
mod upload;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use snackbase_domain::AccountId;
use tokio::sync::Notify;

pub use link::{LinkClaims, SignedLink};
pub use migrate::{Migrated, MigrationStep};
pub use resumable::{Appending, Checksum, NewUpload, Resumed};
pub use thumbnail::Thumbnail;
pub use upload::{NewFile, Uploading};

use crate::catalog::Catalog;
use crate::configuration::Configurations;
use crate::ports::{Clock, FileFault, FileStore, IdGenerator, LinkSigner, Storage, Thumbnailer};
use crate::{AppError, Kind, Refusal, Says};

/// Bounds of files.
#[derive(Clone, Debug)]
pub struct FilePolicy {
    /// The most bytes of a file.
    pub max_size: u64,
    /// The types that may be uploaded: `type/subtype` in lower case.
    pub allowed_types: Vec<String>,
    /// How long an upload that can be resumed is kept.
    pub upload_lifetime: Duration,
    /// How many days files are kept that no record holds; 0: for good.
    pub unused_retention_days: u32,
    /// What the paths of signed links begin with: address of the server and prefix of the API.
    pub base_url: String,
}

/// Uploads of an account at once.
const MOST_UPLOADS: u32 = 16;
/// Seconds after which one that found no turn may try again.
const TRY_AGAIN: u64 = 5;

/// The use cases about files.
pub struct Files {
    storage: Arc<dyn Storage>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    configurations: Arc<Configurations>,
    store: Arc<dyn FileStore>,
    thumbnailer: Arc<dyn Thumbnailer>,
    signer: Arc<dyn LinkSigner>,
    policy: FilePolicy,
    turns: Turns,
    /// Told when bytes are to be deleted.
    deletions: Notify,
}

impl Files {
    /// Wires the use cases.
    #[expect(clippy::too_many_arguments, reason = "what files need of the world")]
    pub fn new(
        storage: Arc<dyn Storage>,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        configurations: Arc<Configurations>,
        store: Arc<dyn FileStore>,
        thumbnailer: Arc<dyn Thumbnailer>,
        signer: Arc<dyn LinkSigner>,
        policy: FilePolicy,
    ) -> Self {
        let (turns, deletions) = (Turns::default(), Notify::new());
        Self {
            storage,
            catalog,
            clock,
            ids,
            configurations,
            store,
            thumbnailer,
            signer,
            policy,
            turns,
            deletions,
        }
    }

    /// The bounds that hold.
    pub fn policy(&self) -> &FilePolicy {
        &self.policy
    }
}

/// How many uploads each account has under way on this node.
#[derive(Clone, Default)]
struct Turns(Arc<Mutex<HashMap<AccountId, u32>>>);

/// An upload's turn; given back when it is dropped.
struct Turn {
    turns: Turns,
    account: AccountId,
}

impl Turns {
    fn count(&self, account: AccountId, change: impl FnOnce(&mut u32) -> bool) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let count = counts.entry(account).or_default();
        let done = change(count);
        if *count == 0 {
            counts.remove(&account);
        }
        done
    }

    fn take(&self, account: AccountId) -> Result<Turn, AppError> {
        let taken = self.count(account, |count| {
            let free = *count < MOST_UPLOADS;
            *count += u32::from(free);
            free
        });
        if taken {
            return Ok(Turn { turns: self.clone(), account });
        }
        Err(AppError::Refused(Refusal { kind: Kind::TooManyRequests, says: Says::RetryAfter(TRY_AGAIN) }))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.count(self.account, |count| {
            *count = count.saturating_sub(1);
            true
        });
    }
}

/// Why the bytes of a file could not be read.
fn unreadable(path: &str, fault: FileFault) -> AppError {
    match fault {
        FileFault::NotFound => not_found(path),
        FileFault::Unreachable(reason) => {
            tracing::error!(path, reason, "a file cannot be read");
            AppError::detail(Kind::BadGateway, "Failed to read file")
        }
        FileFault::Failed(reason) => AppError::Internal(format!("file '{path}': {reason}")),
    }
}

/// Why the bytes of a file could not be stored.
fn unwritable(fault: FileFault) -> AppError {
    tracing::error!(reason = %fault, "a file cannot be stored");
    let kind = if let FileFault::Unreachable(_) = fault { Kind::BadGateway } else { Kind::Failed };
    AppError::detail(kind, "Failed to upload file")
}

/// The file is not there, or out of the caller's reach.
fn not_found(path: &str) -> AppError {
    AppError::not_found(format!("File not found: {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_so_many_turns() {
        let turns = Turns::default();
        let (one, other) = (AccountId::SYSTEM, AccountId::new(uuid::Uuid::from_u128(1)));
        let taken: Vec<_> = (0..MOST_UPLOADS).map(|_| turns.take(one).unwrap()).collect();
        assert!(turns.take(one).is_err());
        assert!(turns.take(other).is_ok());
        drop(taken);
        assert!(turns.take(one).is_ok());
        assert!(turns.0.lock().unwrap().is_empty());
    }
}
