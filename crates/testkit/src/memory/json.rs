//! Records as the JSON text of replies.

use snackbase_application::access::{AccountName, Scoped};
use snackbase_application::json;
use snackbase_domain::collection::FieldType;
use snackbase_domain::record::{Record, Value};

/// Writes one record, with the keys of the projection.
pub(super) fn write(out: &mut Vec<u8>, scoped: &Scoped, record: &Record, account_name: Option<&str>) {
    let mut key = b'{';
    let mut text = |out: &mut Vec<u8>, name: &str, value: Option<&str>| {
        out.push(std::mem::replace(&mut key, b','));
        json::string(out, name);
        out.push(b':');
        match value {
            Some(value) => json::string(out, value),
            None => json::null(out),
        }
    };
    let moment = |out: &mut Vec<u8>, name: &str, micros| {
        out.extend_from_slice(format!(",\"{name}\":").as_bytes());
        json::instant(out, micros);
    };
    text(out, "id", Some(record.id.as_str()));
    text(out, "account_id", Some(&record.account_id.to_string()));
    moment(out, "created_at", record.created_at);
    text(out, "created_by", Some(&record.created_by));
    moment(out, "updated_at", record.updated_at);
    text(out, "updated_by", Some(&record.updated_by));
    match &scoped.projection().account_name {
        AccountName::Absent => {}
        AccountName::Null => text(out, "account_name", None),
        AccountName::Is(name) => text(out, "account_name", Some(name)),
        AccountName::OfEach => text(out, "account_name", account_name),
    }
    let mut values = record.values.iter();
    for (field, shown) in scoped.compiled().collection.fields.iter().zip(&scoped.projection().fields) {
        let Some(value) = (!field.is_computed()).then(|| values.next()).flatten() else {
            continue;
        };
        if *shown {
            out.extend_from_slice(format!(",\"{}\":", field.name).as_bytes());
            write_value(out, &field.ty, value);
        }
    }
    out.push(b'}');
}

/// An unset boolean reads false.
fn write_value(out: &mut Vec<u8>, ty: &FieldType, value: &Value) {
    match value {
        Value::Null if *ty == FieldType::Boolean => json::boolean(out, false),
        Value::Null => json::null(out),
        Value::Bool(b) => json::boolean(out, *b),
        Value::Number(n) => json::number(out, *n),
        Value::Text(text) | Value::Time { text, .. } => json::string(out, text),
        Value::Json(tree) => out.extend_from_slice(tree.to_string().as_bytes()),
    }
}
