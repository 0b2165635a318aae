//! Records as rows of tables (CSV, RFC 4180).

use serde_json::Value as Json;
use snackbase_domain::collection::{ACCOUNT_NAME, Collection, FieldType, SYSTEM_FIELDS};

use super::Body;
use crate::access::{AccountName, Projection};
use crate::catalog::Compiled;

/// What spreadsheets take for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The names of the columns of an export, in the order of a record's keys.
pub(super) fn columns(compiled: &Compiled, projection: &Projection) -> Vec<String> {
    let mut names: Vec<String> = SYSTEM_FIELDS.map(str::to_owned).into();
    if projection.account_name != AccountName::Absent {
        names.push(ACCOUNT_NAME.to_owned());
    }
    let fields = || compiled.collection.fields.iter().zip(&projection.fields).filter(|(_, shown)| **shown);
    let stored = fields().filter(|(field, _)| !field.is_computed());
    let computed = fields().filter(|(field, _)| field.is_computed());
    names.extend(stored.chain(computed).map(|(field, _)| field.name.to_string()));
    names
}

/// A row: the values of a record in the order of its keys.
pub(super) fn row(record: &[u8]) -> Result<Vec<String>, serde_json::Error> {
    let record: Body = serde_json::from_slice(record)?;
    Ok(record.values().map(cell).collect())
}

/// A value as text: null is nothing, lists and objects are JSON.
fn cell(value: &Json) -> String {
    let text = match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    if is_formula(&text) { format!("'{text}") } else { text }
}

/// Whether an apostrophe must stand before a text: before what spreadsheets would
/// calculate, and before what would else be read as if one had been put there.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The text that was exported as this cell.
fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// What a client would have sent for a row. Cells that are empty are not sent; what is
/// no value of its field's type stays text, and is refused as that.
pub(super) fn body(collection: &Collection, names: &[Option<String>], cells: &csv::StringRecord) -> Body {
    let mut body = Body::new();
    for (name, cell) in names.iter().zip(cells) {
        let Some(name) = name.as_ref().filter(|_| !cell.is_empty()) else {
            continue;
        };
        let text = plain(cell);
        let typed = match collection.field(name).map(|field| &field.ty) {
            Some(FieldType::Number) => text.parse::<f64>().ok().and_then(number),
            Some(FieldType::Boolean) => match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Some(Json::Bool(true)),
                "false" | "0" => Some(Json::Bool(false)),
                _ => None,
            },
            Some(FieldType::Json | FieldType::File) => serde_json::from_str(text).ok(),
            _ => None,
        };
        body.insert(name.clone(), typed.unwrap_or_else(|| Json::from(text)));
    }
    body
}

fn number(n: f64) -> Option<Json> {
    serde_json::Number::from_f64(n).map(Json::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_all_come_back() {
        for (text, shown) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("-5", "'-5"),
            ("+1", "'+1"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("''@", "'''@"),
            ("'quoted'", "'quoted'"),
            ("'", "'"),
        ] {
            assert_eq!(cell(&json!(text)), shown);
            assert_eq!(plain(shown), text);
        }
        assert_eq!(
            [json!(null), json!(-1.5), json!(true), json!({"a": [1]})].map(|v| cell(&v)),
            ["", "'-1.5", "true", "{\"a\":[1]}"]
        );
    }
}
