//! What is kept of calls.

use serde_json::{Map, Value};

use super::EndpointMethod;
use crate::automation::EndpointPath;
use crate::secrets::{hide_secrets, without_secrets};

/// How many executions of an endpoint are kept.
pub const KEPT_EXECUTIONS: u64 = 1000;
/// The most bytes of JSON that are kept of a body.
pub const MAX_LOGGED_BYTES: usize = 64 * 1024;

/// A body as it is kept: without secrets, and of one that is too large the beginning of its text.
pub fn logged(body: &Value) -> Value {
    let hidden = hide_secrets(body);
    let mut text = hidden.to_string();
    if text.len() <= MAX_LOGGED_BYTES {
        return hidden;
    }
    let end = (0..=MAX_LOGGED_BYTES).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or_default());
    Value::String(text)
}

/// A request as it is kept. `request` has `body`, `query` and `params`; where a parameter of the path is
/// secret, the path does not tell it either.
pub fn logged_request(
    method: EndpointMethod,
    path: &EndpointPath,
    asked: &str,
    request: &Map<String, Value>,
) -> Map<String, Value> {
    let part = |name: &str| request.get(name).cloned().unwrap_or_default();
    let given = part("params");
    let params = given.as_object().map(without_secrets).unwrap_or_default();
    let told = match given.as_object() == Some(&params) {
        true => asked.to_owned(),
        false => path.filled(|name| params.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()),
    };
    Map::from_iter([
        ("method".to_owned(), method.as_str().into()),
        ("path".to_owned(), told.into()),
        ("body".to_owned(), logged(&part("body"))),
        ("query".to_owned(), logged(&part("query"))),
        ("params".to_owned(), Value::Object(params)),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_kept_nowhere() {
        let path = EndpointPath::parse("/reset/:token/of/:user").unwrap();
        let request = json!({
            "body": [{ "password": "p", "a": 1 }], "query": { "api_key": "k", "q": "1" },
            "params": { "token": "t", "user": "ann" },
        });
        let Value::Object(request) = request else { unreachable!() };
        let kept = logged_request(EndpointMethod::Post, &path, "/reset/t/of/ann", &request);
        let expected = json!({
            "method": "POST", "path": "/reset/********/of/ann",
            "body": [{ "password": "********", "a": 1 }], "query": { "api_key": "********", "q": "1" },
            "params": { "token": "********", "user": "ann" },
        });
        assert_eq!(Value::Object(kept), expected);
    }

    #[test]
    fn large_bodies_are_cut_after_secrets_are_hidden() {
        let small = json!(["é", null, { "k": true }]);
        assert_eq!(logged(&small), small);
        let large = json!({ "secret": "hidden", "text": "é".repeat(MAX_LOGGED_BYTES) });
        let Value::String(kept) = logged(&large) else { panic!("it was not cut") };
        assert!(kept.len() <= MAX_LOGGED_BYTES && kept.len() > MAX_LOGGED_BYTES - 2);
        assert!(kept.starts_with("{\"secret\":\"********\",\"text\":\"é"), "{}", &kept[..40]);
    }
}
