//! The OpenAPI document of an account's endpoints.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use snackbase_domain::account::Account;
use snackbase_domain::automation::EndpointPath;
use snackbase_domain::endpoint::Endpoint;

/// Describes endpoints, the older first. `prefix` is that of the API.
pub(super) fn document(account: &Account, endpoints: &[Endpoint], prefix: &str) -> Value {
    // Paths that differ in the names of parameters only are one path; the first names them.
    let mut named = HashMap::new();
    let mut operation_ids = HashSet::new();
    let mut paths = Map::new();
    for endpoint in endpoints {
        let Ok(path) = EndpointPath::parse(&endpoint.path) else { continue };
        let shape = path.filled(|_| "{}".to_owned());
        let template = path.filled(|name| format!("{{{name}}}"));
        let names: Vec<_> = path.parameters().map(str::to_owned).collect();
        let (template, names) = named.entry(shape).or_insert((template, names)).clone();
        let item = paths.entry(template.as_str()).or_insert_with(|| json!({}));
        // Of two that mean the same the older one is called.
        let method = endpoint.method.as_str().to_ascii_lowercase();
        if item.get(&method).is_none() {
            let id = operation_id(&method, &template, &mut operation_ids);
            item[method] = operation(endpoint, &names, id);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": format!("Endpoints of {}", account.name), "version": "1" },
        "servers": [{ "url": format!("{prefix}/x/{}", account.slug) }],
        "paths": paths,
        "components": { "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } } },
    })
}

/// A name that no other operation has, e.g. `get_orders_id`.
fn operation_id(method: &str, template: &str, taken: &mut HashSet<String>) -> String {
    let words = template.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let plain = words.fold(method.to_owned(), |id, word| format!("{id}_{word}"));
    let mut id = plain.clone();
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{plain}_{number}");
        number += 1;
    }
    id
}

fn operation(endpoint: &Endpoint, parameters: &[String], id: String) -> Value {
    let parameter =
        |name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let any = json!({ "content": { "application/json": { "schema": {} } } });
    let mut responses = Map::new();
    let mut respond = |status: &str, text: &str, with: Option<&Value>| {
        let mut response = with.cloned().unwrap_or_else(|| json!({}));
        response["description"] = text.into();
        responses.insert(status.to_owned(), response);
    };
    match status_of(endpoint).as_deref() {
        Some(status @ ("204" | "205" | "304")) => respond(status, "Done; no body", None),
        Some(status) => respond(status, "What the endpoint answers", Some(&any)),
        None => respond("default", "What the endpoint answers", Some(&any)),
    }
    if endpoint.auth_required {
        respond("401", "No valid credentials", None);
    }
    if endpoint.auth_required || endpoint.condition.is_some() {
        respond("403", "Not allowed", None);
    }
    let mut operation = json!({ "operationId": id, "summary": endpoint.name, "responses": responses });
    if let Some(description) = &endpoint.description {
        operation["description"] = description.as_str().into();
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.iter().map(parameter).collect();
    }
    if endpoint.method.has_body() {
        operation["requestBody"] = any;
    }
    // An empty requirement beside it: credentials are looked at where there are some.
    operation["security"] =
        if endpoint.auth_required { json!([{ "bearer": [] }]) } else { json!([{}, { "bearer": [] }]) };
    operation
}

/// The status that is always answered when all goes well; `None` where a call decides.
fn status_of(endpoint: &Endpoint) -> Option<String> {
    let status = match endpoint.response_template.as_ref().and_then(|template| template.get("status")) {
        None | Some(Value::Null) => "200".to_owned(),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(other) => other.to_string(),
    };
    status.chars().all(|c| c.is_ascii_digit()).then_some(status)
}
