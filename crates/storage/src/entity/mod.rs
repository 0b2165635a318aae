//! The system tables as sea-orm sees them. Ids are texts, integers have 64 bits,
//! times are UTC.

pub(crate) mod account;
pub(crate) mod api_key;
pub(crate) mod collection;
pub(crate) mod collection_rules;
pub(crate) mod configuration;
pub(crate) mod email_log;
pub(crate) mod email_template;
pub(crate) mod group;
pub(crate) mod mail_outbox;
pub(crate) mod refresh_token;
pub(crate) mod role;
pub(crate) mod user;
pub(crate) mod user_group;
