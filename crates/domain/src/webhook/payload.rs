//! What receivers are told.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::Webhook;
use crate::automation::{AutomationEvent, EventKind};

/// The name of what is sent to try a webhook out.
pub const TEST_EVENT: &str = "test";

/// ISO 8601 with microseconds and offset.
fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// What is told of a record's change: the row after it (nothing of one that is gone) and the row before.
pub fn payload(webhook: &Webhook, event: &AutomationEvent) -> Value {
    let (record, previous) = match event.kind {
        EventKind::RecordDeleted => {
            (Map::new(), Some(event.previous.as_ref().unwrap_or(&event.record).clone()))
        }
        _ => (event.record.clone(), event.previous.clone()),
    };
    json!({
        "event": event.kind.as_str(),
        "collection": webhook.collection,
        "record": record,
        "previous": previous,
        "timestamp": time(event.occurred_at),
        "webhook_id": webhook.id,
        "account_id": webhook.account_id,
    })
}

/// What is sent to try a webhook out.
pub fn test_payload(webhook: &Webhook, now: DateTime<Utc>) -> Value {
    json!({
        "event": TEST_EVENT,
        "collection": webhook.collection,
        "record": { "id": "test-record", "example": "data" },
        "previous": null,
        "timestamp": time(now),
        "webhook_id": webhook.id,
        "account_id": webhook.account_id,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::tests::webhook;
    use super::*;
    use crate::AutomationEventId;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn event(kind: EventKind, record: Value, previous: Option<Value>) -> AutomationEvent {
        AutomationEvent {
            id: AutomationEventId::new(Uuid::from_u128(9)),
            account_id: webhook().account_id,
            kind,
            collection: Some("things".to_owned()),
            record: object(record),
            previous: previous.map(object),
            user: None,
            depth: 0,
            occurred_at: DateTime::from_timestamp_micros(1_800_000_000_000_001).unwrap(),
        }
    }

    #[test]
    fn it_tells_the_row_after_and_before() {
        let (old, new) = (json!({ "id": "r", "n": 1 }), json!({ "id": "r", "n": 2 }));
        let told = payload(&webhook(), &event(EventKind::RecordUpdated, new.clone(), Some(old.clone())));
        let expected = json!({
            "event": "records.update", "collection": "things", "record": new, "previous": old,
            "timestamp": "2027-01-15T08:00:00.000001+00:00",
            "webhook_id": "00000000-0000-0000-0000-000000000001",
            "account_id": "00000000-0000-0000-0000-000000000002",
        });
        assert_eq!(told, expected);
        let told = payload(&webhook(), &event(EventKind::RecordCreated, new.clone(), None));
        assert_eq!((&told["record"], &told["previous"]), (&new, &Value::Null));
        for before in [None, Some(old.clone())] {
            let told = payload(&webhook(), &event(EventKind::RecordDeleted, old.clone(), before));
            assert_eq!((&told["record"], &told["previous"]), (&json!({}), &old));
        }
    }
}
