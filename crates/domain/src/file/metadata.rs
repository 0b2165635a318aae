//! The value of a file field: what a record keeps of a file.

use serde_json::{Map, Value as Json};

use super::FilePath;

/// The keys that must be there, sorted.
const REQUIRED: [&str; 4] = ["filename", "mime_type", "path", "size"];

/// What is wrong with a value: message and code.
pub type MetadataFault = (String, &'static str);

/// The object of an upload's reply, as a record keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct FileMetadata(Map<String, Json>);

impl FileMetadata {
    /// Reads an object, or JSON text of one; `kind` is the word for another value's type.
    ///
    /// # Errors
    /// What is missing or of a wrong type.
    pub fn read(sent: &Json, kind: impl Fn(&Json) -> &'static str) -> Result<Self, MetadataFault> {
        let wrong = |value: &Json| {
            let message = format!("Expected file metadata (dict or JSON string), got {}", kind(value));
            (message, "invalid_type")
        };
        let object = match sent {
            Json::Object(object) => object.clone(),
            Json::String(text) => match serde_json::from_str(text) {
                Ok(Json::Object(object)) => object,
                Ok(other) => return Err(wrong(&other)),
                Err(_) => {
                    return Err(("Invalid file metadata: must be valid JSON".to_owned(), "invalid_json"));
                }
            },
            other => return Err(wrong(other)),
        };
        let missing: Vec<_> = REQUIRED.into_iter().filter(|key| !object.contains_key(*key)).collect();
        if !missing.is_empty() {
            let message = format!("File metadata missing required fields: {}", missing.join(", "));
            return Err((message, "missing_file_metadata"));
        }
        for (key, is_right, right) in [
            ("filename", object["filename"].is_string(), "a string"),
            ("size", object["size"].is_i64() || object["size"].is_u64(), "an integer"),
            ("mime_type", object["mime_type"].is_string(), "a string"),
            ("path", object["path"].is_string(), "a string"),
        ] {
            if !is_right {
                let message = format!("File metadata '{key}' must be {right}");
                return Err((message, "invalid_file_metadata"));
            }
        }
        Ok(Self(object))
    }

    /// Reads what is stored; `None` when that is no metadata.
    pub fn stored(text: &str) -> Option<Self> {
        Self::read(&Json::from(text), |_| "").ok()
    }

    /// The text that is stored and shown: keys in the order sent.
    pub fn text(&self) -> String {
        let mut out = String::new();
        write_object(&mut out, &self.0);
        out
    }

    /// The path as it was sent.
    pub fn path_text(&self) -> &str {
        self.0.get("path").and_then(Json::as_str).unwrap_or_default()
    }

    /// The path, where it can be a file's.
    pub fn path(&self) -> Option<FilePath> {
        FilePath::parse(self.path_text())
    }
}

/// A value as Python's `json.dumps` writes it, which clients of this API were written for:
/// separators `", "` and `": "`, other characters than ASCII escaped.
pub fn python_json(value: &Json) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Json) {
    match value {
        Json::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                write(out, item);
            }
            out.push(']');
        }
        Json::Object(object) => write_object(out, object),
        Json::String(text) => write_text(out, text),
        other => out.push_str(&other.to_string()),
    }
}

fn write_object(out: &mut String, object: &Map<String, Json>) {
    out.push('{');
    for (n, (key, value)) in object.iter().enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        write_text(out, key);
        out.push_str(": ");
        write(out, value);
    }
    out.push('}');
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn metadata_keep_their_order_and_read_again() {
        let sent = json!({
            "filename": "hello wörld \u{1f600}.txt", "size": 5, "mime_type": "text/plain", "path": "a/b", "more": [1, null],
        });
        let read = FileMetadata::read(&sent, |_| "").unwrap();
        let text = read.text();
        assert_eq!(
            text,
            "{\"filename\": \"hello w\\u00f6rld \\ud83d\\ude00.txt\", \"size\": 5, \"mime_type\": \"text/plain\", \"path\": \"a/b\", \"more\": [1, null]}"
        );
        assert_eq!(FileMetadata::stored(&text), Some(read.clone()));
        assert_eq!(FileMetadata::read(&Json::from(text.as_str()), |_| "").unwrap().text(), text);
        assert_eq!((read.path_text(), read.path()), ("a/b", None));
        assert_eq!(python_json(&json!("\u{1}\"\\\u{7f}")), "\"\\u0001\\\"\\\\\\u007f\"");
    }

    #[test]
    fn other_values_are_refused_with_the_right_words() {
        let whole = || json!({ "filename": "a", "size": 1, "mime_type": "t", "path": "p" });
        let fault = |sent: Json| FileMetadata::read(&sent, |_| "int").unwrap_err();
        assert_eq!(fault(json!(5)).0, "Expected file metadata (dict or JSON string), got int");
        assert_eq!(fault(json!("[1]")).1, "invalid_type");
        assert_eq!(fault(json!("nope")).1, "invalid_json");
        assert_eq!(
            fault(json!({ "filename": "a" })).0,
            "File metadata missing required fields: mime_type, path, size"
        );
        for (key, value, message) in [
            ("size", json!("5"), "File metadata 'size' must be an integer"),
            ("size", json!(true), "File metadata 'size' must be an integer"),
            ("size", json!(1.5), "File metadata 'size' must be an integer"),
            ("path", json!(1), "File metadata 'path' must be a string"),
            ("filename", json!(null), "File metadata 'filename' must be a string"),
        ] {
            let mut sent = whole();
            sent[key] = value;
            assert_eq!(fault(sent), (message.to_owned(), "invalid_file_metadata"));
        }
        assert!(FileMetadata::read(&whole(), |_| "").is_ok());
    }
}
