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
    /// The names of the parameters behind the question mark.
    pub query_parameters: Vec<String>,
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
            let schema = operation.pointer("/requestBody/content/application~1json/schema");
            let body_fields = schema.map(|schema| {
                let reference = schema["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
                let schema = reference.map_or(schema, |reference| document.pointer(reference).unwrap());
                let fields = schema["properties"].as_object();
                fields.map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
            });
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query_parameters = parameters
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
                .collect();
            let method = method.to_uppercase().parse().unwrap();
            operations.push(Operation { method, path: path.clone(), body_fields, query_parameters });
        }
    }
    operations
}
