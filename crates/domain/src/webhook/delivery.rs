//! What became of telling somebody of one change.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::automation::EventKind;
use crate::{AccountId, AutomationEventId, WebhookDeliveryId, WebhookId};

/// Most characters that are kept of a receiver's answer.
pub const MAX_BODY_CHARS: usize = 5000;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// Waits for its first attempt.
    Pending,
    /// The receiver said that it has it.
    Delivered,
    /// Failed, and waits for another attempt.
    Retrying,
    /// Failed for the last time.
    Failed,
}

impl DeliveryStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Retrying, Self::Failed];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for DeliveryStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One change that a webhook tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The same for all attempts.
    pub id: WebhookDeliveryId,
    pub webhook_id: WebhookId,
    pub account_id: AccountId,
    /// What it tells of; `None` when somebody asked for it to be sent again.
    pub event_id: Option<AutomationEventId>,
    pub event: EventKind,
    /// The body as it is sent: JSON.
    pub payload: String,
    /// The status of the last answer.
    pub response_status: Option<u16>,
    /// The beginning of the last answer, or why there was none.
    pub response_body: Option<String>,
    /// How often it has been tried.
    pub attempts: u32,
    pub delivered_at: Option<DateTime<Utc>>,
    pub next_retry_at: Option<DateTime<Utc>>,
    pub status: DeliveryStatus,
    pub created_at: DateTime<Utc>,
}

impl Delivery {
    /// After an attempt that succeeded.
    #[must_use]
    pub fn delivered(self, status: u16, body: &str, now: DateTime<Utc>) -> Self {
        Self {
            response_status: Some(status),
            response_body: Some(kept_text(body)),
            attempts: self.attempts.saturating_add(1),
            delivered_at: Some(now),
            next_retry_at: None,
            status: DeliveryStatus::Delivered,
            ..self
        }
    }

    /// After an attempt that failed; `again` is when the next one is due, if there is one.
    #[must_use]
    pub fn failed(self, status: Option<u16>, body: &str, again: Option<DateTime<Utc>>) -> Self {
        Self {
            response_status: status,
            response_body: Some(kept_text(body)),
            attempts: self.attempts.saturating_add(1),
            next_retry_at: again,
            status: if again.is_some() { DeliveryStatus::Retrying } else { DeliveryStatus::Failed },
            ..self
        }
    }

    /// Not to be tried (again); the last answer, if there was one, is kept.
    #[must_use]
    pub fn given_up(self, why: &str) -> Self {
        Self {
            response_body: self.response_body.or_else(|| Some(why.to_owned())),
            next_retry_at: None,
            status: DeliveryStatus::Failed,
            ..self
        }
    }
}

/// An answer as it is kept: its beginning, without what PostgreSQL keeps no text with.
pub fn kept_text(text: &str) -> String {
    let kept = text.chars().take(MAX_BODY_CHARS);
    kept.map(|c| if c == '\0' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn delivery() -> Delivery {
        Delivery {
            id: WebhookDeliveryId::new(Uuid::from_u128(1)),
            webhook_id: WebhookId::new(Uuid::from_u128(2)),
            account_id: AccountId::new(Uuid::from_u128(3)),
            event_id: None,
            event: EventKind::RecordCreated,
            payload: "{}".to_owned(),
            response_status: None,
            response_body: None,
            attempts: 0,
            delivered_at: None,
            next_retry_at: None,
            status: DeliveryStatus::Pending,
            created_at: at(0),
        }
    }

    #[test]
    fn attempts_are_counted_until_one_succeeds_or_none_is_left() {
        let first = delivery().failed(Some(500), "no", Some(at(60)));
        assert_eq!((first.status, first.attempts), (DeliveryStatus::Retrying, 1));
        assert_eq!((first.response_status, first.next_retry_at), (Some(500), Some(at(60))));
        let done = first.clone().delivered(204, "", at(61));
        assert_eq!((done.status, done.attempts), (DeliveryStatus::Delivered, 2));
        assert_eq!((done.next_retry_at, done.delivered_at), (None, Some(at(61))));
        let failed = first.clone().failed(None, "nobody there", None);
        assert_eq!((failed.status, failed.response_status), (DeliveryStatus::Failed, None));
        assert_eq!(failed.response_body.as_deref(), Some("nobody there"));
        let given_up = first.given_up("disabled");
        assert_eq!((given_up.status, given_up.next_retry_at), (DeliveryStatus::Failed, None));
        assert_eq!(given_up.response_body.as_deref(), Some("no"));
        assert_eq!(delivery().given_up("disabled").response_body.as_deref(), Some("disabled"));
    }

    #[test]
    fn the_beginning_of_an_answer_is_kept() {
        let kept = kept_text(&"é\0".repeat(9000));
        assert_eq!(kept.chars().count(), MAX_BODY_CHARS);
        assert!(kept.starts_with("é\u{fffd}"));
    }
}
