//! What is larger than a database takes is told as such.

use std::io::Write as _;

use snackbase_application::ports::StoreError;

use super::Stmt;
use crate::{DatabaseOptions, PostgresOptions, SqliteOptions, Store};

async fn refused(store: &Store, sql: &str) {
    let answer = store.session().connection.query(Stmt::new(sql, Vec::new())).await;
    assert!(matches!(answer, Err(StoreError::TooLarge(_))), "{sql}: {answer:?}");
}

#[tokio::test]
async fn on_sqlite() {
    let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
    refused(&store, "SELECT hex(zeroblob(600000000))").await;
}

#[tokio::test]
async fn on_postgres() {
    let Some(server) = std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) else {
        writeln!(std::io::stderr(), "SKIPPED sizes on PostgreSQL: TEST_POSTGRES_URL names no server")
            .unwrap();
        return;
    };
    let options = PostgresOptions { row_security: false, max_connections: 1, ..PostgresOptions::new(server) };
    let store = Store::open(&DatabaseOptions::Postgres(options)).await.unwrap();
    // A value of more than a gigabyte, before it is made and while it is made.
    refused(&store, "SELECT length(repeat('a', 1100000000))").await;
    refused(
        &store,
        "SELECT octet_length(convert_to(repeat('a', 600000000), 'UTF8') || \
                     convert_to(repeat('a', 600000000), 'UTF8'))",
    )
    .await;
    // A row that does not fit into a page, and one with more columns than rows have.
    let columns = |count: usize| {
        let columns: Vec<_> = (0..count).map(|n| format!("c{n} uuid")).collect();
        format!("CREATE TEMPORARY TABLE wide (id text, {})", columns.join(", "))
    };
    let connection = &store.session().connection;
    connection.script(columns(1000)).await.unwrap();
    let values = vec!["gen_random_uuid()"; 1000].join(", ");
    refused(&store, &format!("INSERT INTO wide VALUES ('a', {values})")).await;
    connection.script("DROP TABLE wide".to_owned()).await.unwrap();
    let refused = connection.script(columns(1700)).await;
    assert!(matches!(refused, Err(StoreError::TooLarge(_))), "{refused:?}");
}
