//! Records as the evaluator sees them.

use snackbase_domain::record::{Record, Value};
use snackbase_rules as rules;

use crate::catalog::Compiled;

/// A record of a collection.
pub(crate) struct RecordRow<'a> {
    pub compiled: &'a Compiled,
    pub record: &'a Record,
}

impl rules::Row for RecordRow<'_> {
    fn get(&self, field: &str) -> rules::Value {
        let text = |text: &str| rules::Value::Text(text.to_owned());
        let instant = |micros| rules::Value::Instant { micros, text: None };
        match field {
            "id" => text(self.record.id.as_str()),
            "account_id" => text(&self.record.account_id.to_string()),
            "created_by" => text(&self.record.created_by),
            "updated_by" => text(&self.record.updated_by),
            "created_at" => instant(self.record.created_at),
            "updated_at" => instant(self.record.updated_at),
            _ => {
                let position =
                    self.compiled.collection.stored_fields().position(|f| f.name.as_str() == field);
                position.and_then(|i| self.record.values.get(i)).map_or(rules::Value::Null, evaluated)
            }
        }
    }
}

/// A stored value as the evaluator sees it.
pub(crate) fn evaluated(value: &Value) -> rules::Value {
    match value {
        Value::Null => rules::Value::Null,
        Value::Bool(b) => rules::Value::Bool(*b),
        Value::Number(n) => rules::Value::Number(*n),
        Value::Text(text) => rules::Value::Text(text.clone()),
        Value::Time { text, micros } => rules::Value::Instant { micros: *micros, text: Some(text.clone()) },
        Value::Json(_) => rules::Value::Json,
    }
}
