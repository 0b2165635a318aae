//! Tests of the language as a whole, by stage.

mod binding;
mod checking;
mod conversions;
mod meaning;
mod references;
mod syntax;

use std::collections::BTreeMap;

use crate::{Expr, FieldDef, FieldKind, ReturnType, Row, Schema, Value, functions, parse};

fn expr(text: &str) -> Expr {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// One field of each type, named by its first letters.
fn schema() -> Schema {
    Schema::new([
        FieldDef::new("title", FieldKind::Text),
        FieldDef::new("n", FieldKind::Number),
        FieldDef::new("m", FieldKind::Number),
        FieldDef::new("ok", FieldKind::Boolean),
        FieldDef::new("at", FieldKind::Datetime),
        FieldDef::new("d", FieldKind::Date),
        FieldDef::new("em", FieldKind::Email),
        FieldDef::new("ref", FieldKind::Reference),
        FieldDef::new("j", FieldKind::Json),
        FieldDef::new("file", FieldKind::File),
        FieldDef::computed("dbl", ReturnType::Number, expr("n * 2")),
        FieldDef::computed("big", ReturnType::Boolean, expr("n > 10")),
        FieldDef::computed("due", ReturnType::Datetime, expr("date_add(at, 1, 'days')")),
        FieldDef::computed("label", ReturnType::Text, expr("n")),
    ])
}

/// A row given as field and value; absent fields are null.
struct Record(BTreeMap<&'static str, Value>);

impl Record {
    fn new<const N: usize>(fields: [(&'static str, Value); N]) -> Self {
        Self(fields.into())
    }
}

impl Row for Record {
    fn get(&self, field: &str) -> Value {
        self.0.get(field).cloned().unwrap_or(Value::Null)
    }

    fn stored_macro(&self, name: &str, args: &[Value]) -> Option<bool> {
        (name == "is_one").then(|| args == [Value::Number(1.0)])
    }
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn time(value: &str) -> Value {
    let micros = functions::parse_instant(value).expect("a time");
    Value::Instant { micros, text: Some(value.to_owned()) }
}
