//! What a unit of work has to tell the realtime log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use snackbase_domain::collection::Collection;
use snackbase_domain::record::Record;
use tokio::sync::Notify;

use super::access::AccessChange;
use super::change;
use crate::ports::{Clock, NewLogEntry, Repositories, StoreError};
use crate::tracking::{Noted, Observer};

/// The changes of records and of rights so far.
pub(crate) struct Events {
    noted: Noted<NewLogEntry>,
    clock: Arc<dyn Clock>,
    /// Told when entries are committed.
    written: Arc<Notify>,
    /// Whether there are any.
    any: AtomicBool,
}

impl Events {
    pub fn new(clock: Arc<dyn Clock>, written: Arc<Notify>) -> Self {
        Self { noted: Noted::default(), clock, written, any: AtomicBool::new(false) }
    }

    /// Notes a change of a record.
    pub fn record(&self, collection: &Collection, before: Option<&Record>, after: Option<&Record>) {
        if let Some(entry) = change::entry(collection, before, after, 0) {
            self.note(entry);
        }
    }

    /// Notes a change of rights.
    pub fn access(&self, change: AccessChange) {
        self.note(change.entry(0));
    }

    fn note(&self, entry: NewLogEntry) {
        let text = entry.body.len();
        self.noted.push(entry, text);
    }
}

#[async_trait]
impl Observer for Events {
    fn begin_part(&self) {
        self.noted.begin_part();
    }

    fn undo_part(&self) {
        self.noted.undo_part();
    }

    fn is_full(&self) -> bool {
        self.noted.is_full()
    }

    async fn write(&self, store: &dyn Repositories) -> Result<(), StoreError> {
        let mut entries = self.noted.take();
        if entries.is_empty() {
            return Ok(());
        }
        // As late as can be: nearly the order in which they get their places.
        let now = self.clock.now().timestamp_micros();
        for entry in &mut entries {
            entry.occurred_at = now;
        }
        store.realtime_log().append(&entries).await.map_err(|error| match error {
            error @ StoreError::Unavailable(_) => error,
            // No conflict of the caller's, whatever class the store gives it.
            other => StoreError::Other(format!("the change cannot be told: {other}")),
        })?;
        self.any.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn committed(&self) {
        if self.any.load(Ordering::Relaxed) {
            self.written.notify_one();
        }
    }
}
