//! Links changes to the chain of the log, and checks that it holds.

use std::collections::HashMap;

use snackbase_domain::AccountId;
use snackbase_domain::audit::{ChainHead, Change};

use crate::ports::{AuditSealer, QueuedChange, Repositories, Storage, StoreError};
use crate::{AppError, tx};

/// Changes that get their places in one transaction: some milliseconds of work.
const BATCH: u64 = 64;

/// What the seal of a waiting change is made of.
fn queued_text(payload: &str) -> String {
    format!("queued|{payload}")
}

/// Writes changes down within the unit of work that made them.
pub(super) async fn queue(
    store: &dyn Repositories,
    sealer: &dyn AuditSealer,
    changes: &[Change],
) -> Result<(), AppError> {
    let broken = |e: serde_json::Error| AppError::Internal(e.to_string());
    let mut queued = Vec::with_capacity(changes.len());
    for change in changes {
        let payload = serde_json::to_string(change).map_err(broken)?;
        queued.push(QueuedChange { id: 0, seal: sealer.seal(&queued_text(&payload)), payload });
    }
    Ok(store.audit().queue(&queued).await?)
}

/// Gives all waiting changes their places in the chain. Of several nodes that try
/// at once, one after the other does it.
pub(super) async fn settle(storage: &dyn Storage, sealer: &dyn AuditSealer) -> Result<(), AppError> {
    let mut after = 0;
    while !storage.read().audit().queued(after, 1).await?.is_empty() {
        let work = storage.begin().await?;
        let settled = settle_some(work.repositories(), sealer, after).await;
        after = tx::finish(work, settled).await?.unwrap_or(after);
    }
    Ok(())
}

/// Settles a batch; answers where it ended. What is not ours stays behind and holds
/// nothing up.
async fn settle_some(
    store: &dyn Repositories,
    sealer: &dyn AuditSealer,
    after: i64,
) -> Result<Option<i64>, AppError> {
    store.audit().lock_heads(&[]).await?;
    let (mut ids, mut changes) = (Vec::new(), Vec::new());
    let batch = store.audit().queued(after, BATCH).await?;
    for queued in &batch {
        match read(queued, sealer) {
            Some(change) => {
                ids.push(queued.id);
                changes.push(change);
            }
            None => {
                tracing::error!(id = queued.id, "a change in the audit queue is not ours and stays there")
            }
        }
    }
    if !changes.is_empty() {
        append(store, sealer, changes).await?;
        store.audit().remove_queued(&ids).await?;
    }
    Ok(batch.last().map(|queued| queued.id))
}

/// The waiting change, if we wrote it.
fn read(queued: &QueuedChange, sealer: &dyn AuditSealer) -> Option<Change> {
    let ours = sealer.verify(&queued_text(&queued.payload), &queued.seal);
    ours.then(|| serde_json::from_str(&queued.payload).ok()).flatten()
}

/// Appends changes to the log. Their ids, sequences, checksums and seals are given
/// here.
async fn append(
    store: &dyn Repositories,
    sealer: &dyn AuditSealer,
    mut changes: Vec<Change>,
) -> Result<(), AppError> {
    let mut accounts: Vec<AccountId> = changes.iter().map(|change| change.account_id).collect();
    accounts.sort();
    accounts.dedup();
    let mut heads = store.audit().lock_heads(&accounts).await?;
    link(&mut changes, &mut heads, sealer)?;
    Ok(store.audit().append(&changes, &heads).await?)
}

/// Continues the chains that `heads` end, the whole log's first.
fn link(changes: &mut [Change], heads: &mut [ChainHead], sealer: &dyn AuditSealer) -> Result<(), AppError> {
    let no_head = || AppError::inconsistent("a head of the audit log is missing");
    let (log, accounts) = heads.split_first_mut().ok_or_else(no_head)?;
    for change in changes {
        let account = accounts.iter_mut().find(|head| head.account_id == Some(change.account_id));
        let account = account.ok_or_else(no_head)?;
        log.changes += 1;
        account.changes += 1;
        (change.id, change.account_sequence) = (log.changes, account.changes);
        for i in 0..change.cells.len() {
            let previous = (log.entries > 0).then_some(log.checksum.as_str());
            let checksum = sealer.checksum(&change.text(&change.cells[i], previous));
            log.entries += 1;
            log.checksum.clone_from(&checksum);
            let cell = &mut change.cells[i];
            (cell.id, cell.checksum) = (log.entries, checksum);
        }
        change.seal = sealer.seal(&change.seal_text(&account.seal));
        account.seal.clone_from(&change.seal);
    }
    log.seal = sealer.seal(&log.seal_text());
    Ok(())
}

/// What does not hold in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The content of an entry is not what its checksum was made of.
    Altered,
    /// An entry does not follow the one before it: some are gone or moved.
    Missing,
    /// A seal was not made with our keys, or for another place.
    Unsealed,
    /// The log ends before or after the place its head tells.
    Truncated,
}

impl ProblemKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::Unsealed => "unsealed",
            Self::Truncated => "truncated",
        }
    }
}

/// A place where the chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The entry.
    pub id: i64,
    pub account_id: Option<AccountId>,
    pub kind: ProblemKind,
    pub message: String,
}

/// The most problems that are told.
pub const MOST_PROBLEMS: usize = 100;
/// Entries read at once.
const STRIDE: u64 = 1000;

/// What a verification found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Entries looked at.
    pub checked: u64,
    pub problems: Vec<Problem>,
    /// Where the log ended when the verification began.
    pub head: Option<ChainHead>,
}

impl Verdict {
    /// Whether everything holds.
    pub fn is_valid(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Walks the log from its beginning.
struct Walk<'a> {
    sealer: &'a dyn AuditSealer,
    problems: Vec<Problem>,
    checked: u64,
    last_entry: i64,
    last_checksum: Option<String>,
    /// Whether the last entry could not be read, so that nobody knows its checksum.
    lost: bool,
    last_change: i64,
    /// Sequence and seal of each account's last change.
    accounts: HashMap<AccountId, (i64, String)>,
    /// The change whose cells are being read.
    open: Option<Change>,
}

/// Checks the log up to where its heads say it ends: every checksum, that no id
/// is missing, every seal, and the ends of all chains.
pub(super) async fn verify(storage: &dyn Storage, sealer: &dyn AuditSealer) -> Result<Verdict, AppError> {
    let settled = settle(storage, sealer).await;
    let store = storage.read();
    let heads = store.audit().heads().await?;
    let log = heads.first().filter(|head| head.account_id.is_none());
    let end = log.map_or(0, |head| head.entries);
    let mut walk = Walk {
        sealer,
        problems: Vec::new(),
        checked: 0,
        last_entry: 0,
        last_checksum: None,
        lost: false,
        last_change: 0,
        accounts: HashMap::new(),
        open: None,
    };
    let mut stride = STRIDE;
    'log: while walk.last_entry < end && walk.problems.len() < MOST_PROBLEMS {
        let entries = match store.audit().entries_after(walk.last_entry, stride).await {
            Err(StoreError::Inconsistent(_)) if stride > 1 => {
                // One of them: go step by step, to find it.
                stride = 1;
                continue;
            }
            Err(StoreError::Inconsistent(_)) => {
                walk.unreadable();
                stride = STRIDE;
                continue;
            }
            entries => entries?,
        };
        let more = entries.len() as u64 == stride;
        for entry in entries {
            if entry.cell.id > end {
                break 'log;
            }
            walk.entry(entry.change, entry.cell, entry.previous_hash);
        }
        if !more {
            break;
        }
    }
    walk.close();
    if let Err(error) = settled {
        let message = format!("changes cannot be linked to the log: {error}");
        walk.problem(end + 1, None, ProblemKind::Unsealed, message);
    }
    for queued in store.audit().queued(0, STRIDE).await? {
        if read(&queued, sealer).is_none() {
            let message = "a change in the queue was not written by us".to_owned();
            walk.problem(end + 1, None, ProblemKind::Unsealed, message);
        }
    }
    if walk.problems.len() < MOST_PROBLEMS {
        walk.ends(&heads);
    }
    if walk.problems.is_empty() {
        let extent = store.audit().extent().await?;
        if (extent.changes, extent.entries) != (extent.head_changes, extent.head_entries) {
            // What came after the chain was walked is in its head too.
            let message = "there are rows that the chain does not hold".to_owned();
            walk.problem(end + 1, None, ProblemKind::Unsealed, message);
        } else if extent.entries_of_changes != extent.entries {
            let message = "changes do not say how many entries they have".to_owned();
            walk.problem(end, None, ProblemKind::Altered, message);
        }
    }
    walk.problems.truncate(MOST_PROBLEMS);
    Ok(Verdict { checked: walk.checked, problems: walk.problems, head: log.cloned() })
}

impl Walk<'_> {
    fn problem(&mut self, id: i64, account: Option<AccountId>, kind: ProblemKind, message: String) {
        self.problems.push(Problem { id, account_id: account, kind, message });
    }

    fn entry(&mut self, change: Change, cell: snackbase_domain::audit::Cell, previous: Option<String>) {
        self.checked += 1;
        let account = Some(change.account_id);
        if cell.id != self.last_entry + 1 {
            let message = format!("entries {} to {} are missing", self.last_entry + 1, cell.id - 1);
            self.problem(cell.id, account, ProblemKind::Missing, message);
        } else if !self.lost && previous != self.last_checksum {
            let message = "the entry does not follow the one before it".to_owned();
            self.problem(cell.id, account, ProblemKind::Missing, message);
        }
        if std::mem::take(&mut self.lost) {
            self.last_checksum = previous;
        }
        if self.sealer.checksum(&change.text(&cell, self.last_checksum.as_deref())) != cell.checksum {
            let message = "content and checksum do not agree".to_owned();
            self.problem(cell.id, account, ProblemKind::Altered, message);
        }
        self.last_entry = cell.id;
        self.last_checksum = Some(cell.checksum.clone());
        if self.open.as_ref().is_some_and(|open| open.id != change.id) {
            self.close();
        }
        self.open.get_or_insert(change).cells.push(cell);
    }

    /// The next entry cannot be read.
    fn unreadable(&mut self) {
        self.checked += 1;
        self.last_entry += 1;
        self.lost = true;
        let message = "the entry is not what was written: it cannot be read".to_owned();
        self.problem(self.last_entry, None, ProblemKind::Altered, message);
    }

    /// Checks the seal of the change whose cells have all been read.
    fn close(&mut self) {
        let Some(change) = self.open.take() else { return };
        let id = change.cells.first().map_or(0, |cell| cell.id);
        let account = Some(change.account_id);
        if change.id != self.last_change + 1 {
            let message = format!("change {} follows change {}", change.id, self.last_change);
            self.problem(id, account, ProblemKind::Missing, message);
        }
        self.last_change = change.id;
        let before = self.accounts.get(&change.account_id).cloned().unwrap_or_default();
        if change.account_sequence != before.0 + 1 {
            let message =
                format!("change {} of the account follows change {}", change.account_sequence, before.0);
            self.problem(id, account, ProblemKind::Missing, message);
        }
        if !self.sealer.verify(&change.seal_text(&before.1), &change.seal) {
            let message = "the seal does not hold".to_owned();
            self.problem(id, account, ProblemKind::Unsealed, message);
        }
        self.accounts.insert(change.account_id, (change.account_sequence, change.seal));
    }

    /// Compares where the chains end with what their heads tell.
    fn ends(&mut self, heads: &[ChainHead]) {
        let Some(log) = heads.first().filter(|head| head.account_id.is_none()) else {
            let message = "the log's head is missing".to_owned();
            return self.problem(self.last_entry, None, ProblemKind::Truncated, message);
        };
        let last = self.last_checksum.clone().unwrap_or_default();
        if (log.changes, log.entries, &log.checksum) != (self.last_change, self.last_entry, &last) {
            let message = format!("the log ends at entry {}, its head says {}", self.last_entry, log.entries);
            self.problem(self.last_entry, None, ProblemKind::Truncated, message);
        } else if !(log.entries == 0 && log.seal.is_empty()
            || self.sealer.verify(&log.seal_text(), &log.seal))
        {
            let message = "the seal of the log's head does not hold".to_owned();
            self.problem(self.last_entry, None, ProblemKind::Unsealed, message);
        }
        let told: HashMap<_, _> =
            heads.iter().filter_map(|head| Some((head.account_id?, (head.changes, &head.seal)))).collect();
        let found = std::mem::take(&mut self.accounts);
        for (account, (sequence, seal)) in &found {
            if told.get(account) != Some(&(*sequence, seal)) {
                let message = format!("the account's chain ends at change {sequence}, its head differs");
                self.problem(self.last_entry, Some(*account), ProblemKind::Truncated, message);
            }
        }
        for account in told.keys().filter(|account| !found.contains_key(account)) {
            let message = "the account has a head but no changes".to_owned();
            self.problem(self.last_entry, Some(*account), ProblemKind::Truncated, message);
        }
    }
}
