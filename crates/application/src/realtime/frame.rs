//! What is sent to receivers, written once for all who get the same.

use std::sync::OnceLock;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value as Json, json};

use super::event_id::EventId;
use crate::json;

/// A message. Its text is made when somebody wants it and then shared.
#[derive(Debug)]
pub struct Frame {
    id: Option<String>,
    /// The JSON object up to where its id belongs.
    head: String,
    /// The rest of it.
    tail: Bytes,
    message: OnceLock<Bytes>,
    event: OnceLock<Bytes>,
}

impl Frame {
    /// An event about a record. `data` is JSON text; `name` is that of the subscription, if it has one.
    pub(super) fn event_of(
        kind: &str,
        name: Option<&str>,
        id: &EventId,
        occurred_at: i64,
        data: &[u8],
    ) -> Self {
        let mut tail = Vec::with_capacity(data.len() + 64);
        if let Some(name) = name {
            tail.extend_from_slice(b",\"subscription\":");
            json::string(&mut tail, name);
        }
        tail.extend_from_slice(b",\"timestamp\":");
        json::string(&mut tail, &timestamp(DateTime::from_timestamp_micros(occurred_at).unwrap_or_default()));
        tail.extend_from_slice(b",\"data\":");
        tail.extend_from_slice(data);
        tail.push(b'}');
        Self { id: Some(id.to_string()), head: format!("{{\"type\":\"{kind}\""), ..Self::text(tail.into()) }
    }

    /// Anything else that is said.
    pub(super) fn saying(message: &Json) -> Self {
        Self::text(message.to_string().into())
    }

    fn text(tail: Bytes) -> Self {
        Self { id: None, head: String::new(), tail, message: OnceLock::new(), event: OnceLock::new() }
    }

    /// The text of a WebSocket message.
    pub fn message(&self) -> &Bytes {
        self.message.get_or_init(|| match &self.id {
            None => self.tail.clone(),
            Some(id) => {
                [self.head.as_bytes(), b",\"event_id\":\"", id.as_bytes(), b"\"", &self.tail].concat().into()
            }
        })
    }

    /// The lines of a server-sent event (HTML standard, section 9.2).
    pub fn event(&self) -> &Bytes {
        self.event.get_or_init(|| {
            let mut lines = Vec::with_capacity(self.head.len() + self.tail.len() + 96);
            if let Some(id) = &self.id {
                lines.extend_from_slice(format!("id: {id}\r\n").as_bytes());
            }
            lines.extend_from_slice(b"event: message\r\ndata: ");
            lines.extend_from_slice(self.head.as_bytes());
            lines.extend_from_slice(&self.tail);
            lines.extend_from_slice(b"\r\n\r\n");
            lines.into()
        })
    }
}

/// A moment as messages tell it.
pub fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// That something cannot be done; `about` adds keys.
pub(super) fn refusal(error: &str, about: &[(&str, &str)]) -> Frame {
    let mut message = json!({ "error": error });
    for (key, value) in about {
        message[*key] = json!(value);
    }
    Frame::saying(&message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_written_for_either_transport() {
        let id = EventId { epoch: "e".into(), position: 18 };
        let frame = Frame::event_of("posts.delete", None, &id, 1_795_429_972_792_846, br#"{"id":"1"}"#);
        let at = "2026-11-23T10:32:52.792846+00:00";
        let expected = format!(
            r#"{{"type":"posts.delete","event_id":"e-0000000000000012","timestamp":"{at}","data":{{"id":"1"}}}}"#
        );
        assert_eq!(frame.message(), &expected);
        let expected = format!(
            "id: e-0000000000000012\r\nevent: message\r\ndata: {{\"type\":\"posts.delete\",\"timestamp\":\"{at}\",\"data\":{{\"id\":\"1\"}}}}\r\n\r\n"
        );
        assert_eq!(frame.event(), &expected);
    }

    #[test]
    fn other_messages_have_no_id() {
        let frame = refusal("Subscription denied", &[("collection", "a\nb")]);
        let text = r#"{"error":"Subscription denied","collection":"a\nb"}"#;
        assert_eq!(frame.message(), text);
        assert_eq!(frame.event(), &format!("event: message\r\ndata: {text}\r\n\r\n"));
    }
}
