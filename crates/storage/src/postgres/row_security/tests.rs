//! Statements that forget the account condition, over the store's own connections.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_query::{Alias, Expr, Query, Value};
use serde_json::json;
use snackbase_application::access::Tenant;
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{Storage as _, StoreError};
use snackbase_domain::AccountId;
use snackbase_rls::Dialect;
use snackbase_testkit::builders::{account, compiled, everywhere, record};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::RowSecurity;
use crate::driver::{Connection, Stmt};
use crate::reach::told;
use crate::{DatabaseOptions, PostgresOptions, Store};

/// A database with login roles of its own.
struct Database {
    server: String,
    name: String,
}

impl Database {
    /// `None` when there is no server.
    async fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Some(server) = std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) else {
            let mut console = std::io::stderr();
            writeln!(console, "SKIPPED row security: TEST_POSTGRES_URL names no server").unwrap();
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let database = Self { server, name: format!("snackbase_wall_{}_{count}", std::process::id()) };
        let name = &database.name;
        database.statement(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        database.statement(&format!("CREATE ROLE {name} LOGIN PASSWORD 'secret'")).await;
        database.statement(&format!("CREATE DATABASE {name} OWNER {name}")).await;
        Some(database)
    }

    async fn statement(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    }

    /// Opens it as the server's superuser, with one connection for everything.
    async fn open(&self, row_security: bool) -> Store {
        let (before, query) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let (host, _) = before.rsplit_once('/').unwrap();
        self.open_at(format!("{host}/{}?{query}", self.name), row_security).await
    }

    /// Opens it as the login role that owns it.
    async fn open_as_owner(&self) -> Store {
        let (scheme, rest) = self.server.split_once("://").unwrap();
        let (host, query) = rest.split_once('?').unwrap_or((rest, ""));
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let (host, _) = host.rsplit_once('/').unwrap();
        self.open_at(format!("{scheme}://{0}:secret@{host}/{0}?{query}", self.name), true).await
    }

    async fn open_at(&self, url: String, row_security: bool) -> Store {
        let options = PostgresOptions { row_security, max_connections: 1, ..PostgresOptions::new(url) };
        let store = Store::open(&DatabaseOptions::Postgres(options)).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    async fn remove(self) {
        self.statement(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
        self.statement(&format!("DROP ROLE {}", self.name)).await;
    }
}

fn notes() -> Arc<Compiled> {
    compiled(json!({"name": "notes", "fields": [{"name": "title", "type": "text"}]}))
}

/// Two accounts with a note each.
async fn seed(store: &Store) {
    let notes = notes();
    let work = store.begin().await.unwrap();
    let repositories = work.repositories();
    for n in [1, 2] {
        repositories.accounts().insert(&account(n)).await.unwrap();
    }
    repositories.tables().create(&notes.collection).await.unwrap();
    for n in [1, 2] {
        let note = record(&notes, &account(n), &format!("note-{n}"), json!({"title": "a note"}));
        repositories.records().insert(&everywhere(&notes), &note).await.unwrap();
    }
    work.commit().await.unwrap();
}

fn first() -> AccountId {
    account(1).id
}

/// The notes that a statement without account condition finds.
async fn seen(connection: &dyn Connection, by: Option<Tenant>) -> Vec<String> {
    let select = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("col_notes"))
        .and_where_option(by.and_then(|tenant| told(tenant, Dialect::Postgres)))
        .order_by(Alias::new("id"), sea_query::Order::Asc)
        .take();
    let rows = connection.query(Stmt::build(Dialect::Postgres, &select)).await.unwrap();
    let id = |row: &crate::driver::Row| match &row.values[0] {
        Value::String(Some(id)) => id.clone(),
        other => panic!("no id: {other:?}"),
    };
    rows.iter().map(id).collect()
}

/// Changes notes without account condition; answers how many.
async fn changed(store: &Store, by: Tenant) -> u64 {
    let update = Query::update()
        .table(Alias::new("col_notes"))
        .value(Alias::new("title"), Expr::val("changed"))
        .and_where_option(told(by, Dialect::Postgres))
        .take();
    store.session().connection.execute(Stmt::build(Dialect::Postgres, &update)).await.unwrap()
}

/// Deletes notes without account condition, for a moment; answers how many.
async fn deleted(store: &Store, by: Tenant) -> u64 {
    let delete = Query::delete()
        .from_table(Alias::new("col_notes"))
        .and_where_option(told(by, Dialect::Postgres))
        .take();
    let work = store.work();
    let count = work.transaction.execute(Stmt::build(Dialect::Postgres, &delete)).await.unwrap();
    work.transaction.rollback().await.unwrap();
    count
}

/// Makes a note of an account on behalf of another.
async fn smuggled(store: &Store, id: &str, by: Tenant) -> Result<u64, StoreError> {
    let columns = ["id", "account_id", "created_by", "updated_by", "created_at", "updated_at"];
    let row = Query::select()
        .exprs([id, &account(2).id.to_string(), "x", "x"].map(Expr::val))
        .exprs([Expr::cust("now()"), Expr::cust("now()")])
        .and_where_option(told(by, Dialect::Postgres))
        .take();
    let insert = Query::insert()
        .into_table(Alias::new("col_notes"))
        .columns(columns.map(Alias::new))
        .select_from(row)
        .unwrap()
        .take();
    store.session().connection.execute(Stmt::build(Dialect::Postgres, &insert)).await
}

/// Holds for every connection that is bound by the wall.
async fn keeps_out(store: &Store) {
    let (own, all) = (Tenant::Account(first()), Tenant::All);
    let connection = store.session().connection.as_ref();
    assert_eq!(seen(connection, Some(own)).await, ["note-1"]);
    assert_eq!(seen(connection, None).await, [""; 0], "nothing is left on the pool's connection");
    assert_eq!(seen(connection, Some(all)).await, ["note-1", "note-2"]);
    assert_eq!(seen(connection, None).await, [""; 0], "nothing is left on the pool's connection");
    assert_eq!(changed(store, own).await, 1);
    assert_eq!(deleted(store, own).await, 1);
    let refusal = smuggled(store, "smuggled", own).await.unwrap_err();
    assert!(refusal.to_string().contains("row-level security"), "{refusal}");
    assert_eq!(smuggled(store, "given", all).await, Ok(1));
    assert_eq!(deleted(store, all).await, 3);
    // A unit of work that ends either way takes its reach with it.
    for commit in [true, false] {
        let work = store.work();
        assert_eq!(seen(work.transaction.as_ref(), Some(all)).await.len(), 3);
        match commit {
            true => work.transaction.commit().await.unwrap(),
            false => work.transaction.rollback().await.unwrap(),
        }
        assert_eq!(seen(connection, None).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_statement_that_forgets_the_account_reaches_its_own_rows_only() {
    let Some(database) = Database::new().await else { return };
    let store = database.open(true).await;
    assert_eq!(store.row_security(), RowSecurity::On, "as another role than the superuser");
    seed(&store).await;
    keeps_out(&store).await;
    drop(store);
    database.remove().await;
}

#[tokio::test]
async fn the_owner_of_the_tables_is_bound_too() {
    let Some(database) = Database::new().await else { return };
    let store = database.open_as_owner().await;
    assert_eq!(store.row_security(), RowSecurity::On);
    seed(&store).await;
    keeps_out(&store).await;
    drop(store);
    database.remove().await;
}

/// Shows, too, that the tests above can fail.
#[tokio::test]
async fn the_wall_comes_and_goes_with_the_setting() {
    let Some(database) = Database::new().await else { return };
    let store = database.open(false).await;
    assert_eq!(store.row_security(), RowSecurity::Off);
    seed(&store).await;
    let own = Tenant::Account(first());
    let unbound = async |store: &Store| {
        assert_eq!(seen(store.session().connection.as_ref(), None).await.len(), 2);
        assert_eq!(seen(store.session().connection.as_ref(), Some(own)).await.len(), 2);
        assert_eq!(changed(store, own).await, 2);
        assert_eq!(deleted(store, own).await, 2);
    };
    unbound(&store).await;
    drop(store);
    let store = database.open(true).await;
    assert_eq!(seen(store.session().connection.as_ref(), Some(own)).await, ["note-1"]);
    drop(store);
    let store = database.open(false).await;
    unbound(&store).await;
    assert_eq!(smuggled(&store, "smuggled", own).await, Ok(1));
    drop(store);
    database.remove().await;
}

#[tokio::test]
async fn a_login_role_that_cannot_be_bound_is_told_of() {
    let Some(database) = Database::new().await else { return };
    database.statement(&format!("ALTER ROLE {} BYPASSRLS", database.name)).await;
    let store = database.open_as_owner().await;
    assert_eq!(store.row_security(), RowSecurity::Bypassed);
    seed(&store).await;
    assert_eq!(seen(store.session().connection.as_ref(), None).await.len(), 2);
    drop(store);
    database.remove().await;
}
