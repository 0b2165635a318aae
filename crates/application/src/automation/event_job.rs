//! Events on their way: each is a job, written in the transaction of what happened, so that it is
//! neither lost nor told of what was undone.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use snackbase_domain::automation::{ActingUser, AutomationEvent, EventKind};
use snackbase_domain::job::{EVENT_HANDLER, EVENT_QUEUE, Job, JobStatus};
use snackbase_domain::{AutomationEventId, JobId};

/// How often handing on an event is tried; only a failing database makes it fail.
const ATTEMPTS: u32 = 20;
/// The pause after its first failure, in seconds.
const RETRY_DELAY: u32 = 5;

/// The job that hands an event on. Its id is the event's.
pub(crate) fn job(event: AutomationEvent) -> Job {
    let user = event.user.as_ref().map(|user| json!({ "id": user.id.to_string(), "email": user.email }));
    let mut payload = Map::new();
    payload.insert("event".to_owned(), event.kind.as_str().into());
    payload.insert("collection".to_owned(), event.collection.into());
    payload.insert("record".to_owned(), event.record.into());
    payload.insert("previous".to_owned(), event.previous.map_or(Value::Null, Value::Object));
    payload.insert("user".to_owned(), user.unwrap_or_default());
    let at = event.occurred_at.to_rfc3339_opts(SecondsFormat::Micros, true);
    payload.insert("occurred_at".to_owned(), at.into());
    Job {
        id: JobId::new(event.id.uuid()),
        queue: EVENT_QUEUE.to_owned(),
        handler: EVENT_HANDLER.to_owned(),
        payload,
        status: JobStatus::Pending,
        priority: 0,
        run_at: None,
        due_at: event.occurred_at,
        started_at: None,
        completed_at: None,
        failed_at: None,
        error: None,
        attempts: 0,
        max_attempts: ATTEMPTS,
        retry_delay: RETRY_DELAY,
        account_id: Some(event.account_id),
        created_by: event.user.map(|user| user.id),
        created_at: event.occurred_at,
        unique_key: None,
        depth: event.depth,
        losses: 0,
        leased_until: None,
        lease: None,
    }
}

/// The event that a job hands on; `None` when it was not made by [`job`].
pub(crate) fn event(job: &Job) -> Option<AutomationEvent> {
    let object = |value: &Value| value.as_object().cloned();
    let payload = &job.payload;
    let user = match payload.get("user")? {
        Value::Null => None,
        user => Some(ActingUser {
            id: user.get("id")?.as_str()?.parse().ok()?,
            email: user.get("email")?.as_str()?.to_owned(),
        }),
    };
    let at = DateTime::parse_from_rfc3339(payload.get("occurred_at")?.as_str()?).ok()?;
    Some(AutomationEvent {
        id: AutomationEventId::new(job.id.uuid()),
        account_id: job.account_id?,
        kind: EventKind::parse(payload.get("event")?.as_str()?)?,
        collection: payload.get("collection")?.as_str().map(str::to_owned),
        record: object(payload.get("record")?)?,
        previous: payload.get("previous").and_then(object),
        user,
        depth: job.depth,
        occurred_at: at.with_timezone(&Utc),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use snackbase_domain::{AccountId, UserId};
    use uuid::Uuid;

    #[test]
    fn an_event_comes_back_as_it_was() {
        let record =
            |title: &str| json!({ "id": "r", "title": title, "n": 1.5 }).as_object().cloned().unwrap();
        let event_of = |user, previous, collection: Option<&str>| AutomationEvent {
            id: AutomationEventId::new(Uuid::from_u128(7)),
            account_id: AccountId::new(Uuid::from_u128(8)),
            kind: EventKind::RecordUpdated,
            collection: collection.map(str::to_owned),
            record: record("new"),
            previous,
            user,
            depth: 3,
            occurred_at: DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap(),
        };
        let user = ActingUser { id: UserId::new(Uuid::from_u128(9)), email: "a@example.org".to_owned() };
        for sent in [event_of(Some(user), Some(record("old")), Some("posts")), event_of(None, None, None)] {
            assert_eq!(event(&job(sent.clone())), Some(sent));
        }
    }
}
