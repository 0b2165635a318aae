//! Units of work that write down what they change.
//!
//! [`AuditedStorage`] stands between the use cases and the store. The repositories
//! of a unit of work that somebody asked for ([`Storage::begin_as`]) are wrapped:
//! each notes what it changes, and committing writes the notes to the audit log's
//! queue in the same transaction. A use case cannot forget it, and a new repository
//! does not compile without saying what of it is audited.
//!
//! The chain has one end, for which all who write would wait from their last
//! statement to the end of their commit. So a change gets its place in the chain a
//! moment after it was committed, together with others; until then it stands in the
//! queue under a seal of its own.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use snackbase_domain::audit::{AuditOperation, Cell, Change, HIDDEN, is_secret_column};
use snackbase_domain::{AccountId, UserId};

use tokio::sync::Notify;

use super::chain;
use crate::ports::{AuditSealer, Clock, Repositories, Storage, StoreError, UnitOfWork};
use crate::{Actor, AppError, AuthMethod, Origin};

/// A store whose changes on somebody's behalf are audited.
pub struct AuditedStorage {
    inner: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    sealer: Arc<dyn AuditSealer>,
    queued: Arc<Notify>,
}

impl AuditedStorage {
    /// Puts the audit log around a store. `queued` is told when changes wait for
    /// their places in the chain.
    pub fn new(
        inner: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        sealer: Arc<dyn AuditSealer>,
        queued: Arc<Notify>,
    ) -> Self {
        Self { inner, clock, sealer, queued }
    }
}

#[async_trait]
impl Storage for AuditedStorage {
    fn read(&self) -> &dyn Repositories {
        self.inner.read()
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.inner.begin().await
    }

    async fn begin_as(&self, actor: Actor) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = self.inner.begin().await?;
        let (user, origin) = match actor {
            Actor::Nobody => return Ok(inner),
            Actor::Affected(origin) => (OnceLock::new(), origin),
            Actor::User(principal) => {
                let who = Who {
                    user_id: principal.user_id,
                    email: principal.email.clone(),
                    account_id: principal.account_id,
                    method: match principal.method {
                        AuthMethod::AccessToken => "jwt",
                        AuthMethod::ApiKey => "api_key",
                    },
                };
                (OnceLock::from(who), principal.origin)
            }
        };
        Ok(Box::new(AuditedWork {
            inner,
            trail: Trail { user, origin, notes: Mutex::default() },
            now: self.clock.now().trunc_subsecs(6),
            sealer: self.sealer.clone(),
            queued: self.queued.clone(),
            flushed: AtomicBool::new(false),
        }))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }
}

/// The user that changes are audited as.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub user_id: UserId,
    pub email: String,
    pub account_id: AccountId,
    pub method: &'static str,
}

/// A changed row, not linked to the log yet.
#[derive(Clone, Debug)]
pub(super) struct Note {
    /// The row's own account, if it has one.
    pub account_id: Option<AccountId>,
    pub operation: AuditOperation,
    pub table_name: Cow<'static, str>,
    pub record_id: String,
    /// Column, value before, value after.
    pub cells: Vec<(Cow<'static, str>, Option<String>, Option<String>)>,
}

/// What a unit of work has changed so far, and for whom.
pub(super) struct Trail {
    /// Unknown at first where the user is the one that is changed.
    user: OnceLock<Who>,
    origin: Arc<Origin>,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    all: Vec<Note>,
    /// How many there were when the part began that is under way.
    before_part: usize,
}

impl Trail {
    /// Notes a change; one without columns is none.
    pub fn note(&self, note: Note) {
        if !note.cells.is_empty() {
            self.notes().all.push(note);
        }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Tells who is affected, where nobody is signed in. The first one counts.
    pub fn affects(&self, user: UserId, email: &str, account: AccountId) {
        self.user.get_or_init(|| Who {
            user_id: user,
            email: email.to_owned(),
            account_id: account,
            method: "anonymous",
        });
    }

    /// The changes, as somebody's; none when nobody is known.
    fn changes(&self, now: DateTime<Utc>) -> Vec<Change> {
        let notes = std::mem::take(&mut *self.notes()).all;
        let Some(who) = self.user.get() else {
            return Vec::new();
        };
        notes.into_iter().map(|note| self.change(note, who, now)).collect()
    }

    fn change(&self, note: Note, who: &Who, now: DateTime<Utc>) -> Change {
        let cells = note.cells.into_iter().map(|(column, old, new)| {
            let secret = is_secret_column(&column);
            let shown = |value: Option<String>| match secret {
                true => value.map(|_| HIDDEN.to_owned()),
                false => value,
            };
            Cell {
                id: 0,
                column_name: column.into_owned(),
                old_value: shown(old),
                new_value: shown(new),
                checksum: String::new(),
            }
        });
        Change {
            id: 0,
            account_id: note.account_id.unwrap_or(who.account_id),
            account_sequence: 0,
            operation: note.operation,
            table_name: note.table_name.into_owned(),
            record_id: note.record_id,
            user_id: who.user_id,
            user_email: who.email.clone(),
            auth_method: who.method.to_owned(),
            signature: None,
            ip_address: self.origin.address.map(|address| address.to_string()),
            user_agent: self.origin.user_agent.clone(),
            request_id: self.origin.request_id.as_deref().map(|id| shortened(id).to_owned()),
            occurred_at: now,
            cells: cells.collect(),
            seal: String::new(),
        }
    }
}

/// The first 36 characters, as many as the log keeps of a request's id.
fn shortened(id: &str) -> &str {
    id.char_indices().nth(36).map_or(id, |(end, _)| &id[..end])
}

/// A unit of work that notes what it changes.
pub(super) struct AuditedWork {
    inner: Box<dyn UnitOfWork>,
    pub trail: Trail,
    now: DateTime<Utc>,
    sealer: Arc<dyn AuditSealer>,
    queued: Arc<Notify>,
    /// Whether some notes are in the queue already.
    flushed: AtomicBool,
}

/// Why a change is undone that the log could not take.
fn unaudited(error: AppError) -> StoreError {
    match error {
        AppError::Store(error @ StoreError::Unavailable(_)) => error,
        // No conflict of the caller's, whatever class the store gives it.
        other => StoreError::Other(format!("the change cannot be audited: {other}")),
    }
}

impl AuditedWork {
    /// The repositories without the audit.
    pub fn plain(&self) -> &dyn Repositories {
        self.inner.repositories()
    }

    /// Holds a row that is about to be changed, so that what is read of it before is
    /// what the change replaces, and the log's values follow each other.
    pub async fn hold(&self, table: &str, id: impl ToString) -> Result<(), StoreError> {
        self.plain().audit().hold_row(table, &id.to_string()).await
    }
}

#[async_trait]
impl UnitOfWork for AuditedWork {
    fn repositories(&self) -> &dyn Repositories {
        self
    }

    async fn begin_part(&self) -> Result<(), StoreError> {
        {
            let mut notes = self.trail.notes();
            notes.before_part = notes.all.len();
        }
        self.inner.begin_part().await
    }

    async fn keep_part(&self) -> Result<(), StoreError> {
        self.inner.keep_part().await
    }

    async fn undo_part(&self) -> Result<(), StoreError> {
        {
            let mut notes = self.trail.notes();
            let kept = notes.before_part;
            notes.all.truncate(kept);
        }
        self.inner.undo_part().await
    }

    async fn flush(&self) -> Result<(), StoreError> {
        let changes = self.trail.changes(self.now);
        if changes.is_empty() {
            return Ok(());
        }
        chain::queue(self.plain(), &*self.sealer, &changes).await.map_err(unaudited)?;
        self.flushed.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let flushed = self.flushed.load(Ordering::Relaxed);
        let changes = self.trail.changes(self.now);
        if changes.is_empty() && !flushed {
            return self.inner.commit().await;
        }
        if let Err(error) = chain::queue(self.plain(), &*self.sealer, &changes).await {
            // What cannot be audited does not happen.
            if let Err(rollback) = self.inner.rollback().await {
                tracing::warn!(error = %rollback, "rollback failed");
            }
            return Err(unaudited(error));
        }
        self.inner.commit().await?;
        self.queued.notify_one();
        Ok(())
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.inner.rollback().await
    }
}
