//! Mail: templates, the outbox and the log.

mod log;
mod outbox;
mod templates;
