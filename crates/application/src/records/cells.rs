//! Records as rows of tables (CSV, RFC 4180).
//!
//! A field of a row that is empty is null; one that is empty in quotes is the empty text. JSON is
//! written as JSON text, also where it is a text alone.

use serde_json::Value as Json;
use snackbase_domain::collection::{ACCOUNT_NAME, Collection, FieldType, SYSTEM_FIELDS};

use super::Body;
use super::quoted::EMPTY;
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

/// Writes the names of the columns, with CR LF.
pub(super) fn write_header(out: &mut Vec<u8>, names: &[String]) {
    write_row(out, names.iter().map(|name| Some(name.clone())));
}

/// Writes a row: the values of a record, which is JSON text, in the order of its keys.
pub(super) fn write_record(
    out: &mut Vec<u8>,
    collection: &Collection,
    record: &[u8],
) -> Result<(), serde_json::Error> {
    let record: Body = serde_json::from_slice(record)?;
    let is_json = |name: &str| {
        let ty = collection.field(name).map(|field| &field.ty);
        matches!(ty, Some(FieldType::Json | FieldType::File))
    };
    write_row(out, record.iter().map(|(name, value)| cell(value, is_json(name))));
    Ok(())
}

/// Fields are in quotes where RFC 4180 wants it, and where they are empty but not absent.
fn write_row(out: &mut Vec<u8>, cells: impl Iterator<Item = Option<String>>) {
    for (position, cell) in cells.enumerate() {
        if position > 0 {
            out.push(b',');
        }
        match cell {
            None => {}
            Some(text) if text.is_empty() || text.contains(['"', ',', '\r', '\n']) => {
                out.push(b'"');
                out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
                out.push(b'"');
            }
            Some(text) => out.extend_from_slice(text.as_bytes()),
        }
    }
    out.extend_from_slice(b"\r\n");
}

/// A value as text; none for null.
fn cell(value: &Json, is_json: bool) -> Option<String> {
    let text = match value {
        Json::Null => return None,
        Json::String(text) if !is_json => text.clone(),
        other => other.to_string(),
    };
    Some(if is_formula(&text) { format!("'{text}") } else { text })
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

/// What a client would have sent for a row. What is no value of its field's type stays text, and is
/// refused as that. A field that is empty is null, which is not sent unless a default would take its
/// place; one that is empty in quotes is a text where the field holds texts, else as good as empty.
pub(super) fn body(collection: &Collection, names: &[Option<String>], cells: &csv::StringRecord) -> Body {
    let mut body = Body::new();
    for (name, cell) in names.iter().zip(cells) {
        let Some(name) = name.as_ref() else {
            continue;
        };
        let field = collection.field(name);
        let ty = field.map(|field| &field.ty);
        if cell == EMPTY && ty == Some(&FieldType::Text) {
            body.insert(name.clone(), Json::from(""));
            continue;
        }
        if cell.is_empty() || cell == EMPTY {
            if field.is_some_and(|field| !field.default.is_null()) {
                body.insert(name.clone(), Json::Null);
            }
            continue;
        }
        let text = plain(cell);
        body.insert(name.clone(), ty.map_or_else(|| Json::from(text), |ty| typed(ty, text)));
    }
    body
}

/// What a text means as the value of a field; what is no value of its type stays text.
pub(super) fn typed(ty: &FieldType, text: &str) -> Json {
    let typed = match ty {
        FieldType::Number => text.parse::<f64>().ok().and_then(number),
        FieldType::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(Json::Bool(true)),
            "false" | "0" => Some(Json::Bool(false)),
            _ => None,
        },
        FieldType::Json | FieldType::File => serde_json::from_str(text).ok(),
        _ => None,
    };
    typed.unwrap_or_else(|| Json::from(text))
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
            assert_eq!(cell(&json!(text), false).as_deref(), Some(shown));
            assert_eq!(plain(shown), text);
        }
        for (value, is_json, shown) in [
            (json!(null), true, None),
            (json!(-1.5), false, Some("'-1.5")),
            (json!(true), false, Some("true")),
            (json!({"a": [1]}), true, Some("{\"a\":[1]}")),
            (json!("12"), true, Some("\"12\"")),
            (json!(-12), true, Some("'-12")),
            (json!(""), false, Some("")),
        ] {
            assert_eq!(cell(&value, is_json).as_deref(), shown);
        }
    }

    #[test]
    fn a_row_is_quoted_where_it_must_be() {
        let mut out = Vec::new();
        let cells = ["a", "", "b\"c", "d,e", "f\r", "g h"].map(|cell| Some(cell.to_owned()));
        write_row(&mut out, cells.into_iter().chain([None, None]));
        assert_eq!(out, b"a,\"\",\"b\"\"c\",\"d,e\",\"f\r\",g h,,\r\n");
    }
}
