//! How the databases answer lists: by going on in an index, however far in the list.

use std::sync::Arc;

use sea_query::Value as SqlValue;
use serde_json::json;
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{Position, SeekQuery, Sort, SortBy, Storage};
use snackbase_rules::Value as SortValue;
use snackbase_testkit::builders::{NOW, account, compiled, record, within};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::read;
use crate::driver::{Row, Stmt};
use crate::{DatabaseOptions, PostgresOptions, SqliteOptions, Store};

async fn filled(store: &Store) -> Arc<Compiled> {
    store.migrate().await.unwrap();
    let rows = compiled(json!({"name": "rows", "fields": [{"name": "n", "type": "number"}]}));
    let work = store.begin().await.unwrap();
    let repositories = work.repositories();
    repositories.accounts().insert(&account(1)).await.unwrap();
    repositories.tables().create(&rows.collection).await.unwrap();
    for n in 0..200 {
        let mut row = record(&rows, &account(1), &format!("r{n}"), json!({"n": n}));
        row.created_at = NOW + n;
        repositories.records().insert(&within(&rows, &account(1), ""), &row).await.unwrap();
    }
    work.commit().await.unwrap();
    rows
}

/// A page far down the list, newest first or oldest first, after or before a row.
fn far_down(rows: &Arc<Compiled>, descending: bool, backwards: bool, store: &Store) -> Stmt {
    let from =
        Position { keys: vec![SortValue::Instant { micros: NOW + 100, text: None }], id: "r100".to_owned() };
    let sort = vec![Sort { by: SortBy::Field("created_at".to_owned()), descending }];
    let query = SeekQuery { sort, as_of: NOW, from: Some(from), backwards, limit: 30, count: false };
    let dialect = store.session().dialect();
    Stmt::build(dialect, &read::seek(&within(rows, &account(1), ""), &query, dialect))
}

fn text(rows: &[Row]) -> String {
    let texts = rows.iter().flat_map(|row| &row.values).filter_map(|value| match value {
        SqlValue::String(Some(text)) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

const WAYS: [(bool, bool); 4] = [(true, false), (true, true), (false, false), (false, true)];

#[tokio::test]
async fn sqlite_goes_on_in_the_index() {
    let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
    let rows = filled(&store).await;
    for (descending, backwards) in WAYS {
        let stmt = far_down(&rows, descending, backwards, &store);
        let explain = Stmt::new(format!("EXPLAIN QUERY PLAN {}", stmt.sql), stmt.values);
        let plan = text(&store.session().connection.query(explain).await.unwrap());
        assert!(
            plan.contains("USING INDEX ix_col_rows_account_created (account_id=? AND (created_at"),
            "{plan}"
        );
        assert!(!plan.contains("TEMP B-TREE"), "sorted afterwards: {plan}");
    }
}

#[tokio::test]
async fn postgres_goes_on_in_the_index() {
    let Some(server) = std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) else {
        return;
    };
    let name = format!("snackbase_plans_{}", std::process::id());
    let statement = async |sql: String| {
        let mut connection = PgConnection::connect(&server).await.unwrap();
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    };
    statement(format!("CREATE DATABASE {name}")).await;
    let (before, parameters) = server.split_once('?').unwrap_or((&server, ""));
    let (host, _) = before.rsplit_once('/').unwrap();
    let options = PostgresOptions::new(format!("{host}/{name}?{parameters}"));
    let store = Store::open(&DatabaseOptions::Postgres(options)).await.unwrap();
    let rows = filled(&store).await;
    store.session().connection.script("ANALYZE".to_owned()).await.unwrap();
    for (descending, backwards) in WAYS {
        let stmt = far_down(&rows, descending, backwards, &store);
        let work = store.work();
        // For a table that fits into two pages other plans are as good.
        let large = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off";
        work.session.connection.script(large.to_owned()).await.unwrap();
        let explain = Stmt::new(format!("EXPLAIN {}", stmt.sql), stmt.values);
        let plan = text(&work.session.connection.query(explain).await.unwrap());
        let condition = plan.lines().find(|line| line.contains("Index Cond")).unwrap_or_default();
        assert!(condition.contains("account_id = ") && condition.contains("ROW(created_at, id)"), "{plan}");
        assert!(!plan.contains("Sort"), "sorted afterwards: {plan}");
    }
    drop(store);
    statement(format!("DROP DATABASE {name} WITH (FORCE)")).await;
}
