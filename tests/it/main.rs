//! The whole server over real HTTP, on SQLite and, when `TEST_POSTGRES_URL` names a PostgreSQL server,
//! on a database of its own there.

#![allow(clippy::unwrap_used, reason = "a test fails where something unexpected comes")]

mod account_deletion;
mod audit;
mod auth;
mod bad_input;
mod cli;
mod client;
mod collections;
mod collections_import;
mod concurrency;
mod configuration;
mod durability;
mod endpoints;
mod files;
mod guessing;
mod hooks;
mod indexes;
mod invitations;
mod isolation;
mod jobs;
mod leaks;
mod macros;
mod mail;
mod masks;
mod openapi;
mod password_reset;
mod platform;
mod program;
mod rate_limits;
mod realtime;
mod realtime_log;
mod receiver;
mod record_batches;
mod records;
mod records_exchange;
mod records_once;
mod registration;
mod rights;
mod rule_trials;
mod rules;
mod saved_rules;
mod schema_changes;
mod schema_matrix;
mod search;
mod secrecy;
mod server;
mod sessions;
mod setup;
mod snapshot;
mod tenant;
mod verification;
mod webhooks;

/// Makes of each scenario, an async function of a [`server::Database`], a test on SQLite and one on
/// PostgreSQL.
macro_rules! on_each_database {
    ($($scenario:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(crate::server::Database::sqlite()).await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $scenario() {
                match crate::server::Database::postgres().await {
                    Some(database) => super::$scenario(database).await,
                    None => crate::server::skipped(
                        concat!(module_path!(), "::", stringify!($scenario)),
                        "TEST_POSTGRES_URL names no PostgreSQL server",
                    ),
                }
            })+
        }
    };
}
pub(crate) use on_each_database;
