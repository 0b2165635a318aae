//! Jobs: work that is put into a queue within the unit of work that causes it, and done by workers
//! after its commit; superadmins see what became of it.

mod admin;
mod enqueue;
mod handlers;
mod outcome;
mod scheduled_task;
mod worker;

use std::sync::Arc;

use tokio::sync::Notify;

pub use admin::{JobFilter, JobStats};
pub use enqueue::NewJob;
pub use handlers::JobHandlers;
pub use scheduled_task::ScheduledTask;
pub use worker::{JobWorker, WorkerPolicy};

use crate::ports::{Clock, IdGenerator, Storage};

/// The use cases about jobs.
pub struct Jobs {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    /// After how many days completed jobs go.
    retention_days: u32,
    /// There may be something to do.
    work: Arc<Notify>,
}

impl Jobs {
    /// Wires the use cases. Who enqueues jobs past them tells `work` after the commit.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        retention_days: u32,
        work: Arc<Notify>,
    ) -> Self {
        Self { storage, clock, ids, retention_days, work }
    }

    /// Wakes the worker of this process, after the commit. Others look by themselves.
    pub fn wake(&self) {
        self.work.notify_one();
    }
}
