//! The store in memory keeps the same promises as the databases.

use std::sync::Arc;

use snackbase_application::ports::FileRoute;
use snackbase_testkit::{FixedClock, MemoryBuckets, MemoryFailures, MemoryFiles, MemoryStorage, contract};

macro_rules! suites {
    ($($suite:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $suite() {
            contract::$suite::suite(Arc::new(MemoryStorage::new())).await;
        })+
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
async fn file_store() {
    contract::file_store::suite(Arc::new(MemoryFiles::default()), FileRoute::Local).await;
}

#[tokio::test]
async fn limits() {
    let clock = Arc::new(FixedClock::default());
    contract::limits::rate_limiter(Arc::new(MemoryBuckets::new(clock.clone())), &clock).await;
    contract::limits::failure_counter(Arc::new(MemoryFailures::default())).await;
}
