//! An expression means the same in memory, on SQLite and on PostgreSQL.
//!
//! Random rules and filters of random callers are evaluated over random rows in three
//! ways, as values and as conditions, and must agree; a case is one expression of one
//! caller over one row. `AGREEMENT_SEED` repeats a run, `AGREEMENT_CASES` says how many
//! cases it has at least (a nightly run takes 1000000). PostgreSQL takes part when
//! `TEST_POSTGRES_URL` is set.

mod generate;
mod limits;

use std::hash::{BuildHasher, Hasher, RandomState};

use chrono::{DateTime, Utc};
use rusqlite::types::Value as SqliteValue;
use sea_query::{
    Alias, Expr as Sql, ExprTrait, IntoTableRef, PostgresQueryBuilder, Query, SqliteQueryBuilder, TableRef,
};
use snackbase_rls::{Columns, Dialect, lower, lower_condition};
use snackbase_rules::search::words;
use snackbase_rules::{
    Expr, Node, Operation, Scope, Type, Typed, Value, bind, elaborate, eval, eval_condition,
};
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use generate::{NOW, Random, RowOf, Rows, SEARCHABLE, TABLE};

const CASES: u64 = 45_000;
const ROWS: usize = 100;
const EXPRESSIONS: usize = 20;
const CALLERS: usize = 3;

/// By name or alias.
struct Table(String);

impl Columns for Table {
    fn native(&self, field: &str) -> Sql {
        Sql::col((Alias::new(&self.0), Alias::new(field)))
    }

    fn text(&self, field: &str) -> Sql {
        self.native(&format!("{field}_text"))
    }

    fn target(&self, collection: &str, alias: &str) -> Option<(TableRef, Box<dyn Columns>)> {
        let table = Alias::new(collection).into_table_ref().alias(Alias::new(alias));
        Some((table, Box::new(Self(alias.to_owned()))))
    }

    fn words(&self, field: &str) -> Sql {
        self.native(&format!("{field}_words"))
    }
}

/// What is compared: an expression as a value and as a condition.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    value: Value,
    condition: Option<bool>,
}

fn plain(value: Value) -> Value {
    match value {
        // The sign of zero cannot be told by any expression.
        Value::Number(0.0) => Value::Number(0.0),
        Value::Instant { micros, .. } => Value::Instant { micros, text: None },
        value => value,
    }
}

fn in_memory(typed: &Typed, row: &RowOf<'_>) -> Outcome {
    Outcome { value: plain(eval(typed, row, NOW)), condition: eval_condition(typed, row, NOW) }
}

/// One statement that evaluates all expressions over all rows, in the order of rows.
fn statement(batch: &[Typed], dialect: Dialect) -> sea_query::SelectStatement {
    let mut select = Query::select();
    let table = Table(TABLE.to_owned());
    for typed in batch {
        let value = lower(typed, &table, dialect, NOW);
        select.expr(if typed.ty == Type::Json { value.is_not_null() } else { value });
        select.expr(lower_condition(typed, &table, dialect, NOW));
    }
    select.from(Alias::new(TABLE)).order_by(Alias::new("row"), sea_query::Order::Asc);
    select
}

fn on_sqlite(rows: &Rows, batch: &[Typed]) -> Vec<Vec<Outcome>> {
    let db = rusqlite::Connection::open_in_memory().expect("opens");
    snackbase_storage::register_functions(&db).expect("registers");
    db.execute_batch(
        "CREATE TABLE agreement_rows (row INTEGER, t TEXT, u TEXT, t_words TEXT, u_words TEXT, ref TEXT, id TEXT,
         account_id TEXT, created_by TEXT, n REAL, m REAL,
         ok INTEGER, flag INTEGER, at INTEGER, at_text TEXT, d INTEGER, d_text TEXT,
         created_at INTEGER, created_at_text TEXT, j TEXT); CREATE INDEX by_id ON agreement_rows (id)",
    )
    .expect("creates");
    for (index, row) in rows.rows.iter().enumerate() {
        let mut columns = vec!["row".to_owned()];
        let mut values = vec![SqliteValue::Integer(index as i64)];
        for (name, value) in row {
            columns.push((*name).to_owned());
            let column = match value.clone() {
                Value::Null => SqliteValue::Null,
                Value::Bool(value) => SqliteValue::Integer(value.into()),
                Value::Number(value) => SqliteValue::Real(value),
                Value::Text(value) => {
                    if SEARCHABLE.contains(name) {
                        columns.insert(1, format!("{name}_words"));
                        values.insert(1, SqliteValue::Text(words(&value)));
                    }
                    SqliteValue::Text(value)
                }
                Value::Json => SqliteValue::Text("{}".into()),
                Value::Instant { micros, text } => {
                    columns.push(format!("{name}_text"));
                    values.push(SqliteValue::Integer(micros));
                    text.map_or(SqliteValue::Null, SqliteValue::Text)
                }
            };
            values.push(column);
        }
        let marks = vec!["?"; values.len()].join(", ");
        let sql = format!("INSERT INTO agreement_rows ({}) VALUES ({marks})", columns.join(", "));
        db.execute(&sql, rusqlite::params_from_iter(values)).expect("inserts");
    }
    let (sql, values) = statement(batch, Dialect::Sqlite).build(SqliteQueryBuilder);
    let values = values.into_iter().map(|value| match value {
        sea_query::Value::Double(Some(value)) => SqliteValue::Real(value),
        sea_query::Value::String(Some(value)) => SqliteValue::Text(value),
        sea_query::Value::BigInt(Some(value)) => SqliteValue::Integer(value),
        other => panic!("not bound by lowering: {other:?}"),
    });
    let mut prepared = db.prepare(&sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let mut found = prepared.query(rusqlite::params_from_iter(values)).expect("runs");
    let mut all = Vec::new();
    while let Some(row) = found.next().unwrap_or_else(|error| panic!("{error}\n{sql}")) {
        let outcome = |(index, typed): (usize, &Typed)| {
            let raw: SqliteValue = row.get(2 * index).expect("a column");
            let value = match (typed.ty, raw) {
                (Type::Json, SqliteValue::Integer(0)) | (_, SqliteValue::Null) => Value::Null,
                (Type::Json, _) => Value::Json,
                (Type::Bool, SqliteValue::Integer(value)) => Value::Bool(value != 0),
                (Type::Number, SqliteValue::Real(value)) => Value::Number(value),
                (Type::Text, SqliteValue::Text(value)) => Value::Text(value),
                (Type::Instant, SqliteValue::Integer(micros)) => Value::Instant { micros, text: None },
                (ty, raw) => panic!("{ty:?} as {raw:?} in {typed:?}\n{sql}"),
            };
            Outcome { value: plain(value), condition: row.get(2 * index + 1).expect("a truth value") }
        };
        all.push(batch.iter().enumerate().map(outcome).collect());
    }
    all
}

async fn on_postgres(db: &mut PgConnection, rows: &Rows, batch: &[Typed]) -> Vec<Vec<Outcome>> {
    db.execute("TRUNCATE agreement_rows").await.expect("truncates");
    for (index, row) in rows.rows.iter().enumerate() {
        let mut insert = Query::insert();
        let mut columns = vec![Alias::new("row")];
        let mut values = vec![Sql::val(index as i64)];
        for (name, value) in row {
            columns.push(Alias::new(*name));
            let column = match value.clone() {
                Value::Null => Sql::cust("NULL"),
                Value::Bool(value) => Sql::val(value),
                Value::Number(value) => Sql::val(value),
                Value::Text(value) => {
                    if SEARCHABLE.contains(name) {
                        columns.insert(1, Alias::new(format!("{name}_words")));
                        values.insert(1, Sql::val(words(&value)));
                    }
                    Sql::val(value)
                }
                Value::Json => Sql::cust("'{}'"),
                Value::Instant { micros, text } => {
                    columns.push(Alias::new(format!("{name}_text")));
                    values.push(Sql::val(DateTime::from_timestamp_micros(micros)));
                    text.map_or(Sql::cust("NULL"), Sql::val)
                }
            };
            values.push(column);
        }
        insert.into_table(Alias::new("agreement_rows")).columns(columns).values_panic(values);
        let (sql, values) = insert.build(PostgresQueryBuilder);
        bound(&sql, values).execute(&mut *db).await.expect("inserts");
    }
    let (sql, values) = statement(batch, Dialect::Postgres).build(PostgresQueryBuilder);
    let found = bound(&sql, values).fetch_all(&mut *db).await;
    let found = found.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let outcome = |row: &sqlx::postgres::PgRow, index: usize, typed: &Typed| {
        let at = 2 * index;
        let value = match typed.ty {
            Type::Null => None,
            Type::Bool => row.get::<Option<bool>, _>(at).map(Value::Bool),
            Type::Number => row.get::<Option<f64>, _>(at).map(Value::Number),
            Type::Text => row.get::<Option<String>, _>(at).map(Value::Text),
            Type::Instant => row
                .get::<Option<DateTime<Utc>>, _>(at)
                .map(|time| Value::Instant { micros: time.timestamp_micros(), text: None }),
            Type::Json => row.get::<bool, _>(at).then_some(Value::Json),
        };
        Outcome { value: plain(value.unwrap_or(Value::Null)), condition: row.get(at + 1) }
    };
    found
        .iter()
        .map(|row| batch.iter().enumerate().map(|(index, typed)| outcome(row, index, typed)).collect())
        .collect()
}

fn bound(
    sql: &str,
    values: sea_query::Values,
) -> sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments> {
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()));
    for value in values {
        query = match value {
            sea_query::Value::Bool(value) => query.bind(value),
            sea_query::Value::Double(value) => query.bind(value),
            sea_query::Value::String(value) => query.bind(value),
            sea_query::Value::BigInt(value) => query.bind(value),
            sea_query::Value::ChronoDateTimeUtc(value) => query.bind(value),
            other => panic!("not bound by lowering: {other:?}"),
        };
    }
    query
}

/// A connection with the functions and the table, and settings that must not matter.
async fn postgres(schema: &str) -> Option<PgConnection> {
    let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
        println!("agreement: TEST_POSTGRES_URL is not set, PostgreSQL is left out");
        return None;
    };
    let mut db = PgConnection::connect(&url).await.expect("connects");
    let functions = include_str!("../../../../migrations/src/postgres_functions.sql");
    let setup = format!(
        "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema}; {functions};
         CREATE TABLE agreement_rows (row bigint, t text COLLATE \"C\", u text COLLATE \"C\",
         t_words text COLLATE \"C\", u_words text COLLATE \"C\", ref text COLLATE \"C\", id text COLLATE \"C\",
         account_id text COLLATE \"C\", created_by text COLLATE \"C\", n double precision, m double precision,
         ok boolean, flag boolean, at timestamptz, at_text text COLLATE \"C\", d timestamptz,
         d_text text COLLATE \"C\", created_at timestamptz, created_at_text text COLLATE \"C\",
         j jsonb); CREATE INDEX ON agreement_rows (id);
         SET TimeZone = 'America/New_York'; SET DateStyle = 'German, DMY'; SET extra_float_digits = 0"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(setup)).execute(&mut db).await.expect("sets up");
    Some(db)
}

fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(value) => value.parse().expect("a number"),
        Err(_) => default,
    }
}

/// The part of an expression that differs although none of its operands does.
fn smallest(typed: &Typed, mut differs: impl FnMut(&Typed) -> bool) -> Typed {
    let mut found = typed.clone();
    loop {
        let operands = match found.node {
            // Its operands are about another record.
            Node::Through { .. } => Vec::new(),
            _ => found.children().into_iter().cloned().collect(),
        };
        match operands.into_iter().find(|operand| differs(operand)) {
            Some(operand) => found = operand,
            None => return found,
        }
    }
}

#[test]
fn evaluation_and_databases_agree() {
    let seed = setting("AGREEMENT_SEED", RandomState::new().build_hasher().finish());
    println!("agreement: AGREEMENT_SEED={seed}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut db = runtime.block_on(postgres("agreement_random"));
    let wanted = setting("AGREEMENT_CASES", CASES);
    let (mut cases, mut known, mut round) = (0, 0, 0);
    while cases < wanted {
        let mut random = Random(seed.wrapping_add(round));
        let schema = random.schema();
        let rows = random.rows(ROWS);
        let scope = random.pick(&[Scope::Filter, Scope::Rule(Operation::Update)]);
        let mut exprs: Vec<Expr> = Vec::new();
        for _ in 0..EXPRESSIONS {
            let depth = 1 + random.below(4);
            if scope == Scope::Filter {
                exprs.push(random.expr(depth, true));
                continue;
            }
            let rule = random.rule(depth);
            for _ in 0..CALLERS {
                let caller = random.caller(&rows);
                exprs.push(bind(&rule, &caller).unwrap_or_else(|e| panic!("{e}: {rule}")));
            }
        }
        let mut batch: Vec<Typed> = exprs
            .iter()
            .map(|expr| elaborate(expr, &schema, scope).unwrap_or_else(|e| panic!("{e}: {expr}")))
            .collect();
        // There is no notation for relevance: lists are ordered by it.
        exprs.push(Expr::field("relevance"));
        batch.push(Typed::relevance(SEARCHABLE.map(str::to_owned).into(), random.query()));
        let sqlite = on_sqlite(&rows, &batch);
        let postgres = db.as_mut().map(|db| runtime.block_on(on_postgres(db, &rows, &batch)));
        for row in 0..rows.rows.len() {
            for (index, typed) in batch.iter().enumerate() {
                let expected = in_memory(typed, &rows.get(row));
                let others = [("SQLite", Some(&sqlite)), ("PostgreSQL", postgres.as_ref())];
                for (name, outcomes) in others {
                    let Some(outcomes) = outcomes else { continue };
                    if expected == outcomes[row][index] {
                        continue;
                    }
                    let differs = |part: &Typed| {
                        let one = std::slice::from_ref(part);
                        let found = match (name, db.as_mut()) {
                            ("PostgreSQL", Some(db)) => runtime.block_on(on_postgres(db, &rows, one)),
                            _ => on_sqlite(&rows, one),
                        };
                        found[row][0] != in_memory(part, &rows.get(row))
                    };
                    panic!(
                        "memory says {expected:?} and {name} {:?}; seed {seed}, round {round}\n\
                         expression: {}\nsmallest part that differs: {:?}\nrow: {:?}",
                        outcomes[row][index],
                        exprs[index],
                        smallest(typed, differs),
                        rows.rows[row]
                    );
                }
                cases += 1;
                known += u64::from(expected.value != Value::Null);
            }
        }
        round += 1;
    }
    println!("agreement: {cases} cases agree in {round} rounds, {known} values are not null");
}
