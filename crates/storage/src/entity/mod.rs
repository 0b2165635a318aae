//! The system tables as sea-orm sees them. Ids are texts, integers have 64 bits,
//! times are UTC.

pub(crate) mod account;
pub(crate) mod api_key;
pub(crate) mod audit_change;
pub(crate) mod audit_entry;
pub(crate) mod audit_head;
pub(crate) mod audit_queue;
pub(crate) mod automation_step;
pub(crate) mod collection;
pub(crate) mod collection_rules;
pub(crate) mod configuration;
pub(crate) mod email_log;
pub(crate) mod email_template;
pub(crate) mod file;
pub(crate) mod file_deletion;
pub(crate) mod file_upload;
pub(crate) mod file_upload_part;
pub(crate) mod file_use;
pub(crate) mod group;
pub(crate) mod hook;
pub(crate) mod hook_execution;
pub(crate) mod idempotency_key;
pub(crate) mod invitation;
pub(crate) mod job;
pub(crate) mod macros;
pub(crate) mod mail_outbox;
pub(crate) mod one_time_token;
pub(crate) mod realtime_entry;
pub(crate) mod refresh_token;
pub(crate) mod role;
pub(crate) mod schema_revision;
pub(crate) mod user;
pub(crate) mod user_group;
pub(crate) mod webhook;
pub(crate) mod webhook_delivery;
