//! Binds values and reads rows.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_query::Value;
use snackbase_application::json;
use snackbase_application::ports::StoreError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, Column, Row as _, TypeInfo, ValueRef};

use super::classify;
use crate::driver::Row;
use crate::driver::json::{JsonKind, JsonShape, write_null};

/// The values of a statement, typed.
pub(super) fn arguments(values: Vec<Value>) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    for value in values {
        let added = match value {
            Value::Bool(v) => arguments.add(v),
            Value::TinyInt(v) => arguments.add(v.map(i16::from)),
            Value::SmallInt(v) => arguments.add(v),
            Value::Int(v) => arguments.add(v),
            Value::BigInt(v) => arguments.add(v),
            Value::TinyUnsigned(v) => arguments.add(v.map(i16::from)),
            Value::SmallUnsigned(v) => arguments.add(v.map(i32::from)),
            Value::Unsigned(v) => arguments.add(v.map(i64::from)),
            Value::BigUnsigned(v) => arguments.add(v.map(u64::cast_signed)),
            Value::Float(v) => arguments.add(v.map(f64::from)),
            Value::Double(v) => arguments.add(v),
            Value::String(v) => arguments.add(v),
            Value::Char(v) => arguments.add(v.map(|c| c.to_string())),
            Value::Bytes(v) => arguments.add(v),
            Value::Json(v) => arguments.add(v.map(|v| sqlx::types::Json(*v))),
            Value::ChronoDateTimeUtc(v) => arguments.add(v),
            other => return Err(StoreError::Other(format!("cannot bind {other:?}"))),
        };
        added.map_err(|e| StoreError::Other(e.to_string()))?;
    }
    Ok(arguments)
}

/// The names of a row's columns.
pub(super) fn columns(row: &PgRow) -> Arc<[String]> {
    row.columns().iter().map(|column| column.name().to_owned()).collect()
}

/// Reads all values of a row.
pub(super) fn read(row: &PgRow, columns: &Arc<[String]>) -> Result<Row, StoreError> {
    let values = (0..row.len()).map(|i| value(row, i)).collect::<Result<_, _>>().map_err(classify)?;
    Ok(Row { columns: Arc::clone(columns), values })
}

fn value(row: &PgRow, index: usize) -> Result<Value, sqlx::Error> {
    let type_name = row.column(index).type_info().name().to_owned();
    Ok(match type_name.as_str() {
        "BOOL" => Value::Bool(row.try_get(index)?),
        // Integers of every size are read with 64 bits, as on SQLite.
        "INT2" => Value::BigInt(row.try_get::<Option<i16>, _>(index)?.map(i64::from)),
        "INT4" => Value::BigInt(row.try_get::<Option<i32>, _>(index)?.map(i64::from)),
        "INT8" => Value::BigInt(row.try_get(index)?),
        "FLOAT4" => Value::Float(row.try_get(index)?),
        "FLOAT8" => Value::Double(row.try_get(index)?),
        "TIMESTAMPTZ" => Value::ChronoDateTimeUtc(row.try_get(index)?),
        "JSON" | "JSONB" => {
            let tree: Option<sqlx::types::Json<serde_json::Value>> = row.try_get(index)?;
            Value::Json(tree.map(|tree| Box::new(tree.0)))
        }
        "VOID" => Value::String(None),
        _ => Value::String(row.try_get(index)?),
    })
}

/// Writes a row as JSON text.
pub(super) fn write(out: &mut Vec<u8>, row: &PgRow, shape: &JsonShape) -> Result<(), StoreError> {
    shape.write(out, |out, index, kind| write_value(out, kind, row, index).map_err(classify))
}

fn write_value(out: &mut Vec<u8>, kind: JsonKind, row: &PgRow, index: usize) -> Result<(), sqlx::Error> {
    let raw = row.try_get_raw(index)?;
    if raw.is_null() {
        write_null(out, kind);
        return Ok(());
    }
    match kind {
        JsonKind::Text => json::string(out, row.try_get(index)?),
        JsonKind::Number => json::number(out, row.try_get(index)?),
        JsonKind::Boolean => json::boolean(out, row.try_get(index)?),
        JsonKind::Instant => {
            let time: DateTime<Utc> = row.try_get(index)?;
            json::instant(out, time.timestamp_micros());
        }
        JsonKind::Json => {
            let text = raw.as_bytes().map_err(sqlx::Error::Decode)?;
            // The binary form of jsonb is a version byte and the text.
            out.extend_from_slice(text.strip_prefix(b"\x01").unwrap_or(text));
        }
    }
    Ok(())
}
