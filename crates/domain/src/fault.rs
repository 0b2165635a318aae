//! What is wrong with one field of an input.

use serde::Serialize;

/// One broken rule about one field; use cases report all of them at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldFault {
    /// The field's name as the client knows it.
    pub field: String,
    /// A sentence for people.
    pub message: String,
    /// A stable word for programs.
    pub code: &'static str,
}

impl FieldFault {
    /// A fault of `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), message: message.into(), code }
    }
}
