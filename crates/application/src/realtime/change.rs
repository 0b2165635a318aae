//! Changes of records as the log keeps them: by the names of fields, so that they can be read under
//! a schema that has changed since.

use serde_json::{Map, Value as Json};
use snackbase_domain::RecordId;
use snackbase_domain::collection::{Collection, Field, FieldType};
use snackbase_domain::record::{Record, Value, check_value, convert};
use snackbase_rules::functions::parse_instant;

use crate::json;
use crate::ports::{LogEntryKind, NewLogEntry, RecordOperation};
use crate::records::{open_record, stored_value};

/// A record before and after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordChange {
    /// `None` where it was not there yet.
    pub before: Option<Record>,
    /// `None` where it is gone.
    pub after: Option<Record>,
}

impl RecordChange {
    /// What happened; `None` where nothing did.
    pub fn operation(&self) -> Option<RecordOperation> {
        operation(self.before.as_ref(), self.after.as_ref())
    }
}

fn operation(before: Option<&Record>, after: Option<&Record>) -> Option<RecordOperation> {
    match (before, after) {
        (None, Some(_)) => Some(RecordOperation::Create),
        (Some(_), Some(_)) => Some(RecordOperation::Update),
        (Some(_), None) => Some(RecordOperation::Delete),
        (None, None) => None,
    }
}

/// The log's entry for a change of a record; `None` where there is no record before and after.
pub fn entry(
    collection: &Collection,
    before: Option<&Record>,
    after: Option<&Record>,
    occurred_at: i64,
) -> Option<NewLogEntry> {
    let (operation, known) = (operation(before, after)?, after.or(before)?);
    Some(NewLogEntry {
        kind: LogEntryKind::Record,
        account_id: Some(known.account_id),
        collection_id: Some(collection.id),
        record_id: Some(known.id.as_str().to_owned()),
        operation: Some(operation),
        body: body(collection, before, after),
        occurred_at,
    })
}

/// `{"before": {…}|null, "after": {…}|null}`: system fields and stored fields by name, the former's
/// times in UTC with microseconds, the latter's as they were sent.
fn body(collection: &Collection, before: Option<&Record>, after: Option<&Record>) -> String {
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(b"{\"before\":");
    side(&mut out, collection, before);
    out.extend_from_slice(b",\"after\":");
    side(&mut out, collection, after);
    out.push(b'}');
    String::from_utf8(out).expect("JSON is written as UTF-8")
}

fn side(out: &mut Vec<u8>, collection: &Collection, record: Option<&Record>) {
    let Some(record) = record else { return json::null(out) };
    open_record(out, record);
    for (field, value) in collection.stored_fields().zip(&record.values) {
        out.push(b',');
        json::string(out, field.name.as_str());
        out.push(b':');
        match value {
            // Short numbers have no sign for it.
            Value::Number(n) if *n == 0.0 && n.is_sign_negative() => out.extend_from_slice(b"-0.0"),
            value => stored_value(out, value),
        }
    }
    out.push(b'}');
}

/// Reads an entry's body for the collection as it is now. Fields that were not there then are null, and
/// so is what does not convert to the type that its field has by now. `None` when it was not written by
/// [`entry`].
pub fn read(collection: &Collection, body: &str) -> Option<RecordChange> {
    let Ok(Json::Object(mut sides)) = serde_json::from_str(body) else { return None };
    let mut side = |name| match sides.get_mut(name)?.take() {
        Json::Null => Some(None),
        Json::Object(told) => record(collection, told).map(Some),
        _ => None,
    };
    Some(RecordChange { before: side("before")?, after: side("after")? })
}

fn record(collection: &Collection, mut told: Map<String, Json>) -> Option<Record> {
    let mut text = |name| match told.get_mut(name)?.take() {
        Json::String(text) => Some(text),
        _ => None,
    };
    Some(Record {
        id: RecordId::new(text("id")?),
        account_id: text("account_id")?.parse().ok()?,
        created_at: parse_instant(&text("created_at")?)?,
        created_by: text("created_by")?,
        updated_at: parse_instant(&text("updated_at")?)?,
        updated_by: text("updated_by")?,
        values: collection
            .stored_fields()
            .map(|field| {
                told.get_mut(field.name.as_str()).map_or(Value::Null, |told| value(field, told.take()))
            })
            .collect(),
    })
}

fn value(field: &Field, told: Json) -> Value {
    match told {
        Json::Null => Value::Null,
        // As it was stored, whatever the field takes today.
        Json::String(text) if field.holds_text() || field.ty == FieldType::File => Value::Text(text),
        told => match check_value(&field.ty, &told) {
            Ok(value) => value,
            Err(_) => convert(&plain(told), &field.ty).unwrap_or(Value::Null),
        },
    }
}

/// A value whose type nobody tells any more.
fn plain(told: Json) -> Value {
    match told {
        Json::Bool(b) => Value::Bool(b),
        Json::Number(ref n) => n.as_f64().map_or(Value::Null, Value::Number),
        Json::String(text) => Value::Text(text),
        Json::Null => Value::Null,
        tree @ (Json::Array(_) | Json::Object(_)) => Value::Json(tree),
    }
}
