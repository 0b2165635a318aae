//! Webhooks: a record that changes is told to somebody else's server.

mod delivery;
mod headers;
mod payload;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::automation::EventKind;
use crate::{AccountId, UserId, WebhookId};

pub use delivery::{Delivery, DeliveryStatus, MAX_BODY_CHARS, kept_text};
pub use headers::{MAX_HEADER_CHARS, MAX_HEADERS, header_problem, is_reserved};
pub use payload::{TEST_EVENT, payload, test_payload};

/// Most characters of an address.
pub const MAX_URL: usize = 2048;
/// Most characters of a collection's name.
pub const MAX_COLLECTION: usize = 100;
/// Most characters of a secret.
pub const MAX_SECRET: usize = 100;

/// So many deliveries in a row must have failed for good …
pub const PAUSE_AFTER: u32 = 5;
/// … over so long, before a webhook is paused: a receiver that is down for an evening is not given up.
pub const PAUSE_AFTER_TIME: TimeDelta = TimeDelta::hours(24);

/// What a webhook may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WebhookEvent {
    Create,
    Delete,
    Update,
}

impl WebhookEvent {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 3] = [Self::Create, Self::Delete, Self::Update];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Update => "update",
        }
    }

    /// Reads the word; `Err` says what is wrong with another one.
    pub fn parse(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|event| event.as_str() == word);
        known.ok_or_else(|| {
            format!("Invalid event '{word}'. Must be one of: {}", Self::ALL.map(Self::as_str).join(", "))
        })
    }

    /// What it is when it happens.
    pub fn kind(self) -> EventKind {
        match self {
            Self::Create => EventKind::RecordCreated,
            Self::Update => EventKind::RecordUpdated,
            Self::Delete => EventKind::RecordDeleted,
        }
    }

    /// What it is called when it happens; `None` for what is no change of a record.
    pub fn of(kind: EventKind) -> Option<Self> {
        match kind {
            EventKind::RecordCreated => Some(Self::Create),
            EventKind::RecordUpdated => Some(Self::Update),
            EventKind::RecordDeleted => Some(Self::Delete),
            EventKind::SignedIn | EventKind::Registered => None,
        }
    }
}

/// Where changes of a collection's records are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub account_id: AccountId,
    pub url: String,
    /// A collection's name; there need not be one.
    pub collection: String,
    pub events: BTreeSet<WebhookEvent>,
    /// A condition that the record must meet.
    pub filter: Option<String>,
    pub enabled: bool,
    /// Headers that are sent besides ours.
    pub headers: Option<BTreeMap<String, String>>,
    /// Encrypted; what deliveries are signed with.
    pub sealed_secret: String,
    /// Deliveries in a row that failed for good.
    pub failures: u32,
    /// Since the first of these did.
    pub failing_since: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
}

impl Webhook {
    /// After a delivery that arrived.
    #[must_use]
    pub fn reached(self) -> Self {
        Self { failures: 0, failing_since: None, ..self }
    }

    /// After a delivery that failed for good. A destination that has been dead for long is not tried
    /// any more: the webhook is paused until somebody enables it.
    #[must_use]
    pub fn missed(self, now: DateTime<Utc>) -> Self {
        let (failures, since) = (self.failures.saturating_add(1), self.failing_since.unwrap_or(now));
        let dead = failures >= PAUSE_AFTER && now - since >= PAUSE_AFTER_TIME;
        let paused = self.enabled && dead;
        Self {
            failures,
            failing_since: Some(since),
            enabled: self.enabled && !dead,
            updated_at: if paused { now } else { self.updated_at },
            ..self
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(hours * 3600, 0).unwrap()
    }

    pub(crate) fn webhook() -> Webhook {
        Webhook {
            id: WebhookId::new(Uuid::from_u128(1)),
            account_id: AccountId::new(Uuid::from_u128(2)),
            url: "https://example.com/".to_owned(),
            collection: "things".to_owned(),
            events: BTreeSet::from([WebhookEvent::Create]),
            filter: None,
            enabled: true,
            headers: None,
            sealed_secret: "sealed".to_owned(),
            failures: 0,
            failing_since: None,
            created_at: at(0),
            updated_at: at(0),
            created_by: UserId::new(Uuid::from_u128(3)),
        }
    }

    #[test]
    fn a_destination_is_given_up_after_many_failures_over_a_long_time() {
        let mut many = webhook();
        for _ in 0..100 {
            many = many.missed(at(1));
        }
        assert!(many.enabled, "many within an hour");
        let mut long = webhook();
        for hours in [0, 100, 200, 300] {
            long = long.missed(at(hours));
        }
        assert!(long.enabled, "few over a long time");
        let paused = long.clone().missed(at(301));
        assert_eq!((paused.enabled, paused.updated_at, paused.failures), (false, at(301), 5));
        let reached = long.reached();
        assert_eq!((reached.failures, reached.failing_since), (0, None));
        assert!(reached.missed(at(400)).enabled);
    }

    #[test]
    fn events_are_named_as_changes_are() {
        for (kind, word) in [
            (EventKind::RecordCreated, Some("create")),
            (EventKind::RecordUpdated, Some("update")),
            (EventKind::RecordDeleted, Some("delete")),
            (EventKind::SignedIn, None),
            (EventKind::Registered, None),
        ] {
            assert_eq!(WebhookEvent::of(kind).map(WebhookEvent::as_str), word);
        }
        assert_eq!(WebhookEvent::parse("delete"), Ok(WebhookEvent::Delete));
        let wrong = WebhookEvent::parse("Create").unwrap_err();
        assert_eq!(wrong, "Invalid event 'Create'. Must be one of: create, delete, update");
    }
}
