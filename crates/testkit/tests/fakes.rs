//! The store in memory keeps the same promises as the databases.

use std::sync::Arc;

use snackbase_testkit::{MemoryStorage, contract};

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
    collections,
    configurations,
    groups,
    mail,
    records,
    roles,
    sessions,
    tables,
    units_of_work,
    users
);
