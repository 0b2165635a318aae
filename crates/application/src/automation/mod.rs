//! Automation: what happens by itself when something has happened. Changes for which a definition waits
//! are written to the queue of jobs with the change; a job for each hands it on to webhooks, hooks and
//! workflows, in this order.

mod acting;
mod actions;
mod dispatcher;
mod event_job;
mod happenings;
mod listeners;

use snackbase_domain::automation::MAX_DEPTH;

pub use actions::{Actions, Outcome, Run};
pub use dispatcher::Dispatcher;
pub use happenings::Announcing;
pub(crate) use happenings::Happenings;
pub use listeners::Listeners;

/// Why nothing runs at [`MAX_DEPTH`].
pub(crate) fn too_deep() -> String {
    format!("Maximum hook execution depth ({MAX_DEPTH}) exceeded — possible cycle detected")
}
