//! The values of fields.

/// A value as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// A date or time: the text as it was sent, and the moment it means in
    /// microseconds since the Unix epoch.
    Time {
        text: String,
        micros: i64,
    },
    Json(serde_json::Value),
}

impl Value {
    /// Whether there is none.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, when it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}
