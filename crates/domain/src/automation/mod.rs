//! Automation: what happens by itself when something has happened.

mod action;
mod condition;
pub mod cron;
mod destination;
mod endpoint_path;
mod event;
pub mod template;
mod trigger;

pub use action::{
    Action, ActionKind, AggregateRecords, EnqueueJob, Place, QueryRecords, SendEmail, SendEmailContent,
    SendWebhook, check_actions,
};
pub use condition::{Condition, RecordNames};
pub use destination::{MAX_URL_CHARS, UrlPolicy, check_url};
pub use endpoint_path::{EndpointPath, Exactness, MAX_PATH_CHARS, most_exact, percent_decoded};
pub use event::{ActingUser, AutomationEvent, EventKind, MAX_DEPTH};
pub use trigger::Trigger;
