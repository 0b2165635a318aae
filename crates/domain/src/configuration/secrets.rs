//! Which values of a configuration are secret, and hiding them.

use serde_json::{Map, Value};

/// What stands for a secret that is not shown.
pub const MASK: &str = "••••••••";

/// Words within the names of secrets.
const WORDS: [&str; 6] = ["secret", "token", "key", "password", "cert", "private"];
/// Names with such a word that may be seen by whoever administers.
const PUBLIC: [&str; 3] = ["key_id", "access_key_id", "idp_x509_cert"];

/// Whether texts under this name are encrypted when stored.
pub fn is_sealed_key(name: &str) -> bool {
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether texts under this name are masked when shown.
pub fn is_masked_key(name: &str) -> bool {
    is_sealed_key(name) && !PUBLIC.iter().any(|public| name.eq_ignore_ascii_case(public))
}

/// Puts another text in place of each that is encrypted when stored. `change`
/// gets it with its place: names and positions from the outside, after slashes
/// (as RFC 6901 has it). Within a list or an object under a secret name all texts
/// are secret.
pub fn map_secrets<E>(
    values: &Value,
    change: &mut impl FnMut(&str, &str) -> Result<String, E>,
) -> Result<Value, E> {
    walk(values, "", false, change)
}

fn walk<E>(
    value: &Value,
    place: &str,
    secret: bool,
    change: &mut impl FnMut(&str, &str) -> Result<String, E>,
) -> Result<Value, E> {
    Ok(match value {
        Value::String(text) if secret => Value::String(change(place, text)?),
        Value::Array(items) => {
            let mut changed = Vec::with_capacity(items.len());
            for (n, item) in items.iter().enumerate() {
                changed.push(walk(item, &format!("{place}/{n}"), secret, change)?);
            }
            Value::Array(changed)
        }
        Value::Object(fields) => {
            let mut changed = Map::with_capacity(fields.len());
            for (name, value) in fields {
                let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
                let secret = secret || is_sealed_key(name);
                changed.insert(name.clone(), walk(value, &place, secret, change)?);
            }
            Value::Object(changed)
        }
        other => other.clone(),
    })
}

/// The values with [`MASK`] for each secret that is not empty: those with a name
/// that tells, and those that the provider's schema says not to show.
pub fn mask(values: &Value, schema: &Value) -> Value {
    let Value::Object(fields) = values else {
        return values.clone();
    };
    let hidden = |(name, value): (&String, &Value)| {
        let secret = is_masked_key(name) || not_shown(&schema["properties"][name]);
        (name.clone(), masked(value, secret))
    };
    Value::Object(fields.iter().map(hidden).collect())
}

/// Whether a property of a schema must not be shown.
fn not_shown(property: &Value) -> bool {
    property["writeOnly"] == true || property["secret"] == true || property["format"] == "password"
}

fn masked(value: &Value, secret: bool) -> Value {
    match value {
        Value::String(text) if secret && !text.is_empty() => Value::String(MASK.to_owned()),
        Value::Array(items) => items.iter().map(|item| masked(item, secret)).collect(),
        Value::Object(fields) => {
            let inner = |(name, value): (&String, &Value)| {
                (name.clone(), masked(value, secret || is_masked_key(name)))
            };
            Value::Object(fields.iter().map(inner).collect())
        }
        other => other.clone(),
    }
}

/// The values that were sent with the stored text, in the same place, for each
/// mask. Items of lists stay what they are when others are added or removed: an
/// item takes from the stored one that looks like it. A mask of nothing is empty.
pub fn restore(sent: &Value, stored: &Value) -> Value {
    match sent {
        Value::String(text) if text == MASK => Value::String(stored.as_str().unwrap_or_default().to_owned()),
        Value::Array(items) => {
            let known = stored.as_array().map_or(&[][..], Vec::as_slice);
            let from = counterparts(items, known);
            let inner = |(item, from): (&Value, Option<usize>)| {
                restore(item, from.map_or(&Value::Null, |at| &known[at]))
            };
            Value::Array(items.iter().zip(from).map(inner).collect())
        }
        Value::Object(fields) => {
            let inner = |(name, value): (&String, &Value)| {
                (name.clone(), restore(value, stored.get(name).unwrap_or(&Value::Null)))
            };
            Value::Object(fields.iter().map(inner).collect())
        }
        other => other.clone(),
    }
}

/// For each item that was sent, the stored one that it continues.
fn counterparts(sent: &[Value], stored: &[Value]) -> Vec<Option<usize>> {
    let mut free = vec![true; stored.len()];
    let mut from = vec![None; sent.len()];
    for (n, item) in sent.iter().enumerate() {
        let fits = |at: &usize| free[*at] && resembles(item, &stored[*at]);
        let same_place = Some(n).filter(|at| *at < stored.len() && fits(at));
        if let Some(at) = same_place.or_else(|| (0..stored.len()).find(fits)) {
            free[at] = false;
            from[n] = Some(at);
        }
    }
    if sent.len() == stored.len() {
        for (n, from) in from.iter_mut().enumerate() {
            if from.is_none() && free[n] {
                *from = Some(n);
            }
        }
    }
    from
}

/// Whether what was sent is the stored value but for its masks.
fn resembles(sent: &Value, stored: &Value) -> bool {
    match (sent, stored) {
        (Value::String(text), Value::String(_)) if text == MASK => true,
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| resembles(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| resembles(a, b)))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_tell_what_is_secret() {
        for name in
            ["password", "API_KEY", "bearerToken", "client_secret", "sp_cert", "privateKey", "webhook_secret"]
        {
            assert!(is_sealed_key(name) && is_masked_key(name), "{name}");
        }
        for name in ["access_key_id", "key_id", "idp_x509_cert", "IDP_X509_CERT"] {
            assert!(is_sealed_key(name) && !is_masked_key(name), "{name}");
        }
        for name in ["host", "client_id", "use_pkce", "from_email"] {
            assert!(!is_sealed_key(name) && !is_masked_key(name), "{name}");
        }
    }

    #[test]
    fn secrets_are_masked_at_any_depth() {
        let values = json!({
            "host": "h",
            "password": "p",
            "empty_secret": "",
            "key_id": "K1",
            "number_token": 5,
            "hidden_by_schema": "s",
            "nested": { "api_token": "t", "list": [{ "private": "x", "name": "n" }, "plain"] },
            "keys": ["a", { "d": "b" }],
        });
        let schema = json!({ "properties": { "hidden_by_schema": { "writeOnly": true } } });
        let expected = json!({
            "host": "h",
            "password": MASK,
            "empty_secret": "",
            "key_id": "K1",
            "number_token": 5,
            "hidden_by_schema": MASK,
            "nested": { "api_token": MASK, "list": [{ "private": MASK, "name": "n" }, "plain"] },
            "keys": [MASK, { "d": MASK }],
        });
        let shown = mask(&values, &schema);
        assert_eq!(shown, expected);
        assert_eq!(restore(&shown, &values), values, "what is sent back unchanged stays");
    }

    #[test]
    fn masks_keep_what_is_stored_in_their_place() {
        let stored =
            json!({ "password": "p", "list": [{ "name": "a", "key": "1" }, { "name": "b", "key": "2" }] });
        let restored = |sent: Value| restore(&sent, &stored);
        assert_eq!(restored(json!({ "password": "new" })), json!({ "password": "new" }));
        assert_eq!(restored(json!({ "other_key": MASK })), json!({ "other_key": "" }));
        assert_eq!(restored(json!({ "list": MASK })), json!({ "list": "" }));
        let without_first = json!({ "list": [{ "name": "b", "key": MASK }, { "name": "c", "key": "3" }] });
        assert_eq!(
            restored(without_first),
            json!({ "list": [{ "name": "b", "key": "2" }, { "name": "c", "key": "3" }] })
        );
        let renamed = json!({ "list": [{ "name": "z", "key": MASK }, { "name": "b", "key": MASK }] });
        assert_eq!(
            restored(renamed),
            json!({ "list": [{ "name": "z", "key": "1" }, { "name": "b", "key": "2" }] })
        );
        let moved = json!({ "list": [{ "name": "z", "key": MASK }, { "name": "a", "key": MASK }] });
        assert_eq!(restored(moved)["list"][1]["key"], "1");
        let added = json!({ "list": [{ "name": "x", "key": MASK }, { "name": "a", "key": MASK }, { "name": "b", "key": MASK }] });
        assert_eq!(restored(added)["list"][0]["key"], "", "another one's secret is not taken");
    }

    #[test]
    fn secrets_are_changed_with_their_place() {
        let values = json!({ "a/b_key": "1", "keys": ["2", { "x": "3" }], "l": [{ "token": "4", "n": "n" }], "key": 1 });
        let mut places = Vec::new();
        let changed = map_secrets(&values, &mut |place, text| {
            places.push(place.to_owned());
            Ok::<_, ()>(format!("<{text}>"))
        });
        assert_eq!(places, ["/a~1b_key", "/keys/0", "/keys/1/x", "/l/0/token"]);
        let expected = json!({ "a/b_key": "<1>", "keys": ["<2>", { "x": "<3>" }], "l": [{ "token": "<4>", "n": "n" }], "key": 1 });
        assert_eq!(changed, Ok(expected));
    }
}
