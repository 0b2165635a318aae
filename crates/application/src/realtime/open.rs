//! A connection as a transport holds it: what comes in and what goes out.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json, json};
use snackbase_domain::RecordId;
use snackbase_rules as rules;

use super::connection::{Connection, Ending, Outgoing};
use super::event_id::EventId;
use super::frame::{Frame, refusal};
use super::service::{Realtime, is_invalid};
use super::subscription::{ALL_COLLECTIONS, MOST_SUBSCRIPTIONS, Operations, Request, Subscription};
use crate::{AppError, Caller, Says};

/// Characters of a subscription's own name.
const LONGEST_NAME: usize = 100;

/// A connection; dropped, it is forgotten.
pub struct Open {
    pub(super) realtime: Arc<Realtime>,
    pub(super) connection: Arc<Connection>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.realtime.receivers.dismiss(&self.connection);
        self.realtime.channels.dismiss(&self.connection);
    }
}

/// Why somebody does not hear of something.
#[derive(Debug)]
pub enum NotSubscribed {
    /// He may see nothing of it.
    Denied,
    /// He has as many subscriptions as may be.
    TooMany,
    /// The filter is no good, for this reason.
    Filter(String),
    /// It cannot be found out at the moment.
    Failed(AppError),
}

impl Open {
    pub(super) fn new(realtime: Arc<Realtime>, connection: Arc<Connection>) -> Self {
        Self { realtime, connection }
    }

    /// What is to be sent next, at most that many messages, once there is something.
    pub async fn next(&self, most: usize) -> Outgoing {
        self.connection.next(most).await
    }

    /// Returns when the connection has to end, whatever is being sent. Not to be awaited beside `next`.
    pub async fn ended(&self) -> Ending {
        self.connection.ended().await
    }

    /// Ends the connection from this side.
    pub fn end(&self, ending: Ending) {
        self.connection.end(ending);
    }

    /// How often the client is sent a sign of life.
    pub fn heartbeat(&self) -> Duration {
        self.realtime.heartbeat()
    }

    /// The moment, for signs of life.
    pub fn now(&self) -> DateTime<Utc> {
        self.realtime.now()
    }

    /// Takes a message of the client. Replies are among what is to be sent.
    pub async fn receive(&self, text: &str) {
        if !self.connection.may_send() {
            return self.say(refusal("Too many messages", &[]));
        }
        let message = match serde_json::from_str(text) {
            Ok(Json::Object(message)) => message,
            Ok(_) => return self.invalid(),
            Err(_) => return self.say(refusal("Invalid JSON", &[])),
        };
        match message.get("action") {
            Some(Json::String(action)) => match action.as_str() {
                "ping" => self.say(Frame::saying(&json!({ "type": "pong" }))),
                "subscribe" => self.subscribe_by(&message).await,
                "unsubscribe" => self.unsubscribe_by(&message),
                other if self.talk(other, &message).await => {}
                _ => self.say(refusal("Unknown action", &[])),
            },
            None => self.say(refusal("Unknown action", &[])),
            Some(_) => self.invalid(),
        }
    }

    /// Says that a message cannot be understood.
    pub fn invalid(&self) {
        self.say(refusal("Invalid message", &[]));
    }

    pub(super) fn say(&self, frame: Frame) {
        self.connection.push(Arc::new(frame));
    }

    async fn subscribe_by(&self, message: &Map<String, Json>) {
        let Some((request, since)) = request_of(message) else { return self.invalid() };
        if request.collection.is_empty() {
            return self.say(refusal("Missing collection", &[]));
        }
        let collection = request.collection.clone();
        let about = [("collection", collection.as_str())];
        let subscription = match self.check(request).await {
            Ok(subscription) => subscription,
            Err(refused) => return self.refuse(refused.0, &refused.1),
        };
        let subscribed = Frame::saying(&subscription.status("subscribed", self.realtime.now()));
        let outcome = match since {
            // The reply comes before what was missed.
            Some(since) => {
                self.say(subscribed);
                self.resume(&[subscription], &since).await
            }
            None => {
                let outcome = self.realtime.turns.wait().await;
                if outcome.is_ok() {
                    self.say(subscribed);
                    self.realtime.receivers.subscribe(&self.connection, &subscription);
                }
                outcome
            }
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "a subscription failed");
            self.say(refusal("Temporarily unavailable", &about));
        }
    }

    /// A subscription that may be, not known to anybody yet; else why not, and the keys that tell which
    /// one it was to be.
    async fn check(&self, request: Request) -> Result<Arc<Subscription>, Box<(NotSubscribed, Json)>> {
        let filter = request.filter.as_deref().filter(|text| !text.trim().is_empty());
        let (parsed, problem) = match filter.map(rules::parse) {
            None => (None, None),
            Some(Ok(expr)) => (Some(expr), None),
            Some(Err(error)) => (None, Some(error.to_string())),
        };
        let subscription = Arc::new(Subscription::new(request, parsed));
        let refuse = |why| Err(Box::new((why, subscription.denied())));
        let record = subscription.record.as_ref().map(RecordId::as_str);
        let known =
            self.connection.subscription(subscription.name.as_deref(), &subscription.collection, record);
        if known.is_none() && self.connection.subscriptions().len() >= MOST_SUBSCRIPTIONS {
            return refuse(NotSubscribed::TooMany);
        }
        let caller = Caller::User(self.connection.principal());
        if let Some(problem) = problem {
            return refuse(NotSubscribed::Filter(problem));
        }
        match self.realtime.may_subscribe(&caller, &subscription) {
            Ok(()) => {}
            Err(error) if is_invalid(&error) => return refuse(NotSubscribed::Filter(sentence(&error))),
            Err(AppError::Refused(_)) => return refuse(NotSubscribed::Denied),
            Err(error) => return refuse(NotSubscribed::Failed(error)),
        }
        if let Some(record) = &subscription.record {
            match self.realtime.seen_at(&caller, &subscription.collection, record).await {
                Ok(Some(_)) => {}
                Ok(None) => return refuse(NotSubscribed::Denied),
                Err(error) => return refuse(NotSubscribed::Failed(error)),
            }
        }
        Ok(subscription)
    }

    fn refuse(&self, why: NotSubscribed, denied: &Json) {
        let mut message = denied.clone();
        match why {
            NotSubscribed::Denied => {}
            NotSubscribed::TooMany => {
                message = json!({ "error": format!("Max subscriptions reached ({MOST_SUBSCRIPTIONS})") });
            }
            NotSubscribed::Filter(problem) => {
                message["error"] = json!("Invalid filter expression");
                message["message"] = json!(problem);
            }
            NotSubscribed::Failed(error) => {
                tracing::warn!(%error, "a subscription failed");
                message["error"] = json!("Temporarily unavailable");
            }
        }
        self.say(Frame::saying(&message));
    }

    fn unsubscribe_by(&self, message: &Map<String, Json>) {
        let Some((request, _)) = request_of(message) else { return self.invalid() };
        if request.collection.is_empty() && request.name.is_none() {
            return self.say(refusal("Missing collection", &[]));
        }
        let record = request.record.as_ref().map(RecordId::as_str);
        let known = self.connection.subscription(request.name.as_deref(), &request.collection, record);
        if let Some(known) = &known {
            self.realtime.receivers.unsubscribe(&self.connection, known);
        }
        let ended = known.unwrap_or_else(|| Arc::new(Subscription::new(request, None)));
        self.say(Frame::saying(&ended.status("unsubscribed", self.realtime.now())));
    }

    /// Subscribes to several at once: from now on, or with all that happened after `since`, which is
    /// still to be asked for by [`Open::resume_all`]. All or none.
    ///
    /// # Errors
    /// Why not, and to which.
    pub async fn subscribe_all(
        &self,
        requests: Vec<Request>,
        since: Option<&str>,
    ) -> Result<Pending, Box<(NotSubscribed, String)>> {
        let mut subscriptions = Vec::new();
        if requests.len() > MOST_SUBSCRIPTIONS {
            return Err(Box::new((NotSubscribed::TooMany, String::new())));
        }
        for request in requests {
            let collection = request.collection.clone();
            match self.check(request).await {
                Ok(subscription) => subscriptions.push(subscription),
                Err(refused) => return Err(Box::new((refused.0, collection))),
            }
        }
        if since.is_none() && !subscriptions.is_empty() {
            let waited = self.realtime.turns.wait().await;
            waited.map_err(|error| Box::new((NotSubscribed::Failed(error), String::new())))?;
            for subscription in subscriptions.drain(..) {
                self.realtime.receivers.subscribe(&self.connection, &subscription);
            }
        }
        Ok(Pending { subscriptions, since: since.map(str::to_owned) })
    }

    /// Sends what was missed, in one order, and goes on with what happens.
    pub async fn resume_all(&self, pending: Pending) {
        let Pending { subscriptions, since: Some(since) } = pending else { return };
        if let Err(error) = self.resume(&subscriptions, &since).await {
            tracing::warn!(%error, "what a receiver missed could not be read");
            // He comes again with the last id that he has.
            self.end(Ending::FAILED);
        }
    }

    async fn resume(&self, subscriptions: &[Arc<Subscription>], since: &str) -> Result<(), AppError> {
        self.realtime.resume(&self.connection, subscriptions, EventId::parse(since)).await
    }
}

/// Subscriptions that still have to get what they missed.
pub struct Pending {
    subscriptions: Vec<Arc<Subscription>>,
    since: Option<String>,
}

/// What a message asks for, and since when; `None` when it cannot be understood.
fn request_of(message: &Map<String, Json>) -> Option<(Request, Option<String>)> {
    let text = |key: &str| match message.get(key) {
        None | Some(Json::Null) => Some(None),
        Some(Json::String(text)) => Some(Some(text.clone())),
        Some(_) => None,
    };
    let operations = match message.get("operations") {
        None | Some(Json::Null) => Operations::ALL,
        Some(Json::Array(names)) => {
            let names: Option<Vec<_>> = names.iter().map(Json::as_str).collect();
            Operations::named(names?)
        }
        Some(_) => return None,
    };
    let name = text("id")?;
    if name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
        return None;
    }
    let request = Request {
        name,
        collection: text("collection")?.unwrap_or_default(),
        operations,
        record: text("record")?.map(RecordId::new),
        filter: text("filter")?,
    };
    let narrowed = request.record.is_some() || request.filter.is_some();
    if request.collection == ALL_COLLECTIONS && narrowed {
        return None;
    }
    Some((request, text("since")?))
}

/// What a refusal says.
fn sentence(error: &AppError) -> String {
    match error {
        AppError::Refused(refusal) => match &refusal.says {
            Says::Detail(text) => text.to_string(),
            Says::Titled { message, .. } => message.to_string(),
            _ => "Invalid filter expression".to_owned(),
        },
        _ => String::new(),
    }
}
