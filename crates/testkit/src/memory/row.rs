//! Records as expressions see them, and how their values are ordered.

use std::cmp::Ordering;

use snackbase_domain::collection::{Collection, Index};
use snackbase_domain::record::{Record, Value, canonical};
use snackbase_rules as rules;

use super::references::target;
use super::state::{State, Table};

/// A record of a collection.
pub(crate) struct MemoryRow<'a> {
    /// Where the records are that it refers to, if that matters.
    pub state: Option<&'a State>,
    pub collection: &'a Collection,
    pub record: &'a Record,
}

impl rules::Row for MemoryRow<'_> {
    fn get(&self, field: &str) -> rules::Value {
        let record = self.record;
        match field {
            "id" => rules::Value::Text(record.id.to_string()),
            "account_id" => rules::Value::Text(record.account_id.to_string()),
            "created_by" => rules::Value::Text(record.created_by.clone()),
            "updated_by" => rules::Value::Text(record.updated_by.clone()),
            "created_at" => rules::Value::Instant { micros: record.created_at, text: None },
            "updated_at" => rules::Value::Instant { micros: record.updated_at, text: None },
            _ => {
                let position = self.collection.stored_fields().position(|f| f.name.as_str() == field);
                position.and_then(|i| record.values.get(i)).map_or(rules::Value::Null, evaluated)
            }
        }
    }
    fn related(&self, field: &str) -> Option<Box<dyn rules::Row + '_>> {
        let reference = self.collection.field(field)?.reference()?;
        let rules::Value::Text(id) = self.get(field) else { return None };
        let Table { collection, rows } = self.state?.tables.get(&target(reference)?)?;
        let record = rows.get(&id).filter(|record| record.account_id == self.record.account_id)?;
        Some(Box::new(MemoryRow { state: self.state, collection, record }))
    }
}

/// A stored value as expressions see it.
pub(super) fn evaluated(value: &Value) -> rules::Value {
    match value {
        Value::Null => rules::Value::Null,
        Value::Bool(b) => rules::Value::Bool(*b),
        Value::Number(n) => rules::Value::Number(*n),
        Value::Text(text) => rules::Value::Text(text.clone()),
        Value::Time { text, micros } => rules::Value::Instant { micros: *micros, text: Some(text.clone()) },
        Value::Json(_) => rules::Value::Json,
    }
}

/// The order of two values of a type, null first.
pub(super) fn order(a: &rules::Value, b: &rules::Value) -> Ordering {
    use rules::Value::{Bool, Instant, Null, Number, Text};
    match (a, b) {
        (Null, Null) => Ordering::Equal,
        (Null, _) => Ordering::Less,
        (_, Null) => Ordering::Greater,
        (Bool(a), Bool(b)) => a.cmp(b),
        (Number(a), Number(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Text(a), Text(b)) => a.cmp(b),
        (Instant { micros: a, .. }, Instant { micros: b, .. }) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// What tells rows of an account apart in an index; `None` never collides.
pub(super) fn index_key(collection: &Collection, index: &Index, record: &Record) -> Option<Vec<String>> {
    let key = |name: &str| match name {
        "created_at" => Some(record.created_at.to_string()),
        "updated_at" => Some(record.updated_at.to_string()),
        "created_by" => Some(record.created_by.clone()),
        _ => {
            let position = collection.stored_fields().position(|field| field.name.as_str() == name);
            position.and_then(|position| record.values.get(position)).and_then(unique_key)
        }
    };
    index.fields().into_iter().map(key).collect()
}

/// What tells values of a unique field apart; `None` never collides.
pub(super) fn unique_key(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(b) => Some(b.to_string()),
        Value::Number(n) => Some(n.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Time { micros, .. } => Some(micros.to_string()),
        Value::Json(tree) => Some(canonical(tree).to_string()),
    }
}
