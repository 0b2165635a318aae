//! What a unit of work has to tell hooks, webhooks and workflows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use snackbase_domain::AutomationEventId;
use snackbase_domain::automation::{ActingUser, AutomationEvent, EventKind};
use snackbase_domain::record::Record;
use tokio::sync::Notify;

use super::{Listeners, event_job};
use crate::Actor;
use crate::access::Projection;
use crate::catalog::Compiled;
use crate::ports::{Clock, IdGenerator, Repositories, StoreError, UserEvent};
use crate::records::render_event;
use crate::tracking::{Noted, Observer};

/// Who is told of events, and what is needed for it.
#[derive(Clone)]
pub struct Announcing {
    pub listeners: Arc<Listeners>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdGenerator>,
    /// Told when events are committed.
    pub written: Arc<Notify>,
}

impl Announcing {
    /// Notes for what an actor changes.
    pub(crate) fn happenings(&self, actor: &Actor) -> Happenings {
        let (user, depth) = match actor {
            Actor::Nobody | Actor::System => (None, 0),
            Actor::Affected(origin) => (None, origin.depth),
            Actor::User(principal) => {
                let user = ActingUser { id: principal.user_id, email: principal.email.clone() };
                (Some(user), principal.origin.depth)
            }
        };
        Happenings { to: self.clone(), user, depth, noted: Noted::default(), any: AtomicBool::new(false) }
    }
}

/// The events so far for which anybody waits.
pub(crate) struct Happenings {
    to: Announcing,
    user: Option<ActingUser>,
    depth: u32,
    noted: Noted<AutomationEvent>,
    /// Whether some are written down.
    any: AtomicBool,
}

impl Happenings {
    /// Notes a change of a record, if anybody waits for it.
    pub fn record(&self, compiled: &Compiled, before: Option<&Record>, after: Option<&Record>) {
        let (kind, record) = match (before, after) {
            (None, Some(after)) => (EventKind::RecordCreated, after),
            (Some(_), Some(after)) => (EventKind::RecordUpdated, after),
            (Some(before), None) => (EventKind::RecordDeleted, before),
            (None, None) => return,
        };
        let collection = compiled.name();
        if !self.to.listeners.wait_for(record.account_id, kind, Some(collection)) {
            return;
        }
        let now = self.to.clock.now();
        let micros = now.timestamp_micros();
        let (now_shown, size) = shown(compiled, record, micros);
        let (previous, more) = before.map(|before| shown(compiled, before, micros)).unzip();
        let event = AutomationEvent {
            id: AutomationEventId::new(self.to.ids.new_id()),
            account_id: record.account_id,
            kind,
            collection: Some(collection.to_owned()),
            record: now_shown,
            previous,
            user: self.user.clone(),
            depth: self.depth,
            occurred_at: now,
        };
        self.noted.push(event, size + more.unwrap_or_default());
    }

    /// Notes what a user has done, if anybody waits for it.
    pub fn user(&self, event: UserEvent<'_>) {
        let UserEvent { kind, user, role, origin } = event;
        if !self.to.listeners.wait_for(user.account_id, kind, None) {
            return;
        }
        let record = json!({
            "user_id": user.id.to_string(),
            "email": user.email.as_str(),
            "account_id": user.account_id.to_string(),
            "role": role,
            "provider": user.auth_provider_name.as_deref().unwrap_or(&user.auth_provider),
            "ip_address": origin.address.map(|address| address.to_string()),
            "user_agent": origin.user_agent,
        });
        let Value::Object(record) = record else { return };
        let acting = ActingUser { id: user.id, email: user.email.as_str().to_owned() };
        let event = AutomationEvent {
            id: AutomationEventId::new(self.to.ids.new_id()),
            account_id: user.account_id,
            kind,
            collection: None,
            record,
            previous: None,
            user: Some(acting),
            depth: origin.depth,
            occurred_at: self.to.clock.now(),
        };
        self.noted.push(event, 0);
    }
}

/// A record as the API shows it to whom no rule binds, and how much text it is.
fn shown(compiled: &Compiled, record: &Record, now: i64) -> (Map<String, Value>, usize) {
    let mut text = Vec::new();
    render_event(&mut text, compiled, record, &Projection::whole(compiled), now);
    let object = serde_json::from_slice(&text).expect("a record is written as an object");
    (object, text.len())
}

#[async_trait]
impl Observer for Happenings {
    fn begin_part(&self) {
        self.noted.begin_part();
    }

    fn undo_part(&self) {
        self.noted.undo_part();
    }

    fn is_full(&self) -> bool {
        self.noted.is_full()
    }

    async fn write(&self, store: &dyn Repositories) -> Result<(), StoreError> {
        for event in self.noted.take() {
            store.jobs().insert(&event_job::job(event)).await.map_err(|error| match error {
                error @ StoreError::Unavailable(_) => error,
                // No conflict of the caller's, whatever class the store gives it.
                other => StoreError::Other(format!("the change cannot be told: {other}")),
            })?;
            self.any.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn committed(&self) {
        if self.any.load(Ordering::Relaxed) {
            self.to.written.notify_one();
        }
    }
}
