//! Waiting until all is told that was written before.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::AppError;
use crate::ports::StoreError;

/// How long somebody waits for his turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who asks gets a turn of the follower that begins afterwards; many share one.
pub(super) struct Turns {
    asked: AtomicU64,
    wanted: Notify,
    done: watch::Sender<u64>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { asked: AtomicU64::new(0), wanted: Notify::new(), done: watch::Sender::new(0) }
    }
}

impl Turns {
    /// Returns once all is told that was committed before the call.
    ///
    /// # Errors
    /// `Unavailable` when that takes too long.
    pub async fn wait(&self) -> Result<(), AppError> {
        let mut done = self.done.subscribe();
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.wanted.notify_one();
        let waited = tokio::time::timeout(PATIENCE, done.wait_for(|done| *done >= number)).await;
        match waited {
            Ok(Ok(_)) => Ok(()),
            _ => Err(StoreError::Unavailable("the realtime log cannot be followed".into()).into()),
        }
    }

    /// Returns when somebody has asked.
    pub async fn asked(&self) {
        self.wanted.notified().await;
    }

    /// A turn begins; what it is for, if for anybody.
    pub fn begin(&self) -> Option<u64> {
        let asked = self.asked.load(Ordering::SeqCst);
        (asked > *self.done.borrow()).then_some(asked)
    }

    /// A turn is over.
    pub fn end(&self, turn: Option<u64>) {
        if let Some(number) = turn {
            self.done.send_replace(number);
        }
    }
}
