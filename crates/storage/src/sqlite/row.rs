//! Binds values and reads rows.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement};
use sea_query::Value;
use snackbase_application::json;
use snackbase_application::ports::StoreError;

use super::classify;
use crate::driver::json::{JsonKind, JsonShape, write_null};
use crate::driver::stream::{BLOCK, Requests};
use crate::driver::{Row, Stmt, failed};

/// How system tables keep times on SQLite: RFC 3339 in UTC with microseconds,
/// so that texts sort as the times do. (Records keep microseconds.)
fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Owned;
        Ok(match self.0 {
            Value::Bool(Some(v)) => ToSqlOutput::from(*v),
            Value::TinyInt(Some(v)) => ToSqlOutput::from(*v),
            Value::SmallInt(Some(v)) => ToSqlOutput::from(*v),
            Value::Int(Some(v)) => ToSqlOutput::from(*v),
            Value::BigInt(Some(v)) => ToSqlOutput::from(*v),
            Value::TinyUnsigned(Some(v)) => ToSqlOutput::from(*v),
            Value::SmallUnsigned(Some(v)) => ToSqlOutput::from(*v),
            Value::Unsigned(Some(v)) => ToSqlOutput::from(*v),
            Value::BigUnsigned(Some(v)) => ToSqlOutput::Owned(Owned::Integer((*v).cast_signed())),
            Value::Float(Some(v)) => ToSqlOutput::from(f64::from(*v)),
            Value::Double(Some(v)) => ToSqlOutput::from(*v),
            Value::String(Some(v)) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            Value::Char(Some(v)) => ToSqlOutput::Owned(Owned::Text(v.to_string())),
            Value::Bytes(Some(v)) => ToSqlOutput::Borrowed(ValueRef::Blob(v)),
            Value::Json(Some(v)) => ToSqlOutput::Owned(Owned::Text(v.to_string())),
            Value::ChronoDateTimeUtc(Some(v)) => ToSqlOutput::Owned(Owned::Text(time_text(*v))),
            _ => ToSqlOutput::Owned(Owned::Null),
        })
    }
}

/// What a column was declared as, as far as it matters for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Declared {
    Boolean,
    Time,
    Json,
    Integer,
    Real,
    Other,
}

fn declared(statement: &Statement<'_>) -> Vec<Declared> {
    let kind = |column: &rusqlite::Column<'_>| {
        let Some(ty) = column.decl_type() else {
            return Declared::Other;
        };
        match ty.to_ascii_lowercase() {
            ty if ty.contains("timestamp") => Declared::Time,
            ty if ty.contains("json") => Declared::Json,
            ty if ty == "boolean" => Declared::Boolean,
            // sea-query declares integers of every size alike: all are read with 64 bits.
            ty if ty == "integer" || ty == "bigint" => Declared::Integer,
            ty if ty.starts_with("real") || ty.starts_with("double") => Declared::Real,
            _ => Declared::Other,
        }
    };
    statement.columns().iter().map(kind).collect()
}

fn value(declared: Declared, value: ValueRef<'_>) -> Result<Value, StoreError> {
    let broken = |what: &str| StoreError::Inconsistent(format!("a column holds no {what}"));
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| broken("UTF-8 text"));
    Ok(match (declared, value) {
        (Declared::Boolean, ValueRef::Null) => Value::Bool(None),
        (Declared::Boolean, ValueRef::Integer(n)) => Value::Bool(Some(n != 0)),
        (Declared::Time, ValueRef::Null) => Value::ChronoDateTimeUtc(None),
        (Declared::Time, ValueRef::Text(bytes)) => {
            let time = DateTime::parse_from_rfc3339(&text(bytes)?).map_err(|_| broken("time"))?;
            Value::ChronoDateTimeUtc(Some(time.to_utc()))
        }
        (Declared::Json, ValueRef::Null) => Value::Json(None),
        (Declared::Json, ValueRef::Text(bytes)) => {
            Value::Json(Some(Box::new(serde_json::from_slice(bytes).map_err(|_| broken("JSON"))?)))
        }
        (Declared::Integer, ValueRef::Null) => Value::BigInt(None),
        (Declared::Real, ValueRef::Null) => Value::Double(None),
        (_, ValueRef::Null) => Value::String(None),
        (_, ValueRef::Integer(n)) => Value::BigInt(Some(n)),
        (_, ValueRef::Real(n)) => Value::Double(Some(n)),
        (_, ValueRef::Text(bytes)) => Value::String(Some(text(bytes)?)),
        (_, ValueRef::Blob(bytes)) => Value::Bytes(Some(bytes.to_vec())),
    })
}

/// Runs a statement that answers rows.
pub(super) fn query(connection: &Connection, stmt: &Stmt) -> Result<Vec<Row>, StoreError> {
    stmt.log();
    let failed = |error| failed(stmt.calls_macros(), classify(error));
    let mut statement = connection.prepare_cached(&stmt.sql).map_err(failed)?;
    let columns: Arc<[String]> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut types = None;
    let mut rows =
        statement.query(rusqlite::params_from_iter(stmt.values.iter().map(Bound))).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        // With the first row a statement that is older than its tables has been prepared anew.
        let values = types
            .get_or_insert_with(|| declared(row.as_ref()))
            .iter()
            .enumerate()
            .map(|(i, declared)| value(*declared, row.get_ref(i).map_err(failed)?))
            .collect::<Result<_, _>>()?;
        found.push(Row { columns: Arc::clone(&columns), values });
    }
    Ok(found)
}

/// Runs a statement and hands out its rows as they are asked for. One statement sees
/// one state of the database.
pub(super) fn stream(connection: &Connection, stmt: &Stmt, requests: &Requests) {
    if let Err(error) = hand_out(connection, stmt, requests) {
        requests.fail(error);
    }
}

fn hand_out(connection: &Connection, stmt: &Stmt, requests: &Requests) -> Result<(), StoreError> {
    stmt.log();
    let mut statement = connection.prepare(&stmt.sql).map_err(classify)?;
    let columns: Arc<[String]> = statement.column_names().into_iter().map(str::to_owned).collect();
    let types = declared(&statement);
    let mut rows =
        statement.query(rusqlite::params_from_iter(stmt.values.iter().map(Bound))).map_err(classify)?;
    let mut ended = false;
    while !ended {
        let mut block = Vec::with_capacity(BLOCK);
        while block.len() < BLOCK {
            let Some(row) = rows.next().map_err(classify)? else {
                ended = true;
                break;
            };
            let values = types
                .iter()
                .enumerate()
                .map(|(i, declared)| value(*declared, row.get_ref(i).map_err(classify)?))
                .collect::<Result<_, _>>()?;
            block.push(Row { columns: Arc::clone(&columns), values });
        }
        if !requests.answer(block) {
            return Ok(());
        }
    }
    requests.answer(Vec::new());
    Ok(())
}

/// Runs a statement and writes its rows as JSON text.
pub(super) fn query_json(
    connection: &Connection,
    stmt: &Stmt,
    shape: &JsonShape,
) -> Result<(Vec<u8>, u64), StoreError> {
    stmt.log();
    let failed = |error| failed(stmt.calls_macros(), classify(error));
    let mut statement = connection.prepare_cached(&stmt.sql).map_err(failed)?;
    let mut rows =
        statement.query(rusqlite::params_from_iter(stmt.values.iter().map(Bound))).map_err(failed)?;
    let mut out = Vec::with_capacity(1024);
    let mut count = 0;
    while let Some(row) = rows.next().map_err(failed)? {
        shape.write(&mut out, |out, index, kind| {
            write_value(out, kind, row.get_ref(index).map_err(failed)?)
        })?;
        count += 1;
    }
    Ok((out, count))
}

fn write_value(out: &mut Vec<u8>, kind: JsonKind, value: ValueRef<'_>) -> Result<(), StoreError> {
    match (kind, value) {
        (_, ValueRef::Null) => write_null(out, kind),
        (JsonKind::Boolean, ValueRef::Integer(n)) => json::boolean(out, n != 0),
        (JsonKind::Instant, ValueRef::Integer(micros)) => json::instant(out, micros),
        (JsonKind::Json, ValueRef::Text(bytes)) => out.extend_from_slice(bytes),
        (_, ValueRef::Text(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => json::string(out, text),
            Err(_) => return Err(StoreError::Inconsistent("a column holds no UTF-8 text".into())),
        },
        (_, ValueRef::Integer(n)) => json::number(out, n as f64),
        (_, ValueRef::Real(n)) => json::number(out, n),
        (_, ValueRef::Blob(_)) => {
            return Err(StoreError::Inconsistent("a column holds bytes".into()));
        }
    }
    Ok(())
}

/// Runs a statement that changes something.
pub(super) fn execute(connection: &Connection, stmt: &Stmt) -> Result<u64, StoreError> {
    stmt.log();
    let failed = |error| failed(stmt.calls_macros(), classify(error));
    let mut statement = connection.prepare_cached(&stmt.sql).map_err(failed)?;
    if statement.column_count() > 0 {
        // A statement with RETURNING whose rows nobody wants.
        let mut rows =
            statement.query(rusqlite::params_from_iter(stmt.values.iter().map(Bound))).map_err(failed)?;
        let mut count = 0;
        while rows.next().map_err(failed)?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    let changed =
        statement.execute(rusqlite::params_from_iter(stmt.values.iter().map(Bound))).map_err(failed)?;
    Ok(changed as u64)
}
