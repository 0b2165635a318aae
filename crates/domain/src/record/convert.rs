//! Stored values under another type of field.

use serde_json::Value as Json;

use super::{Value, check_value};
use crate::collection::FieldType;

/// The value that a stored one becomes when its field gets another type; `None` when it means nothing
/// there. Null stays null, nothing is rounded or cut, and references are only checked for their form.
pub fn convert(value: &Value, to: &FieldType) -> Option<Value> {
    if value.is_null() {
        return Some(Value::Null);
    }
    let json = match (to, value) {
        (FieldType::Computed(_), _) => return None,
        (FieldType::Json | FieldType::File, Value::Json(tree)) => tree.clone(),
        (FieldType::Json, _) => plain(value),
        (FieldType::Number, Value::Bool(b)) => Json::from(u8::from(*b)),
        (FieldType::Number, Value::Text(text)) => {
            Json::from(text.trim().parse::<f64>().ok().filter(|n| n.is_finite())?)
        }
        (FieldType::Number, Value::Json(tree)) if tree.is_number() => tree.clone(),
        (FieldType::Boolean, Value::Json(Json::Bool(b))) => Json::from(*b),
        (FieldType::Boolean, Value::Number(n)) if *n == 0.0 || *n == 1.0 => Json::from(*n == 1.0),
        (FieldType::Boolean, Value::Text(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Json::from(true),
            "false" | "0" => Json::from(false),
            _ => return None,
        },
        (FieldType::Number | FieldType::Boolean, _) => plain(value),
        _ => Json::from(words(value)),
    };
    check_value(to, &json).ok()
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::from(*b),
        // As replies write it: whole numbers without a point, as far as doubles tell them apart.
        Value::Number(n) if n.fract() == 0.0 && n.abs() <= 9_007_199_254_740_992.0 => Json::from(*n as i64),
        Value::Number(n) => Json::from(*n),
        Value::Text(text) | Value::Time { text, .. } => Json::from(text.as_str()),
        Value::Json(tree) => tree.clone(),
    }
}

/// A value as text: whole numbers without a point, texts of JSON without quotes.
fn words(value: &Value) -> String {
    match plain(value) {
        Json::String(text) => text,
        // Displaying an f64 gives digits that read as the same number, without an exponent.
        Json::Number(n) if n.is_f64() => n.as_f64().map_or_else(String::new, |n| n.to_string()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn value(ty: &FieldType, json: Json) -> Value {
        check_value(ty, &json).unwrap()
    }

    fn file() -> Json {
        json!({"filename": "a", "size": 1, "mime_type": "t", "path": "p"})
    }

    #[test]
    fn values_keep_their_meaning_or_do_not_convert() {
        use FieldType::*;
        for (from, sent, to, expected) in [
            (Text, json!(" 1.50 "), Number, Some(json!(1.5))),
            (Text, json!("1e3"), Number, Some(json!(1000))),
            (Text, json!("one"), Number, None),
            (Number, json!(2), Json, Some(json!(2))),
            (Number, json!(-2.5), Json, Some(json!(-2.5))),
            (Text, json!("inf"), Number, None),
            (Text, json!("TRUE"), Boolean, Some(json!(true))),
            (Text, json!("yes"), Boolean, None),
            (Text, json!("2024-02-29"), Date, Some(json!("2024-02-29"))),
            (Text, json!("2024-02-30"), Date, None),
            (Text, json!("a@b.cd"), Email, Some(json!("a@b.cd"))),
            (Text, json!("a@b"), Email, None),
            (Text, json!("{}"), Json, Some(json!("{}"))),
            (Text, json!("{}"), File, None),
            (Number, json!(3), Text, Some(json!("3"))),
            (Number, json!(-0.25), Text, Some(json!("-0.25"))),
            (Number, json!(1e21), Text, Some(json!("1000000000000000000000"))),
            (Number, json!(1), Boolean, Some(json!(true))),
            (Number, json!(2), Boolean, None),
            (Boolean, json!(true), Number, Some(json!(1))),
            (Boolean, json!(false), Text, Some(json!("false"))),
            (Boolean, json!(true), Datetime, None),
            (Datetime, json!("2024-01-01T00:00:00Z"), Text, Some(json!("2024-01-01T00:00:00Z"))),
            (Datetime, json!("2024-01-01T10:00:00Z"), Date, None),
            (Date, json!("2024-01-01"), Datetime, Some(json!("2024-01-01"))),
            (Json, json!("a"), Text, Some(json!("a"))),
            (Json, json!({"a": 1}), Text, Some(json!("{\"a\":1}"))),
            (Json, json!({"a": 1}), File, None),
            (Json, file(), File, Some(file())),
            (Text, file().to_string().into(), File, Some(file())),
            (Json, json!([1]), Number, None),
        ] {
            let expected = expected.map(|json| value(&to, json));
            assert_eq!(convert(&value(&from, sent.clone()), &to), expected, "{sent} as {}", to.name());
            assert_eq!(convert(&Value::Null, &to), Some(Value::Null));
        }
    }
}
