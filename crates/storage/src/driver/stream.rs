//! Rows that are fetched bit by bit while a statement runs.
//!
//! Whoever runs the statement reads a block ahead and waits until it is asked for,
//! but not for ever: an old state of the database that somebody holds keeps SQLite
//! from shortening its log, and PostgreSQL from cleaning up. A cursor that is dropped
//! ends the statement.

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use snackbase_application::ports::StoreError;
use tokio::sync::{Notify, oneshot};

use super::Row;

/// Rows of a block.
pub(crate) const BLOCK: usize = 256;
/// How long the next request is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

type Reply = oneshot::Sender<Result<Vec<Row>, StoreError>>;

/// The side that fetches.
pub(crate) struct RowCursor {
    requests: Sender<Reply>,
    asked: std::sync::Arc<Notify>,
}

/// The side that runs the statement.
pub(crate) struct Requests {
    requests: Receiver<Reply>,
    asked: std::sync::Arc<Notify>,
}

impl RowCursor {
    /// Both sides.
    pub fn new() -> (Requests, Self) {
        let (sender, requests) = crossbeam_channel::bounded(1);
        let asked = std::sync::Arc::new(Notify::new());
        (Requests { requests, asked: asked.clone() }, Self { requests: sender, asked })
    }

    /// The next rows; none at the end.
    pub async fn next(&mut self) -> Result<Vec<Row>, StoreError> {
        let gone = || StoreError::Unavailable("the rows were not fetched in time".into());
        let (reply, answer) = oneshot::channel();
        self.requests.try_send(reply).map_err(|_| gone())?;
        self.asked.notify_one();
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for RowCursor {
    fn drop(&mut self) {
        // The other side sees that nobody is there any more.
        let (closed, _) = crossbeam_channel::bounded(0);
        self.requests = closed;
        self.asked.notify_one();
    }
}

impl Requests {
    /// Waits for a request on this thread and answers it; whether there was one.
    pub fn answer(&self, rows: Vec<Row>) -> bool {
        self.requests.recv_timeout(PATIENCE).is_ok_and(|reply| reply.send(Ok(rows)).is_ok())
    }

    /// The same with an error.
    pub fn fail(&self, error: StoreError) {
        if let Ok(reply) = self.requests.recv_timeout(PATIENCE) {
            // Somebody who does not wait any more need not know.
            let _ = reply.send(Err(error));
        }
    }

    async fn next(&self) -> Option<Reply> {
        let asked = async {
            loop {
                match self.requests.try_recv() {
                    Ok(reply) => return Some(reply),
                    Err(crossbeam_channel::TryRecvError::Disconnected) => return None,
                    Err(crossbeam_channel::TryRecvError::Empty) => self.asked.notified().await,
                }
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.ok().flatten()
    }

    /// Waits for a request in a task and answers it; whether there was one.
    pub async fn answer_later(&self, rows: Vec<Row>) -> bool {
        self.next().await.is_some_and(|reply| reply.send(Ok(rows)).is_ok())
    }

    /// The same with an error.
    pub async fn fail_later(&self, error: StoreError) {
        if let Some(reply) = self.next().await {
            let _ = reply.send(Err(error));
        }
    }
}
