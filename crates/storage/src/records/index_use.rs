//! What is asked for most is found by an index and not by reading whole tables, pages far down a
//! list go on in it, and large tables, which PostgreSQL reads by several processes, answer as small
//! ones do.

mod beside_lists;

use serde_json::json;
use snackbase_application::access::{Scoped, scope_of_transfer};
use snackbase_application::ports::{
    ListQuery, Position, Repositories as _, SeekQuery, Sort, SortBy, UnitOfWork as _,
};
use snackbase_domain::account::Account;
use snackbase_rls::{Dialect, lower_condition};
use snackbase_rules::Value as SortValue;
use snackbase_testkit::builders::{account, compiled, within};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::columns::RecordColumns;
use super::{read, write};
use crate::driver::{Row, Stmt};
use crate::store::{DatabaseOptions, Store};
use crate::{PostgresOptions, SqliteOptions, search};

const ACCOUNTS: u16 = 50;

/// A table of 20,000 rows, spread over the accounts.
async fn fill(store: &Store) -> Scoped {
    let posts = compiled(json!({"name": "posts", "fields": [
        {"name": "title", "type": "text"},
        {"name": "code", "type": "text", "unique": true},
        {"name": "parent", "type": "reference", "collection": "posts", "on_delete": "cascade"},
        {"name": "body", "type": "text", "options": {"searchable": true}},
        {"name": "status", "type": "text"},
        {"name": "price", "type": "number"},
        {"name": "sku", "type": "text"},
    ], "indexes": [
        {"name": "by_price", "fields": ["status", "-price"]},
        {"name": "by_sku", "fields": ["sku"], "unique": true},
    ]}));
    let work = store.work();
    for n in 1..=ACCOUNTS {
        work.session.accounts().insert(&account(n)).await.unwrap();
    }
    work.session.tables().create(&posts.collection).await.unwrap();
    let moment = match store.session().dialect() {
        Dialect::Sqlite => "i",
        Dialect::Postgres => "to_timestamp(i)",
    };
    let rows = format!(
        "INSERT INTO col_posts (id, account_id, created_at, created_by, updated_at, updated_by, title, code, parent, \
         body, _w_body, status, price, sku) \
         WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < 19999) \
         SELECT 'r' || i, owners.id, {moment}, \
         'user-' || (i % 100), {moment}, 'x', CAST(i AS TEXT), 'c' || i, 'r' || (i / 2), \
         'n' || i, ' all  n' || i || '  w' || (i % 5000) || ' ', 's' || (i % 7), i % 1000, 'k' || i FROM numbers \
         JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM accounts) AS owners \
         ON owners.n = i % {ACCOUNTS}"
    );
    // PostgreSQL gathers statistics by itself; SQLite has to find the right plan without.
    let statistics = if store.session().dialect() == Dialect::Postgres { "; ANALYZE" } else { "" };
    work.session.connection.script(format!("{rows}{statistics}")).await.unwrap();
    Box::new(work).commit().await.unwrap();
    within(&posts, &account(7), "")
}

/// The scope of the same records, as far as a rule or filter holds.
fn when(scope: &Scoped, rule: &str) -> Scoped {
    within(scope.compiled(), &account(7), rule)
}

fn list(scope: &Scoped, sort: &str, dialect: Dialect) -> Stmt {
    let by = SortBy::Field(sort.trim_start_matches('-').to_owned());
    let query = ListQuery {
        skip: 0,
        limit: 30,
        sort: vec![Sort { by, descending: sort.starts_with('-') }],
        count: true,
    };
    let (mut select, _) = read::select_json(scope);
    read::restrict(&mut select, scope, dialect);
    read::page(&mut select, scope, &query, dialect);
    Stmt::build(dialect, &select)
}

/// How the database would run a statement, as text.
async fn plan(store: &Store, stmt: Stmt) -> String {
    let explain = match store.session().dialect() {
        Dialect::Sqlite => "EXPLAIN QUERY PLAN",
        Dialect::Postgres => "EXPLAIN",
    };
    let stmt = Stmt::new(format!("{explain} {}", stmt.sql), stmt.values);
    let rows: Vec<Row> = store.session().connection.query(stmt).await.unwrap();
    rows.iter().map(|row| format!("{:?}\n", row.values)).collect()
}

/// Whether a whole table is read, by its name or under the alias of a reference.
fn reads_all(plan: &str) -> bool {
    plan.contains("Seq Scan") || plan.contains("SCAN col_posts\"") || plan.contains("SCAN r")
}

fn sorts(plan: &str) -> bool {
    plan.contains("Sort Key") || plan.contains("TEMP B-TREE")
}

/// Whoever is deleted, those that refer to him are not looked for in the whole table.
async fn referring_records_are_found_by_indexes(store: &Store, everything: &Scoped) {
    let dialect = store.session().dialect();
    for count in [1, 20] {
        let targets: Vec<_> = (0..count).map(|n| format!("r{}", n * 20)).collect();
        let scope = snackbase_testkit::builders::everywhere(everything.compiled());
        let plan = plan(store, write::take_referring(&scope, "parent", &targets, 50_002, dialect)).await;
        assert!(plan.contains("ix_col_posts$parent"), "{count} targets:\n{plan}");
    }
}

async fn lists_are_found_by_indexes(store: &Store) {
    let (everything, dialect) = (fill(store).await, store.session().dialect());
    referring_records_are_found_by_indexes(store, &everything).await;
    beside_lists::are_found_by_indexes(store, &everything).await;
    let words = search::index_table(&everything.compiled().collection);
    let index = match dialect {
        Dialect::Sqlite => "VIRTUAL TABLE INDEX",
        Dialect::Postgres => &format!("Bitmap Index Scan on {words}_words"),
    };
    for (rule, sort, index, sorted) in [
        // The default order of an account's records is read off an index, either way.
        ("", "-created_at", "list_col_posts", true),
        ("", "created_at", "list_col_posts", true),
        // What somebody has made, either way.
        ("created_by = \"user-7\"", "-created_at", "own_col_posts", true),
        ("created_by = \"user-7\"", "created_at", "own_col_posts", true),
        // A reference, and a unique field.
        ("parent = \"r17\"", "id", "ix_col_posts$parent", false),
        ("parent = \"r17\"", "-created_at", "ix_col_posts$parent", true),
        ("code = \"c17\"", "id", "_col_posts$code", false),
        ("sku = \"k17\"", "-created_at", "cx_col_posts$by_sku", false),
        // Words, a beginning of one, and words of those that match anything else.
        ("body @@ \"w17\"", "-created_at", index, false),
        ("body @@ \"all n1700*\"", "id", index, false),
        ("body @@ \"n17\" && title = \"x\" && created_by != \"y\"", "id", index, false),
        // An index over the fields of filter and order, either way.
        ("status = \"s3\"", "-price", "cx_col_posts$by_price", true),
        ("status = \"s3\"", "price", "cx_col_posts$by_price", true),
    ] {
        let plan = plan(store, list(&when(&everything, rule), sort, dialect)).await;
        assert!(plan.contains(index), "{rule} by {sort}:\n{plan}");
        assert!(!reads_all(&plan), "{rule} by {sort}:\n{plan}");
        assert!(!(sorted && sorts(&plan)), "{rule} by {sort}:\n{plan}");
    }
    // Records whose ids are known are not looked for among all of an account or of a parent.
    let children = when(&everything, "parent = \"r17\" && created_by != \"y\"");
    for scope in [&everything, &children] {
        let ids: Vec<_> = (0..30).map(|n| format!("r{}", n * 50 + 6)).collect();
        let mut select = read::select(scope);
        read::restrict_to(&mut select, scope, &ids, dialect);
        let plan = plan(store, Stmt::build(dialect, &select)).await;
        let by_id = match dialect {
            Dialect::Sqlite => plan.contains("USING INDEX sqlite_autoindex_col_posts_1 (id=?)"),
            Dialect::Postgres => !reads_all(&plan) && !plan.contains("Index Scan using list_col_posts"),
        };
        assert!(by_id, "{plan}");
    }
    // The default order over all accounts, as superadmins see it.
    let whole = scope_of_transfer(everything.compiled());
    for sort in ["-created_at", "created_at"] {
        let plan = plan(store, list(&whole, sort, dialect)).await;
        assert!(plan.contains("all_col_posts") && !reads_all(&plan) && !sorts(&plan), "{sort}:\n{plan}");
    }
    for (descending, backwards) in [(true, false), (true, true), (false, false), (false, true)] {
        let plan = plan(store, far_down(&everything, descending, backwards, dialect)).await;
        let goes_on = match dialect {
            Dialect::Sqlite => plan.contains("USING INDEX list_col_posts (account_id=? AND (created_at"),
            Dialect::Postgres => plan.contains("list_col_posts") && plan.contains("(ROW(created_at, id)"),
        };
        assert!(goes_on && !sorts(&plan), "{plan}");
    }
}

/// A page far down the list, newest first or oldest first, after or before a row.
fn far_down(scope: &Scoped, descending: bool, backwards: bool, dialect: Dialect) -> Stmt {
    let moment = match dialect {
        Dialect::Sqlite => 10_007,
        Dialect::Postgres => 10_007_000_000,
    };
    let from =
        Position { keys: vec![SortValue::Instant { micros: moment, text: None }], id: "r10007".to_owned() };
    let sort = vec![Sort { by: SortBy::Field("created_at".to_owned()), descending }];
    let query = SeekQuery { sort, as_of: moment, from: Some(from), backwards, limit: 30, count: false };
    Stmt::build(dialect, &read::seek(scope, &query, dialect))
}

#[tokio::test]
async fn lists_are_found_by_indexes_on_sqlite() {
    let folder = tempfile::TempDir::new().unwrap();
    let options = SqliteOptions::new(folder.path().join("plans.db"));
    let store = Store::open(&DatabaseOptions::Sqlite(options)).await.unwrap();
    store.migrate().await.unwrap();
    lists_are_found_by_indexes(&store).await;
    // Words lead to records by their ids, whatever else is asked for.
    let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
    store.migrate().await.unwrap();
    let everything = fill(&store).await;
    for rule in ["body @@ \"w17\"", "title = \"x\" && body @@ \"w17\" && body @@ \"n*\""] {
        let plan = plan(&store, list(&when(&everything, rule), "-created_at", Dialect::Sqlite)).await;
        assert!(plan.contains("USING INDEX sqlite_autoindex_col_posts_1 (id=?)"), "{rule}:\n{plan}");
    }
}

#[tokio::test]
async fn lists_are_found_by_indexes_on_postgres() {
    let Some(server) = std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) else {
        use std::io::Write as _;
        writeln!(std::io::stderr(), "SKIPPED plans on PostgreSQL: TEST_POSTGRES_URL names no server")
            .unwrap();
        return;
    };
    let name = format!("snackbase_plans_{}", std::process::id());
    let mut administrator = PgConnection::connect(&server).await.unwrap();
    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    for sql in [drop.clone(), format!("CREATE DATABASE {name}")] {
        administrator.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    let (address, parameters) = server.split_once('?').unwrap_or((&server, ""));
    let (host, _) = address.rsplit_once('/').unwrap();
    let options = PostgresOptions::new(format!("{host}/{name}?{parameters}"));
    let store = Store::open(&DatabaseOptions::Postgres(options.clone())).await.unwrap();
    store.migrate().await.unwrap();
    lists_are_found_by_indexes(&store).await;
    // Whoever sets the account for row security does not run in parallel, and row security hides
    // from the others.
    let options = PostgresOptions { row_security: false, ..options };
    let store = Store::open(&DatabaseOptions::Postgres(options)).await.unwrap();
    store.migrate().await.unwrap();
    functions_work_in_parallel_plans(&store, &account(7)).await;
    std::mem::drop(store);
    administrator.execute(AssertSqlSafe(drop)).await.unwrap();
}

/// As if the table were large.
async fn functions_work_in_parallel_plans(store: &Store, owner: &Account) {
    let posts = compiled(json!({"name": "posts", "fields": [{"name": "title", "type": "text"}]}));
    let work = store.work();
    let cheap = "SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; \
                 SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL enable_indexscan = off; \
                 SET LOCAL enable_bitmapscan = off";
    work.session.connection.script(cheap.to_owned()).await.unwrap();
    let count = |rule: &str| {
        let scope = within(&posts, owner, rule);
        let columns = RecordColumns(&scope);
        let condition = lower_condition(scope.predicate().unwrap(), &columns, Dialect::Postgres, scope.now());
        let mut select = read::from(&scope);
        select.expr(sea_query::Expr::cust("COUNT(*)")).and_where(condition);
        Stmt::build(Dialect::Postgres, &select)
    };
    let plain = count("length(title) > 0");
    let explain = Stmt::new(format!("EXPLAIN {}", plain.sql), plain.values.clone());
    let plan = work.session.connection.query(explain).await.unwrap();
    assert!(format!("{plan:?}").contains("Parallel"), "several processes would read: {plan:?}");
    for rule in [
        "length(title) > 0",
        "title + 1 > 0 && title - 1 < 1000000",
        "title * 2 >= 0 && title / 2 >= 0",
        "round(title, 1) >= 0 && round(title) >= 0",
        "date_diff(concat(\"2024-01-0\", title), created_at, \"days\") > 0 || title + 1 > 0",
        "date_add(created_at, 1, \"days\") > created_at",
    ] {
        let rows = work.session.connection.query(count(rule)).await.unwrap_or_else(|e| panic!("{rule}: {e}"));
        assert_eq!(crate::driver::scalar(&rows), 20_000, "{rule}");
    }
}
