//! Which JSON values are the same.

use serde_json::{Map, Number, Value as Json};

/// The form that equal values share: keys sorted, numbers by their value (1.0 is 1).
pub fn canonical(tree: &Json) -> Json {
    match tree {
        Json::Number(n) => Json::Number(canonical_number(n)),
        Json::Array(items) => items.iter().map(canonical).collect(),
        Json::Object(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            sorted
                .into_iter()
                .map(|(key, value)| (key.clone(), canonical(value)))
                .collect::<Map<_, _>>()
                .into()
        }
        Json::Null | Json::Bool(_) | Json::String(_) => tree.clone(),
    }
}

/// Whole numbers of 64 bits are integers, whatever they were written as.
fn canonical_number(n: &Number) -> Number {
    let Some(double) = n.as_f64().filter(|double| n.is_f64() && double.fract() == 0.0) else {
        return n.clone();
    };
    if double.abs() < 9_223_372_036_854_775_808.0 {
        Number::from(double as i64)
    } else if (0.0..18_446_744_073_709_551_616.0).contains(&double) {
        Number::from(double as u64)
    } else {
        n.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_form() {
        for (text, form) in [
            (
                r#"{"b": [1.0, -0.0, {"z": 1, "y": null}], "a": "x"}"#,
                r#"{"a":"x","b":[1,0,{"y":null,"z":1}]}"#,
            ),
            ("0.5", "0.5"),
            ("9223372036854775808", "9223372036854775808"),
            ("1e19", "10000000000000000000"),
            ("1e300", "1e+300"),
            ("-9007199254740993", "-9007199254740993"),
            ("[]", "[]"),
        ] {
            let tree: Json = serde_json::from_str(text).unwrap();
            assert_eq!(canonical(&tree).to_string(), form, "{text}");
        }
    }
}
