//! Values that people who look must not see.

use serde_json::{Map, Value};

/// Stands in place of values that must not be known.
const HIDDEN: &str = "********";
/// Values under keys that hold one of these words are hidden.
const SECRET_WORDS: [&str; 7] =
    ["secret", "token", "password", "api_key", "apikey", "authorization", "private_key"];

/// A payload as people may see it: values under keys like `secret`, `token` or `password` are
/// hidden, at any depth.
pub fn without_secrets(payload: &Map<String, Value>) -> Map<String, Value> {
    let shown = |(name, value): (&String, &Value)| {
        let lower = name.to_lowercase().replace('-', "_");
        let secret = SECRET_WORDS.iter().any(|word| lower.contains(word)) && !value.is_null();
        (name.clone(), if secret { HIDDEN.into() } else { hide_secrets(value) })
    };
    payload.iter().map(shown).collect()
}

/// The value with what stands under such keys hidden, at any depth.
pub fn hide_secrets(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(without_secrets(members)),
        Value::Array(items) => items.iter().map(hide_secrets).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_of_payloads_are_hidden_wherever_they_stand() {
        let payload = json!({
            "url": "https://x", "Secret": "s", "X-Api-Key": "k", "n": 1, "token": null,
            "headers": { "Authorization": "Bearer x", "accept": "*/*" },
            "list": [{ "user_password": ["p"] }, "plain"],
        });
        let hidden = json!({
            "url": "https://x", "Secret": HIDDEN, "X-Api-Key": HIDDEN, "n": 1, "token": null,
            "headers": { "Authorization": HIDDEN, "accept": "*/*" },
            "list": [{ "user_password": HIDDEN }, "plain"],
        });
        let Value::Object(payload) = payload else { unreachable!() };
        assert_eq!(Value::Object(without_secrets(&payload)), hidden);
    }
}
