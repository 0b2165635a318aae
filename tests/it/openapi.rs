//! The paths that the server says it has.

use reqwest::Method;
use serde_json::Value;

/// An operation of the document.
pub struct Operation {
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: String,
    /// The names of the fields of the body; `None` when there is no body.
    pub body_fields: Option<Vec<String>>,
}

impl Operation {
    /// Method and path.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// All operations of the document that is checked in.
pub fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(include_str!("../../docs/openapi.json")).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let body_fields = body.as_str().map(|reference| {
                let schema = document.pointer(reference.trim_start_matches('#')).unwrap();
                schema["properties"]
                    .as_object()
                    .map(|fields| fields.keys().cloned().collect())
                    .unwrap_or_default()
            });
            let method = method.to_uppercase().parse().unwrap();
            operations.push(Operation { method, path: path.clone(), body_fields });
        }
    }
    operations
}
