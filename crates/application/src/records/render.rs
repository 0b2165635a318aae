//! Writes records as JSON text.

use std::collections::HashMap;

use serde_json::Value as Json;
use snackbase_domain::collection::{ACCOUNT_NAME, FieldType, MaskType};
use snackbase_domain::record::{Record, Value, mask};
use snackbase_rules as rules;

use super::row::RecordRow;
use crate::access::{AccountName, Projection};
use crate::catalog::Compiled;
use crate::json;

/// Expanded references: for the position of a field, the text of each target by id.
pub(crate) type Expansions = HashMap<usize, HashMap<String, Vec<u8>>>;

/// How the values of file fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileForm {
    /// As text of JSON, which the API's clients read by themselves.
    Text,
    /// As the object.
    Object,
}

/// Writes one record, as replies show it.
pub(crate) fn record(
    out: &mut Vec<u8>,
    compiled: &Compiled,
    record: &Record,
    account_name: Option<&str>,
    projection: &Projection,
    expansions: &Expansions,
    now: i64,
) {
    record_with(out, compiled, record, account_name, projection, expansions, now, FileForm::Text);
}

/// Writes one record as events carry it: what a view shows, but files as objects.
pub(crate) fn event(
    out: &mut Vec<u8>,
    compiled: &Compiled,
    record: &Record,
    projection: &Projection,
    now: i64,
) {
    record_with(out, compiled, record, None, projection, &Default::default(), now, FileForm::Object);
}

/// Writes one record.
#[expect(clippy::too_many_arguments, reason = "what to write, of what, and how")]
pub(crate) fn record_with(
    out: &mut Vec<u8>,
    compiled: &Compiled,
    record: &Record,
    account_name: Option<&str>,
    projection: &Projection,
    expansions: &Expansions,
    now: i64,
    files: FileForm,
) {
    open(out, record);
    let account_name = match &projection.account_name {
        AccountName::Absent => None,
        AccountName::Null => Some(None),
        AccountName::Is(name) => Some(Some(name.as_str())),
        AccountName::OfEach => Some(account_name),
    };
    if let Some(name) = account_name {
        key(out, ACCOUNT_NAME);
        match name {
            Some(name) => json::string(out, name),
            None => json::null(out),
        }
    }
    let mut values = record.values.iter();
    for (position, field) in compiled.collection.fields.iter().enumerate() {
        let stored = if field.is_computed() { None } else { values.next() };
        if field.is_computed() || !projection.fields.get(position).copied().unwrap_or(false) {
            continue;
        }
        key(out, field.name.as_str());
        let expanded = expansions.get(&position).and_then(|targets| {
            stored.and_then(Value::as_text).map(|id| targets.get(id).map_or(&b"null"[..], Vec::as_slice))
        });
        let stored = stored.unwrap_or(&Value::Null);
        match (mask_of(projection, position), expanded) {
            (Some(kind), _) => masked(out, kind, value_text(stored).as_deref()),
            (None, Some(text)) => out.extend_from_slice(text),
            (None, None) => value(out, &field.ty, stored, files),
        }
    }
    let row = RecordRow { compiled, record };
    for computed in &compiled.computed {
        if projection.fields.get(computed.index).copied().unwrap_or(false) {
            key(out, compiled.collection.fields[computed.index].name.as_str());
            let found = rules::eval(&computed.expression, &row, now);
            match mask_of(projection, computed.index) {
                Some(kind) => masked(out, kind, computed_text(&found).as_deref()),
                None => computed_value(out, &found),
            }
        }
    }
    out.push(b'}');
}

/// Begins an object with the fields that each record has.
pub(crate) fn open(out: &mut Vec<u8>, record: &Record) {
    out.extend_from_slice(b"{\"id\":");
    json::string(out, record.id.as_str());
    out.extend_from_slice(b",\"account_id\":");
    json::string(out, &record.account_id.to_string());
    out.extend_from_slice(b",\"created_at\":");
    json::instant(out, record.created_at);
    out.extend_from_slice(b",\"created_by\":");
    json::string(out, &record.created_by);
    out.extend_from_slice(b",\"updated_at\":");
    json::instant(out, record.updated_at);
    out.extend_from_slice(b",\"updated_by\":");
    json::string(out, &record.updated_by);
}

fn key(out: &mut Vec<u8>, name: &str) {
    // Field names are ASCII identifiers: nothing to escape.
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Writes a stored value as replies show it: an unset boolean reads false.
fn value(out: &mut Vec<u8>, ty: &FieldType, value: &Value, files: FileForm) {
    match value {
        // Stored text is JSON.
        Value::Text(text) if *ty == FieldType::File && files == FileForm::Object => {
            out.extend_from_slice(text.as_bytes());
        }
        Value::Null if *ty == FieldType::Boolean => json::boolean(out, false),
        _ => stored_value(out, value),
    }
}

/// Writes a stored value as it is.
pub(crate) fn stored_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => json::null(out),
        Value::Bool(b) => json::boolean(out, *b),
        Value::Number(n) => json::number(out, *n),
        Value::Text(text) | Value::Time { text, .. } => json::string(out, text),
        Value::Json(tree) => {
            serde_json::to_writer(&mut *out, tree).expect("writing to memory cannot fail");
        }
    }
}

fn computed_value(out: &mut Vec<u8>, value: &rules::Value) {
    match value {
        rules::Value::Null | rules::Value::Json => json::null(out),
        rules::Value::Bool(b) => json::boolean(out, *b),
        rules::Value::Number(n) => json::number(out, *n),
        rules::Value::Text(text) => json::string(out, text),
        rules::Value::Instant { micros, .. } => json::string(out, &rules::functions::instant_text(*micros)),
    }
}

/// The value of an expression as replies show it.
pub(crate) fn computed_json(value: &rules::Value) -> Json {
    let mut text = Vec::new();
    computed_value(&mut text, value);
    serde_json::from_slice(&text).unwrap_or_default()
}

fn mask_of(projection: &Projection, position: usize) -> Option<MaskType> {
    projection.masks.get(position).copied().flatten()
}

/// Writes what a caller sees who may not see the value; null stays null.
pub(super) fn masked(out: &mut Vec<u8>, kind: MaskType, text: Option<&str>) {
    match text {
        Some(text) => json::string(out, &mask(kind, text)),
        None => json::null(out),
    }
}

/// A value as text, for masking.
pub(crate) fn value_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(b) => bool_text(*b),
        Value::Number(n) => number_text(*n),
        Value::Text(text) | Value::Time { text, .. } => text.clone(),
        Value::Json(tree) => tree.to_string(),
    })
}

/// The same of a value in a reply.
pub(super) fn json_text(value: &Json) -> Option<String> {
    Some(match value {
        Json::Null => return None,
        Json::Bool(b) => bool_text(*b),
        Json::Number(n) => n.as_f64().map_or_else(|| n.to_string(), number_text),
        Json::String(text) => text.clone(),
        Json::Array(_) | Json::Object(_) => value.to_string(),
    })
}

fn computed_text(value: &rules::Value) -> Option<String> {
    Some(match value {
        rules::Value::Null | rules::Value::Json => return None,
        rules::Value::Bool(b) => bool_text(*b),
        rules::Value::Number(n) => number_text(*n),
        rules::Value::Text(text) => text.clone(),
        rules::Value::Instant { micros, .. } => rules::functions::instant_text(*micros),
    })
}

/// The words whose length a mask shows.
fn bool_text(b: bool) -> String {
    if b { "True".to_owned() } else { "False".to_owned() }
}

fn number_text(n: f64) -> String {
    let mut text = Vec::new();
    json::number(&mut text, n);
    String::from_utf8_lossy(&text).into_owned()
}
