//! Both adapters keep the promises of the ports: each suite runs on SQLite in a
//! temporary folder and, when `TEST_POSTGRES_URL` names a server, on PostgreSQL
//! in a database of its own beside the one it names.

#![allow(clippy::unwrap_used)]

mod counts;
mod databases;
mod groups_of_commits;
mod macro_limit;
mod realtime;
mod shared_limits;
mod time_limit;

use databases::{Postgres, Sqlite, skipped};

/// Makes of each suite a test on SQLite and one on PostgreSQL.
macro_rules! suites {
    ($($suite:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $suite() {
                let database = super::Sqlite::new();
                snackbase_testkit::contract::$suite::suite(database.open().await).await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $suite() {
                match super::Postgres::new().await {
                    Some(database) => {
                        snackbase_testkit::contract::$suite::suite(database.open().await).await;
                        database.remove().await;
                    }
                    None => super::skipped(concat!("contract of ", stringify!($suite), " on PostgreSQL")),
                }
            })+
        }
    };
}

suites!(
    accounts,
    api_keys,
    audit,
    cascades,
    collections,
    configurations,
    endpoints,
    files,
    groups,
    hooks,
    idempotency,
    indexes,
    invitations,
    jobs,
    macros,
    mail,
    one_time_tokens,
    presence,
    realtime,
    records,
    roles,
    search,
    sessions,
    statistics,
    tables,
    units_of_work,
    users,
    webhooks
);

#[tokio::test]
async fn a_key_that_another_node_has_is_not_waited_for() {
    match Postgres::new().await {
        Some(database) => {
            snackbase_testkit::contract::idempotency::at_once(database.open().await).await;
            database.remove().await;
        }
        None => skipped("keys of several nodes on PostgreSQL"),
    }
}
