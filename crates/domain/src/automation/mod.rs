//! Automation: what happens by itself when something has happened.

mod event;

pub use event::{ActingUser, AutomationEvent, EventKind, MAX_DEPTH};
