//! Groups of records.

use std::collections::BTreeMap;

use snackbase_application::access::Scoped;
use snackbase_application::json;
use snackbase_application::ports::{AggregateQuery, Group, Measure};
use snackbase_domain::record::{Record, Value, canonical};
use snackbase_rules::{self as rules, Row as _};

use super::row::{MemoryRow, evaluated, order, unique_key};

/// The groups of these records.
pub(super) fn groups(scoped: &Scoped, query: &AggregateQuery, records: &[Record]) -> Vec<Group> {
    let mut by_key: BTreeMap<Vec<Option<String>>, Vec<&Record>> = BTreeMap::new();
    if query.group_by.is_empty() {
        by_key.insert(Vec::new(), Vec::new());
    }
    for record in records {
        let keys = query.group_by.iter().map(|name| unique_key(&canonical_value(scoped, record, name)));
        by_key.entry(keys.collect()).or_default().push(record);
    }
    let groups = by_key.into_values().map(|records| {
        let measures: Vec<_> =
            query.measures.iter().map(|(_, measure)| measured(scoped, measure, &records)).collect();
        let keys = query.group_by.iter().map(|name| {
            let values = records.iter().map(|record| canonical_value(scoped, record, name));
            values.min_by_key(time_text).unwrap_or(Value::Null)
        });
        let earliest = query.earliest.then(|| {
            let first = records.iter().map(|record| record.created_at).min().unwrap_or(0);
            let id = records.iter().map(|record| record.id.to_string()).min().unwrap_or_default();
            (first, id)
        });
        Group { keys: keys.collect(), measures, earliest }
    });
    let wanted = |group: &Group| match &query.having {
        Some(having) => rules::eval_condition(having, &Results { query, group }, scoped.now()) == Some(true),
        None => true,
    };
    groups.filter(wanted).take(usize::try_from(query.limit).unwrap_or(usize::MAX)).collect()
}

fn time_text(value: &Value) -> Option<String> {
    match value {
        Value::Time { text, .. } => Some(text.clone()),
        _ => None,
    }
}

/// A stored value, or that of a system field.
fn value(scoped: &Scoped, record: &Record, name: &str) -> Value {
    let collection = &scoped.compiled().collection;
    if let Some(position) = collection.stored_fields().position(|f| f.name.as_str() == name) {
        return record.values.get(position).cloned().unwrap_or(Value::Null);
    }
    match (MemoryRow { state: None, collection, record }).get(name) {
        rules::Value::Text(text) => Value::Text(text),
        rules::Value::Instant { micros, .. } => Value::Time { text: json::instant_text(micros), micros },
        _ => Value::Null,
    }
}

fn canonical_value(scoped: &Scoped, record: &Record, name: &str) -> Value {
    match value(scoped, record, name) {
        Value::Json(tree) => Value::Json(canonical(&tree)),
        // There is no negative zero among groups.
        Value::Number(n) => Value::Number(n + 0.0),
        other => other,
    }
}

fn measured(scoped: &Scoped, measure: &Measure, records: &[&Record]) -> Value {
    let values = |name: &str| -> Vec<Value> {
        let all = records.iter().map(|record| value(scoped, record, name));
        all.filter(|value| !value.is_null()).collect()
    };
    let ordered = |name: &str| {
        let mut values = values(name);
        values.sort_by(|a, b| {
            order(&evaluated(a), &evaluated(b)).then_with(|| time_text(a).cmp(&time_text(b)))
        });
        values
    };
    let sum = |name: &str| {
        let mut sum = None::<rules::functions::DecimalSum>;
        for value in values(name) {
            if let Value::Number(n) = value {
                sum.get_or_insert_default().add(n);
            }
        }
        sum.map(|sum| sum.total())
    };
    let number = |n: Option<f64>| n.map_or(Value::Null, Value::Number);
    match measure {
        Measure::Rows => Value::Number(records.len() as f64),
        Measure::Count(typed) => {
            let present = records.iter().filter(|record| {
                let row = MemoryRow { state: None, collection: &scoped.compiled().collection, record };
                rules::eval(typed, &row, scoped.now()) != rules::Value::Null
            });
            Value::Number(present.count() as f64)
        }
        Measure::Sum(name) => number(sum(name)),
        Measure::Avg(name) => number(sum(name).map(|sum| sum / values(name).len() as f64)),
        Measure::Min(name) => ordered(name).into_iter().next().unwrap_or(Value::Null),
        Measure::Max(name) => ordered(name).pop().unwrap_or(Value::Null),
    }
}

/// The results of a group as expressions see them.
struct Results<'a> {
    query: &'a AggregateQuery,
    group: &'a Group,
}

impl rules::Row for Results<'_> {
    fn get(&self, alias: &str) -> rules::Value {
        let position = self.query.measures.iter().position(|(key, _)| key == alias);
        position.and_then(|position| self.group.measures.get(position)).map_or(rules::Value::Null, evaluated)
    }
}
