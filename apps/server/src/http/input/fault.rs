//! What is wrong with the shape of a request, in the form clients read it.

use std::borrow::Cow;
use std::fmt;
use std::io;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::Value;

/// The most characters of what was sent that a fault repeats.
const INPUT_LIMIT: usize = 200;

/// Names whose values are never repeated in an answer.
const SECRET_NAMES: [&str; 9] = [
    "password",
    "token",
    "code",
    "secret",
    "key",
    "authorization",
    "samlresponse",
    "credentials",
    "assertion",
];

/// Endings that make a name one of a secret: `new_password`, `refresh_token`, `api_key`.
const SECRET_ENDINGS: [&str; 4] = ["password", "token", "secret", "key"];

/// One step on the way to the place of a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Loc {
    /// A part of the request (`body`, `query`, `path`, `header`) or a key of an object.
    Key(Cow<'static, str>),
    /// A position in a list, or in the text of the body, from 0.
    Index(usize),
}

impl From<&'static str> for Loc {
    fn from(key: &'static str) -> Self {
        Self::Key(Cow::Borrowed(key))
    }
}

impl From<String> for Loc {
    fn from(key: String) -> Self {
        Self::Key(Cow::Owned(key))
    }
}

impl From<usize> for Loc {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// One fault of a request's shape.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fault {
    /// What kind of fault it is: `missing`, `string_too_short`, `value_error`, …
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Where it is, the part of the request first.
    pub loc: Vec<Loc>,
    /// The sentence for people.
    pub msg: String,
    /// What was sent there; none where that could be a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Value>,
    /// The limit that was passed, by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctx: Option<Value>,
}

impl Fault {
    /// A fault that repeats nothing of what was sent.
    pub fn new(kind: &'static str, loc: Vec<Loc>, msg: impl Into<String>) -> Self {
        Self { kind, loc, msg: msg.into(), input: None, ctx: None }
    }

    /// A required value that was not sent.
    pub fn missing(loc: Vec<Loc>) -> Self {
        Self::new("missing", loc, "Field required")
    }

    /// A value that a rule of its field refuses; `reason` says why.
    pub fn value_error(loc: Vec<Loc>, reason: impl fmt::Display) -> Self {
        Self::new("value_error", loc, format!("Value error, {reason}"))
            .ctx(serde_json::json!({ "error": reason.to_string() }))
    }

    /// Repeats what was sent: not where the place or the value has a secret's name, and never more
    /// than 200 characters.
    #[must_use]
    pub fn input(mut self, sent: &Value) -> Self {
        let secret_place = self.loc.iter().any(|step| matches!(step, Loc::Key(key) if is_secret_name(key)));
        if !secret_place && !holds_secret(sent) {
            self.input = Some(shortened(sent));
        }
        self
    }

    /// Adds the limit that was passed.
    #[must_use]
    pub fn ctx(mut self, ctx: Value) -> Self {
        self.ctx = Some(ctx);
        self
    }
}

/// All faults of a request's shape; answers 422 `{"detail": [fault, …]}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Faults(pub Vec<Fault>);

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request has {} fault(s) of shape", self.0.len())
    }
}

impl std::error::Error for Faults {}

impl ResponseError for Faults {
    fn status_code(&self) -> StatusCode {
        StatusCode::UNPROCESSABLE_ENTITY
    }

    fn error_response(&self) -> HttpResponse {
        #[derive(Serialize)]
        struct Envelope<'a> {
            detail: &'a [Fault],
        }
        HttpResponse::UnprocessableEntity().json(Envelope { detail: &self.0 })
    }
}

/// Whether a value of this name must not be repeated.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.contains(&name.as_str())
        || SECRET_ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending))
}

/// Whether a secret's name stands anywhere in the value.
fn holds_secret(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| is_secret_name(key) || holds_secret(value)),
        Value::Array(items) => items.iter().any(holds_secret),
        _ => false,
    }
}

/// The value itself, or the first characters of its text when it is long.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.char_indices().nth(INPUT_LIMIT) {
            Some((end, _)) => Value::String(text[..end].to_owned()),
            None => value.clone(),
        },
        Value::Array(_) | Value::Object(_) => {
            let mut start = Start(Vec::new());
            let whole = serde_json::to_writer(&mut start, value).is_ok();
            let text = String::from_utf8_lossy(&start.0);
            if whole && text.chars().count() <= INPUT_LIMIT {
                value.clone()
            } else {
                Value::String(text.chars().take(INPUT_LIMIT).collect())
            }
        }
        _ => value.clone(),
    }
}

/// Keeps the beginning of a text and refuses the rest, so that a large value is not written whole.
struct Start(Vec<u8>);

impl io::Write for Start {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // A character takes four bytes at most.
        if self.0.len() > 4 * INPUT_LIMIT {
            return Err(io::Error::other("enough"));
        }
        let room = (4 * INPUT_LIMIT + 4).saturating_sub(self.0.len());
        self.0.extend_from_slice(&piece[..piece.len().min(room)]);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(names: &[&'static str]) -> Vec<Loc> {
        names.iter().copied().map(Loc::from).collect()
    }

    #[test]
    fn serialises_as_clients_read_it() {
        let fault = Fault::missing(vec!["body".into(), "schema".into(), 0.into(), "name".into()])
            .input(&json!({"type": "text"}));
        assert_eq!(
            serde_json::to_value(&fault).unwrap(),
            json!({"type": "missing", "loc": ["body", "schema", 0, "name"], "msg": "Field required", "input": {"type": "text"}})
        );
    }

    #[test]
    fn secrets_are_not_repeated() {
        for name in ["password", "new_password", "refresh_token", "code", "secret", "key", "API_KEY"] {
            let fault = Fault::missing(vec!["body".into(), name.to_owned().into()]).input(&json!("x"));
            assert_eq!(fault.input, None, "{name}");
        }
        let above = Fault::missing(at(&["body", "email"])).input(&json!({"a": [{"password": 1}]}));
        assert_eq!(above.input, None);
        let other = Fault::missing(at(&["body", "account_code"])).input(&json!("AA0001"));
        assert_eq!(other.input, Some(json!("AA0001")));
    }

    #[test]
    fn long_input_is_cut() {
        let text = Fault::missing(at(&["body", "a"])).input(&json!("é".repeat(300)));
        assert_eq!(text.input, Some(json!("é".repeat(200))));
        let list = Fault::missing(at(&["body", "a"])).input(&json!(vec!["日本"; 5000]));
        assert_eq!(list.input.unwrap().as_str().unwrap().chars().count(), 200);
    }
}
