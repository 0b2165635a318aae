//! Automation: hooks, custom endpoints, workflows and webhooks of an account.

mod caller;
pub mod endpoints;
pub mod hooks;
pub mod serve;
mod trigger;
pub mod webhooks;

pub use caller::AutomationCaller;

use super::input::Fields;

/// A part of a list that a request asks for.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub offset: u64,
    pub limit: u64,
}

impl Part {
    /// Reads `limit` and `offset`.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        let limit = fields.int("limit").ge(1).le(200).default(50).unsigned_abs();
        let offset = fields.int("offset").ge(0).default(0).unsigned_abs();
        Self { offset, limit }
    }
}
