//! Storage adapters: the application's ports over SQLite and PostgreSQL.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod accounts;
mod api_keys;
mod aside;
mod audit;
mod automation;
mod collections;
mod configurations;
mod ddl;
mod driver;
mod endpoints;
mod entity;
mod files;
mod groups;
mod hooks;
mod idempotency;
mod indexes;
mod invitations;
mod jobs;
mod macros;
mod mail;
mod migrate;
mod older_indexes;
mod one_time_tokens;
mod postgres;
mod presence;
mod reach;
mod realtime;
mod records;
mod reshape;
mod revisions;
mod roles;
mod search;
mod sessions;
mod shared_limits;
mod sqlite;
mod statistics;
mod store;
mod users;
mod webhooks;

pub use migrate::{DowngradeError, DowngradeTo, MigrationInfo};
pub use postgres::{PostgresOptions, RowSecurity};
pub use shared_limits::SharedLimits;
pub use sqlite::{SqliteOptions, register_functions};
pub use store::{DatabaseOptions, Store};
