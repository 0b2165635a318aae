//! Use cases: giving entries of the log their places, and forgetting old ones.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::{Notify, watch};

use crate::ports::{Clock, Storage};
use crate::{AppError, tx};

/// Entries that get their places in one transaction.
const BATCH: u64 = 1000;
/// Entries that are forgotten in one transaction.
const FORGOTTEN_AT_ONCE: u64 = 2000;

/// Gives entries their places, and forgets those that are old.
pub struct Sequencer {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    written: Arc<Notify>,
    placed: watch::Sender<()>,
    kept_for: TimeDelta,
}

impl Sequencer {
    /// Wires the use cases. `written` is told when entries are committed on this node.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        written: Arc<Notify>,
        kept_for: TimeDelta,
    ) -> Self {
        Self { storage, clock, written, placed: watch::Sender::new(()), kept_for }
    }

    /// Tells that entries were committed past those who watch units of work.
    pub fn wake(&self) {
        self.written.notify_one();
    }

    /// Returns when entries were committed on this node since the last call.
    pub async fn written(&self) {
        self.written.notified().await;
    }

    /// Changes whenever this node may have given places to entries. Other nodes tell by
    /// `RealtimeSignal`.
    pub fn placed(&self) -> watch::Receiver<()> {
        self.placed.subscribe()
    }

    /// Gives all entries that wait their places, and tells those who read. Of several nodes that try
    /// at once, one after the other does it.
    pub async fn settle(&self) -> Result<u64, AppError> {
        let mut all = 0;
        loop {
            let work = self.storage.begin().await?;
            let outcome = work.repositories().realtime_log().settle(BATCH).await;
            let settled = tx::finish(work, outcome.map_err(AppError::from)).await?;
            all += settled;
            self.placed.send_replace(());
            if settled < BATCH {
                return Ok(all);
            }
        }
    }

    /// Forgets entries that are older than the time for which they are kept, in parts; answers how
    /// many.
    pub async fn forget_old(&self) -> Result<u64, AppError> {
        let Some(before) = self.clock.now().checked_sub_signed(self.kept_for) else { return Ok(0) };
        let before = before.timestamp_micros();
        let mut all = 0;
        loop {
            let log = self.storage.read().realtime_log();
            let forgotten = log.forget_before(before, FORGOTTEN_AT_ONCE).await?;
            all += forgotten;
            if forgotten == 0 {
                return Ok(all);
            }
            tokio::task::yield_now().await;
        }
    }
}
