//! Templates of responses: `{"status": …, "headers": {…}, "body": …}`, each of which may be left out.

use serde_json::{Map, Value};

use crate::automation::template::{Names, is_template, render, render_value, text_of};

/// Headers that describe the message itself or set cookies of the whole server.
const NOT_THEIRS: [&str; 4] = ["content-length", "transfer-encoding", "connection", "set-cookie"];

/// What an endpoint answers.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointReply {
    pub status: u16,
    /// Names and values are valid HTTP.
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl EndpointReply {
    /// A body with a status, and nothing else.
    pub fn plain(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    /// Whether it has a body: replies of some statuses never do.
    pub fn has_body(&self) -> bool {
        !matches!(self.status, 204 | 205 | 304)
    }
}

/// The status of a template did not become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTemplate;

/// Refuses a template that cannot be right whatever is filled in, in a sentence.
pub fn check_response(template: &Map<String, Value>) -> Result<(), String> {
    let invalid = |what: &str| format!("Invalid response_template: {what}");
    let is_open = matches!(template.get("status"), Some(Value::String(text)) if is_template(text));
    if !is_open && status_of(template.get("status")).is_none() {
        return Err(invalid("status"));
    }
    let headers = match template.get("headers") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(headers)) => headers,
        Some(_) => return Err(invalid("headers")),
    };
    let wrong = headers.iter().find(|(name, value)| !may_be_sent(name, &text_of(value)));
    wrong.map_or(Ok(()), |(name, _)| Err(invalid(&format!("header '{name}'"))))
}

/// Fills in a template. Headers that do not become valid are left out.
pub fn render_response(
    template: &Map<String, Value>,
    names: &dyn Names,
) -> Result<EndpointReply, InvalidTemplate> {
    let status = template.get("status").map(|status| render_value(status, names));
    let status = status_of(status.as_ref()).ok_or(InvalidTemplate)?;
    let headers = template.get("headers").and_then(Value::as_object);
    let filled = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::String(text) => render(text, names),
            other => text_of(&render_value(other, names)),
        };
        (name.clone(), value)
    };
    let headers = headers.into_iter().flatten().map(filled);
    let headers = headers.filter(|(name, value)| may_be_sent(name, value)).collect();
    let body = match template.get("body") {
        Some(body) => render_value(body, names),
        None => Value::Object(Map::new()),
    };
    Ok(EndpointReply { status, headers, body })
}

/// The status that is meant: an integer, also as text; 200 where nothing is said.
fn status_of(status: Option<&Value>) -> Option<u16> {
    let status = match status {
        None | Some(Value::Null) => 200,
        Some(Value::Number(number)) => number.as_u64()?,
        Some(Value::String(text)) => text.trim().parse().ok()?,
        Some(_) => return None,
    };
    u16::try_from(status).ok().filter(|status| (200..=599).contains(status))
}

/// Whether a header is valid HTTP (RFC 9110 §5.1, §5.5) and not one of the server's own.
fn may_be_sent(name: &str, value: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let is_own = NOT_THEIRS.iter().any(|own| name.eq_ignore_ascii_case(own));
    let is_text = |c: char| c == '\t' || !c.is_control();
    !name.is_empty() && name.chars().all(is_token) && !is_own && value.chars().all(is_text)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::AccountId;
    use crate::automation::template::Scope;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn rendered(template: Value) -> Result<EndpointReply, InvalidTemplate> {
        let mut scope = Scope::new(DateTime::from_timestamp(0, 0).unwrap(), None, AccountId::SYSTEM);
        scope.set("request", json!({ "query": { "s": "404", "evil": "a\r\nSet-Cookie: b=c", "t": "✓" } }));
        render_response(&object(template), &scope)
    }

    #[test]
    fn templates_that_cannot_be_right_are_refused() {
        for (template, what) in [
            (json!({ "status": 199 }), "status"),
            (json!({ "status": 600 }), "status"),
            (json!({ "status": 200.5 }), "status"),
            (json!({ "status": "abc" }), "status"),
            (json!({ "status": "" }), "status"),
            (json!({ "status": true }), "status"),
            (json!({ "headers": [] }), "headers"),
            (json!({ "headers": { "X A": "1" } }), "header 'X A'"),
            (json!({ "headers": { "": "1" } }), "header ''"),
            (json!({ "headers": { "X-A": "a\r\nb" } }), "header 'X-A'"),
            (json!({ "headers": { "X-A": "a\n{{now}}" } }), "header 'X-A'"),
            (json!({ "headers": { "set-cookie": "a=b" } }), "header 'set-cookie'"),
            (json!({ "headers": { "Content-Length": 1 } }), "header 'Content-Length'"),
            (json!({ "headers": { "Transfer-Encoding": "x" } }), "header 'Transfer-Encoding'"),
            (json!({ "headers": { "CONNECTION": "x" } }), "header 'CONNECTION'"),
        ] {
            let refused = Err(format!("Invalid response_template: {what}"));
            assert_eq!(check_response(&object(template)), refused);
        }
        for template in [
            json!({}),
            json!({ "status": null, "headers": null, "body": null }),
            json!({ "status": " 203 ", "headers": { "X-A": 1, "X-B": "{{now}}" } }),
            json!({ "status": "{{request.query.s}}" }),
        ] {
            assert_eq!(check_response(&object(template)), Ok(()));
        }
    }

    #[test]
    fn a_response_is_filled_in() {
        let reply = rendered(json!({
            "status": "{{request.query.s}}", "body": { "{{now}}": ["{{request.query.t}}", 1, null] },
            "headers": { "X-A": "{{request.query.t}}", "X-Evil": "{{request.query.evil}}", "X-N": 1.0, "Set-Cookie": "a" },
        }));
        let headers = vec![("X-A".to_owned(), "✓".to_owned()), ("X-N".to_owned(), "1".to_owned())];
        let body = json!({ "{{now}}": ["✓", 1, null] });
        assert_eq!(reply, Ok(EndpointReply { status: 404, headers, body }));
        assert_eq!(rendered(json!({})), Ok(EndpointReply::plain(200, json!({}))));
        assert_eq!(rendered(json!({ "body": "text" })), Ok(EndpointReply::plain(200, json!("text"))));
        assert_eq!(rendered(json!({ "body": null })), Ok(EndpointReply::plain(200, json!(null))));
        for status in ["{{request.query.evil}}", "{{request.query.absent}}", "{{absent}}", "-404"] {
            assert_eq!(rendered(json!({ "status": status })), Err(InvalidTemplate));
        }
    }

    #[test]
    fn some_replies_have_no_body() {
        let without: Vec<_> =
            (200..600).filter(|status| !EndpointReply::plain(*status, json!({})).has_body()).collect();
        assert_eq!(without, [204, 205, 304]);
    }
}
