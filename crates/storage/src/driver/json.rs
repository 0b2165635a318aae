//! Rows straight to JSON text.

use snackbase_application::json;

/// How a column's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonKind {
    Text,
    Number,
    /// Null reads false.
    Boolean,
    /// A moment.
    Instant,
    /// JSON text, as it is.
    Json,
}

/// A part of an object: a column of the row, or fixed text.
#[derive(Clone, Debug)]
pub(crate) enum JsonPart {
    Column { key: String, kind: JsonKind },
    Fixed(Vec<u8>),
}

/// The object that a row becomes.
#[derive(Clone, Debug, Default)]
pub(crate) struct JsonShape {
    parts: Vec<JsonPart>,
}

impl JsonShape {
    /// Adds a column, in the order of the statement's columns.
    pub fn column(&mut self, name: &str, kind: JsonKind) {
        let key = format!("{}{}:", self.separator(), serde_json::Value::from(name));
        self.parts.push(JsonPart::Column { key, kind });
    }

    /// Adds a key whose value is the same in all rows; `None` is null.
    pub fn fixed(&mut self, name: &str, value: Option<&str>) {
        let value = serde_json::Value::from(value);
        let text = format!("{}{}:{value}", self.separator(), serde_json::Value::from(name));
        self.parts.push(JsonPart::Fixed(text.into_bytes()));
    }

    fn separator(&self) -> char {
        if self.parts.is_empty() { '{' } else { ',' }
    }

    /// Writes one object; `write` writes the value of the column at an index.
    pub fn write<E>(
        &self,
        out: &mut Vec<u8>,
        mut write: impl FnMut(&mut Vec<u8>, usize, JsonKind) -> Result<(), E>,
    ) -> Result<(), E> {
        if !out.is_empty() {
            out.push(b',');
        }
        let mut index = 0;
        for part in &self.parts {
            match part {
                JsonPart::Fixed(text) => out.extend_from_slice(text),
                JsonPart::Column { key, kind } => {
                    out.extend_from_slice(key.as_bytes());
                    write(out, index, *kind)?;
                    index += 1;
                }
            }
        }
        out.push(b'}');
        Ok(())
    }
}

/// Writes what a column without a value reads.
pub(crate) fn write_null(out: &mut Vec<u8>, kind: JsonKind) {
    match kind {
        JsonKind::Boolean => json::boolean(out, false),
        _ => json::null(out),
    }
}
