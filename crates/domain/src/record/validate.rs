//! Checks what is sent for a record against the collection's schema.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value as Json};
use snackbase_rules::functions::{parse_date, parse_instant};

use super::Value;
use crate::AccountId;
use crate::FieldFault;
use crate::collection::{Collection, Field, FieldType};
use crate::file::FileMetadata;

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$").expect("a fixed pattern")
});
static URL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^https?://[^\s/$.?#].[^\s]*$").expect("a fixed pattern"));

/// Why a value does not fit its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFault {
    pub message: String,
    pub code: &'static str,
}

fn fault<T>(message: impl Into<String>, code: &'static str) -> Result<T, ValueFault> {
    Err(ValueFault { message: message.into(), code })
}

/// The name of a JSON value's type as messages give it.
fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Number(n) if n.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "list",
        Json::Object(_) => "dict",
    }
}

fn has_nul(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(has_nul),
        Json::Object(map) => map.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// Converts what was sent for a field of this type; `null` fits every type.
/// References are only checked for their form.
pub fn check_value(ty: &FieldType, value: &Json) -> Result<Value, ValueFault> {
    let wrong =
        |expected: &str| fault(format!("Expected {expected}, got {}", type_name(value)), "invalid_type");
    if value.is_null() {
        return Ok(Value::Null);
    }
    if has_nul(value) {
        return fault("NUL characters are not allowed", "invalid_type");
    }
    match (ty, value) {
        (FieldType::Text, Json::String(text)) => Ok(Value::Text(text.clone())),
        (FieldType::Text, _) => wrong("text value"),
        (FieldType::Number, Json::Number(n)) => match n.as_f64().filter(|n| n.is_finite()) {
            Some(n) => Ok(Value::Number(n)),
            None => fault("Expected number value, got a number out of range", "invalid_type"),
        },
        (FieldType::Number, _) => wrong("number value"),
        (FieldType::Boolean, Json::Bool(b)) => Ok(Value::Bool(*b)),
        (FieldType::Boolean, _) => wrong("boolean value"),
        (FieldType::Datetime, Json::String(text)) => match parse_instant(text) {
            Some(micros) => Ok(Value::Time { text: text.clone(), micros }),
            None => fault(
                "Invalid datetime format. Use ISO 8601 format (e.g., 2024-01-01T12:00:00Z)",
                "invalid_datetime_format",
            ),
        },
        (FieldType::Datetime, _) => wrong("datetime string"),
        (FieldType::Date, Json::String(text)) => match parse_date(text) {
            Some(micros) => Ok(Value::Time { text: text.clone(), micros }),
            None => fault("Invalid date format. Use YYYY-MM-DD format", "invalid_date_format"),
        },
        (FieldType::Date, _) => wrong("date string"),
        (FieldType::Email, Json::String(text)) if EMAIL.is_match(text) => Ok(Value::Text(text.clone())),
        (FieldType::Email, Json::String(_)) => fault("Invalid email format", "invalid_email_format"),
        (FieldType::Email, _) => wrong("email string"),
        (FieldType::Url, Json::String(text)) if URL.is_match(text) => Ok(Value::Text(text.clone())),
        (FieldType::Url, Json::String(_)) => {
            fault("Invalid URL format. Must start with http:// or https://", "invalid_url_format")
        }
        (FieldType::Url, _) => wrong("URL string"),
        (FieldType::Reference(_), Json::String(text)) if text.is_empty() => {
            fault("Reference ID cannot be empty", "empty_reference")
        }
        (FieldType::Reference(_), Json::String(text)) => Ok(Value::Text(text.clone())),
        (FieldType::Reference(_), _) => wrong("reference ID (string)"),
        (FieldType::Json, _) => Ok(Value::Json(value.clone())),
        (FieldType::File, _) => match FileMetadata::read(value, type_name) {
            Ok(metadata) => Ok(Value::Text(metadata.text())),
            Err((message, code)) => fault(message, code),
        },
        (FieldType::Computed(_), _) => Ok(Value::Null),
    }
}

/// How absent keys are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftMode {
    /// Required fields must be there, defaults are applied, the rest is null.
    Create,
    /// Required fields must be there, defaults are applied, the rest is kept.
    Replace,
    /// What is absent is kept.
    Patch,
}

/// A reference whose target must exist in the record's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceToCheck {
    pub field: String,
    /// Name of the target collection.
    pub collection: String,
    pub id: String,
}

/// What was sent, converted: a value for each stored field (in schema order),
/// `None` for those to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub values: Vec<Option<Value>>,
    pub references: Vec<ReferenceToCheck>,
}

/// Checks a body against the schema: unknown fields first, then each field in
/// schema order, then references. Those of a well-formed id are still to be
/// looked up; when other faults are found, the caller adds theirs to the list.
pub fn validate(
    collection: &Collection,
    body: &Map<String, Json>,
    mode: DraftMode,
) -> (Draft, Vec<FieldFault>) {
    let mut faults: Vec<_> = body
        .keys()
        .filter(|key| collection.field(key).is_none())
        .map(|key| {
            let message = format!("Unknown field '{key}' not defined in collection schema");
            FieldFault::new(key, message, "unknown_field")
        })
        .collect();
    let mut draft = Draft { values: Vec::new(), references: Vec::new() };
    let mut bad_references = Vec::new();
    for field in collection.stored_fields() {
        let sent = body.get(field.name.as_str());
        let checked = check_field(field, sent, mode);
        let value = match checked.and_then(|value| fits_indexes(collection, field, value)) {
            Ok(value) => value,
            Err(fault) => {
                if let (Some(reference), Some(sent)) = (field.reference(), sent)
                    && !sent.is_null()
                {
                    let id = sent.as_str().map_or_else(|| sent.to_string(), str::to_owned);
                    bad_references.push(unknown_reference(field.name.as_str(), &id, &reference.collection));
                }
                faults.push(FieldFault::new(field.name.as_str(), fault.message, fault.code));
                Some(Value::Null)
            }
        };
        if let (Some(reference), Some(Value::Text(id))) = (field.reference(), &value) {
            draft.references.push(ReferenceToCheck {
                field: field.name.to_string(),
                collection: reference.collection.clone(),
                id: id.clone(),
            });
        }
        draft.values.push(value);
    }
    faults.extend(bad_references);
    (draft, faults)
}

fn check_field(field: &Field, sent: Option<&Json>, mode: DraftMode) -> Result<Option<Value>, ValueFault> {
    let name = &field.name;
    match sent {
        Some(Json::Null) if field.required => {
            fault(format!("Required field '{name}' cannot be null"), "required_null")
        }
        Some(value) => check_value(&field.ty, value).map(Some),
        None if mode == DraftMode::Patch => Ok(None),
        None if field.required => fault(format!("Required field '{name}' is missing"), "required_missing"),
        None if !field.default.is_null() => check_value(&field.ty, &field.default).map(Some),
        None if mode == DraftMode::Create => Ok(Some(Value::Null)),
        None => Ok(None),
    }
}

fn fits_indexes(
    collection: &Collection,
    field: &Field,
    value: Option<Value>,
) -> Result<Option<Value>, ValueFault> {
    match &value {
        Some(known) => collection.check_indexed(field, known).map(|()| value),
        None => Ok(None),
    }
}

/// The faults of file fields whose path is not one of the account's.
pub fn foreign_files(collection: &Collection, draft: &Draft, account: AccountId) -> Vec<FieldFault> {
    let values = collection.stored_fields().zip(&draft.values);
    let files = values.filter(|(field, _)| field.ty == FieldType::File);
    let foreign = files.filter(|(_, value)| match value {
        Some(Value::Text(text)) => {
            let path = FileMetadata::stored(text).and_then(|metadata| metadata.path());
            path.is_none_or(|path| path.account() != account)
        }
        _ => false,
    });
    let message = "File path does not belong to this account";
    foreign.map(|(field, _)| FieldFault::new(field.name.as_str(), message, "invalid_file_metadata")).collect()
}

/// The fault of a reference whose target is not there.
pub fn unknown_reference(field: &str, id: &str, collection: &str) -> FieldFault {
    FieldFault::new(
        field,
        format!("Referenced record '{id}' not found in collection '{collection}'"),
        "invalid_reference",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::{OnDelete, Reference};
    use serde_json::json;

    fn message(ty: &FieldType, value: Json) -> String {
        check_value(ty, &value).unwrap_err().message
    }

    #[test]
    fn each_type_takes_its_own_values() {
        use FieldType::*;
        for (ty, good) in [
            (Text, json!("")),
            (Number, json!(1)),
            (Number, json!(-1.5e300)),
            (Boolean, json!(false)),
            (Datetime, json!("2024-01-01")),
            (Datetime, json!("2024-01-01 12:00:00.123456+02:00")),
            (Date, json!("2024-02-29")),
            (Email, json!("a.b+c@sub.example.org")),
            (Url, json!("HTTPS://x.y/z?q=1#f")),
            (Json, json!([{"a": null}])),
        ] {
            assert!(check_value(&ty, &good).is_ok(), "{ty:?} {good}");
            assert_eq!(check_value(&ty, &json!(null)), Ok(Value::Null));
        }
    }

    #[test]
    fn and_refuses_others_with_the_right_words() {
        use FieldType::*;
        assert_eq!(message(&Text, json!(5)), "Expected text value, got int");
        assert_eq!(message(&Number, json!("5")), "Expected number value, got str");
        assert_eq!(message(&Number, json!(true)), "Expected number value, got bool");
        assert_eq!(message(&Boolean, json!(1)), "Expected boolean value, got int");
        assert_eq!(message(&Date, json!("2023-02-29")), "Invalid date format. Use YYYY-MM-DD format");
        assert_eq!(message(&Date, json!([])), "Expected date string, got list");
        assert_eq!(message(&Datetime, json!(1.5)), "Expected datetime string, got float");
        assert_eq!(message(&Email, json!("a@b")), "Invalid email format");
        assert_eq!(
            message(&Url, json!("ftp://x.y")),
            "Invalid URL format. Must start with http:// or https://"
        );
        assert_eq!(message(&Text, json!("a\0b")), "NUL characters are not allowed");
        assert_eq!(message(&Json, json!({"a": ["\0"]})), "NUL characters are not allowed");
        let reference = Reference(self::Reference { collection: "c".into(), on_delete: OnDelete::Cascade });
        assert_eq!(message(&reference, json!(5)), "Expected reference ID (string), got int");
        assert_eq!(message(&reference, json!("")), "Reference ID cannot be empty");
    }
}
