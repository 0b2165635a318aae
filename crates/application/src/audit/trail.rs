//! What a unit of work has to tell the audit log.
//!
//! The chain of the log has one end, for which all who write would wait from their last
//! statement to the end of their commit. So a change gets its place in the chain a
//! moment after it was committed, together with others; until then it stands in the
//! queue under a seal of its own.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use snackbase_domain::audit::{AuditOperation, Cell, Change, hidden_in, is_secret_column};
use snackbase_domain::{AccountId, UserId};
use tokio::sync::Notify;
use uuid::Uuid;

use super::chain;
use crate::ports::{AuditSealer, Clock, Repositories, StoreError};
use crate::tracking::{Noted, Observer};
use crate::{Actor, AppError, AuthMethod, Origin};

/// The user that changes are audited as.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub user_id: UserId,
    pub email: String,
    pub account_id: AccountId,
    pub method: &'static str,
}

/// A changed row, not linked to the log yet.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    /// The row's own account, if it has one.
    pub account_id: Option<AccountId>,
    pub operation: AuditOperation,
    pub table_name: Cow<'static, str>,
    pub record_id: String,
    /// Column, value before, value after.
    pub cells: Vec<(Cow<'static, str>, Option<String>, Option<String>)>,
}

/// Who audits, and whom it tells.
pub(crate) struct Auditing {
    pub sealer: Arc<dyn AuditSealer>,
    /// Told when changes wait for their places in the chain.
    pub queued: Arc<Notify>,
}

impl Auditing {
    /// Notes for what an actor changes; `None` where nobody asked for it.
    pub fn trail(&self, actor: Actor, clock: &dyn Clock) -> Option<Trail> {
        let (user, origin) = match actor {
            Actor::Nobody => return None,
            Actor::Affected(origin) => (OnceLock::new(), origin),
            Actor::System => {
                let who = Who {
                    user_id: UserId::new(Uuid::nil()),
                    email: "system".to_owned(),
                    account_id: AccountId::SYSTEM,
                    method: "system",
                };
                (OnceLock::from(who), Arc::default())
            }
            Actor::User(principal) => {
                let who = Who {
                    user_id: principal.user_id,
                    email: principal.email.clone(),
                    account_id: principal.account_id,
                    method: match principal.method {
                        AuthMethod::AccessToken => "jwt",
                        AuthMethod::ApiKey => "api_key",
                        AuthMethod::Automation => "automation",
                    },
                };
                (OnceLock::from(who), principal.origin)
            }
        };
        Some(Trail {
            user,
            origin,
            noted: Noted::default(),
            now: clock.now().trunc_subsecs(6),
            sealer: self.sealer.clone(),
            queued: self.queued.clone(),
            any: AtomicBool::new(false),
        })
    }
}

/// What a unit of work has changed so far, and for whom.
pub(crate) struct Trail {
    /// Unknown at first where the user is the one that is changed.
    user: OnceLock<Who>,
    origin: Arc<Origin>,
    noted: Noted<Note>,
    now: DateTime<Utc>,
    sealer: Arc<dyn AuditSealer>,
    queued: Arc<Notify>,
    /// Whether some notes are in the queue.
    any: AtomicBool,
}

impl Trail {
    /// Notes a change; one without columns is none.
    pub fn note(&self, note: Note) {
        if !note.cells.is_empty() {
            let length = |value: &Option<String>| value.as_ref().map_or(0, String::len);
            let text = note.cells.iter().map(|(_, old, new)| length(old) + length(new)).sum();
            self.noted.push(note, text);
        }
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

    fn change(&self, note: Note, who: &Who) -> Change {
        let hidden = hidden_in(&note.table_name);
        let cells = note.cells.into_iter().map(|(column, old, new)| {
            let secret = is_secret_column(&column);
            let shown = |value: Option<String>| match secret {
                true => value.map(|_| hidden.to_owned()),
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
            occurred_at: self.now,
            cells: cells.collect(),
            seal: String::new(),
        }
    }
}

/// The first 36 characters, as many as the log keeps of a request's id.
fn shortened(id: &str) -> &str {
    id.char_indices().nth(36).map_or(id, |(end, _)| &id[..end])
}

/// Why a change is undone that the log could not take.
fn unaudited(error: AppError) -> StoreError {
    match error {
        AppError::Store(error @ StoreError::Unavailable(_)) => error,
        // No conflict of the caller's, whatever class the store gives it.
        other => StoreError::Other(format!("the change cannot be audited: {other}")),
    }
}

#[async_trait]
impl Observer for Trail {
    fn begin_part(&self) {
        self.noted.begin_part();
    }

    fn undo_part(&self) {
        self.noted.undo_part();
    }

    /// Not before it is known whose changes they are.
    fn is_full(&self) -> bool {
        self.user.get().is_some() && self.noted.is_full()
    }

    /// As somebody's: what nobody is known for waits.
    async fn write(&self, store: &dyn Repositories) -> Result<(), StoreError> {
        let Some(who) = self.user.get() else { return Ok(()) };
        let changes: Vec<_> = self.noted.take().into_iter().map(|note| self.change(note, who)).collect();
        if changes.is_empty() {
            return Ok(());
        }
        chain::queue(store, &*self.sealer, &changes).await.map_err(unaudited)?;
        self.any.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn committed(&self) {
        if self.any.load(Ordering::Relaxed) {
            self.queued.notify_one();
        }
    }
}
