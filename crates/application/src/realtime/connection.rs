//! A receiver: what it may see, what it wants, and what waits to be sent to it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, Utc};
use snackbase_domain::{AccountId, UserId};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::credential::Credential;
use super::frame::Frame;
use super::subscription::Subscription;
use crate::Principal;
use crate::ports::RecordOperation;

/// Messages that may wait for a receiver. One who reads more slowly than that is cut off.
pub const MOST_WAITING: usize = 1000;
/// Messages that may wait while he gets what he missed: then the log waits for him.
const ROOM_WHILE_CATCHING_UP: usize = 256;
/// Messages that a client may send at once, and each second in the long run.
const MOST_RECEIVED_AT_ONCE: f64 = 200.0;
const RECEIVED_EACH_SECOND: f64 = 50.0;
/// Queues that had to grow are made small again.
const SMALL_QUEUE: usize = 32;

/// Why a connection ends: a code of RFC 6455, section 7.4, and a word to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    pub code: u16,
    pub reason: &'static str,
}

impl Ending {
    pub const SHUTDOWN: Self = Self { code: 1001, reason: "Server is shutting down" };
    pub const MISSING_TOKEN: Self = Self { code: 1008, reason: "Missing token" };
    pub const UNAUTHENTICATED: Self = Self { code: 1008, reason: "Authentication failed" };
    pub const EXPIRED: Self = Self { code: 1008, reason: "Token expired" };
    pub const FOREIGN_ORIGIN: Self = Self { code: 1008, reason: "Origin not allowed" };
    pub const PROTOCOL_ERROR: Self = Self { code: 1002, reason: "Protocol error" };
    pub const NOT_TEXT: Self = Self { code: 1007, reason: "Not UTF-8" };
    pub const TOO_BIG: Self = Self { code: 1009, reason: "Message too big" };
    pub const FAILED: Self = Self { code: 1011, reason: "Temporarily unavailable" };
    pub const TOO_SLOW: Self = Self { code: 1013, reason: "Too slow" };
}

/// What a transport is to do next.
#[derive(Clone, Debug)]
pub enum Outgoing {
    Frames(Vec<Arc<Frame>>),
    End(Ending),
}

/// A receiver.
pub(super) struct Connection {
    /// One for each of a node's life.
    pub number: u64,
    /// Whom it is counted for.
    pub counted: (UserId, AccountId),
    pub credential: Credential,
    inner: Mutex<Inner>,
    /// Told when there is something to send, or the end.
    ready: Notify,
    /// Told when something was taken out of the queue.
    taken: Notify,
}

struct Inner {
    principal: Principal,
    /// When the credential runs out.
    expires_at: Option<DateTime<Utc>>,
    checked_at: Instant,
    queue: VecDeque<Arc<Frame>>,
    subscriptions: Vec<Arc<Subscription>>,
    ending: Option<Ending>,
    /// What is left of the messages that the client may send, as of then.
    allowance: (f64, Instant),
}

impl Connection {
    pub fn new(
        number: u64,
        credential: Credential,
        principal: Principal,
        expires_at: Option<DateTime<Utc>>,
    ) -> Self {
        let now = Instant::now();
        Self {
            number,
            counted: (principal.user_id, principal.account_id),
            credential,
            inner: Mutex::new(Inner {
                principal,
                expires_at,
                checked_at: now,
                queue: VecDeque::new(),
                subscriptions: Vec::new(),
                ending: None,
                allowance: (MOST_RECEIVED_AT_ONCE, now),
            }),
            ready: Notify::new(),
            taken: Notify::new(),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Whose it is, as far as was known a moment ago.
    pub fn principal(&self) -> Principal {
        self.inner().principal.clone()
    }

    /// Notes that the credential was looked at; answers whether the user is another than before.
    pub fn checked(&self, principal: Principal) -> bool {
        let mut inner = self.inner();
        inner.checked_at = Instant::now();
        let changed = *inner.principal.identity != *principal.identity;
        inner.principal = principal;
        changed
    }

    /// Whether the credential is to be looked at.
    pub fn is_due(&self, now: DateTime<Utc>, every: Duration) -> bool {
        let inner = self.inner();
        inner.ending.is_none()
            && (inner.expires_at.is_some_and(|at| at <= now) || inner.checked_at.elapsed() >= every)
    }

    /// Has a message sent.
    pub fn push(&self, frame: Arc<Frame>) {
        let mut inner = self.inner();
        push(&mut inner, frame);
        drop(inner);
        self.ready.notify_one();
    }

    /// Has an event sent that a subscription takes.
    pub fn deliver(
        &self,
        subscription: &Subscription,
        position: u64,
        operation: RecordOperation,
        frame: &Arc<Frame>,
    ) {
        let mut inner = self.inner();
        if !subscription.takes(position, operation) {
            return;
        }
        push(&mut inner, Arc::clone(frame));
        drop(inner);
        self.ready.notify_one();
    }

    /// Ends it; what waits is not sent any more.
    pub fn end(&self, ending: Ending) {
        let mut inner = self.inner();
        end(&mut inner, ending);
        drop(inner);
        self.ready.notify_one();
        self.taken.notify_one();
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.inner().ending.is_some()
    }

    /// What is to be sent, at most that many messages, once there is something.
    pub async fn next(&self, most: usize) -> Outgoing {
        loop {
            if let Some(outgoing) = self.take(most) {
                self.taken.notify_one();
                return outgoing;
            }
            self.ready.notified().await;
        }
    }

    fn take(&self, most: usize) -> Option<Outgoing> {
        let mut inner = self.inner();
        if let Some(ending) = inner.ending {
            return Some(Outgoing::End(ending));
        }
        if inner.queue.is_empty() {
            return None;
        }
        let most = most.min(inner.queue.len());
        let frames = inner.queue.drain(..most).collect();
        if inner.queue.is_empty() && inner.queue.capacity() > SMALL_QUEUE {
            inner.queue = VecDeque::new();
        }
        Some(Outgoing::Frames(frames))
    }

    /// Returns when it has ended.
    pub async fn ended(&self) -> Ending {
        loop {
            if let Some(ending) = self.inner().ending {
                return ending;
            }
            self.ready.notified().await;
        }
    }

    /// Waits until there is room for what was missed; `false` when it has ended.
    pub async fn has_room(&self) -> bool {
        loop {
            {
                let inner = self.inner();
                if inner.ending.is_some() {
                    return false;
                }
                if inner.queue.len() < ROOM_WHILE_CATCHING_UP {
                    return true;
                }
            }
            self.taken.notified().await;
        }
    }

    /// Whether the client may send another message now.
    pub fn may_send(&self) -> bool {
        let mut inner = self.inner();
        let (left, at) = inner.allowance;
        let now = Instant::now();
        let left =
            (left + now.duration_since(at).as_secs_f64() * RECEIVED_EACH_SECOND).min(MOST_RECEIVED_AT_ONCE);
        inner.allowance = (if left >= 1.0 { left - 1.0 } else { left }, now);
        left >= 1.0
    }

    /// The subscriptions.
    pub fn subscriptions(&self) -> Vec<Arc<Subscription>> {
        self.inner().subscriptions.clone()
    }

    /// Whether there is a subscription of its own for a collection.
    pub fn names(&self, collection: &str) -> bool {
        self.inner().subscriptions.iter().any(|known| known.collection == collection)
    }

    /// The subscription of that name.
    pub fn subscription(
        &self,
        name: Option<&str>,
        collection: &str,
        record: Option<&str>,
    ) -> Option<Arc<Subscription>> {
        self.inner().subscriptions.iter().find(|known| known.is_same(name, collection, record)).cloned()
    }

    /// Adds a subscription.
    pub fn add(&self, subscription: Arc<Subscription>) {
        self.inner().subscriptions.push(subscription);
    }

    /// Removes a subscription, which takes what happened up to `position`.
    pub fn remove(&self, subscription: &Arc<Subscription>, position: u64) {
        let mut inner = self.inner();
        subscription.end_at(position);
        inner.subscriptions.retain(|known| !Arc::ptr_eq(known, subscription));
    }
}

fn push(inner: &mut Inner, frame: Arc<Frame>) {
    if inner.ending.is_some() {
        return;
    }
    if inner.queue.len() >= MOST_WAITING {
        end(inner, Ending::TOO_SLOW);
    } else {
        inner.queue.push_back(frame);
    }
}

fn end(inner: &mut Inner, ending: Ending) {
    inner.ending.get_or_insert(ending);
    inner.queue = VecDeque::new();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realtime::subscription::{Request, Subscription};
    use crate::{AuthMethod, Identity};
    use serde_json::json;
    use uuid::Uuid;

    fn connection() -> Connection {
        let identity = Identity {
            user_id: UserId::new(Uuid::from_u128(1)),
            user_key: String::new(),
            account_id: AccountId::new(Uuid::from_u128(2)),
            account_key: String::new(),
            account_name: String::new(),
            email: String::new(),
            role: "user".into(),
            groups: Vec::new(),
        };
        let (identity, origin) = (Arc::new(identity), Arc::default());
        let principal = Principal { identity, session: None, method: AuthMethod::AccessToken, origin };
        Connection::new(1, Credential::new("token", Arc::default()), principal, None)
    }

    fn frame() -> Arc<Frame> {
        Arc::new(Frame::saying(&json!({})))
    }

    #[tokio::test]
    async fn a_queue_that_is_full_ends_the_connection() {
        let connection = connection();
        (0..MOST_WAITING).for_each(|_| connection.push(frame()));
        assert!(!connection.has_ended());
        connection.push(frame());
        connection.end(Ending::EXPIRED);
        assert!(
            matches!(connection.next(10).await, Outgoing::End(Ending::TOO_SLOW)),
            "the first word counts"
        );
        connection.push(frame());
        assert!(matches!(connection.next(10).await, Outgoing::End(_)), "nothing is sent any more");
    }

    #[tokio::test]
    async fn messages_come_in_order_and_as_many_as_wanted() {
        let connection = connection();
        let frames: Vec<_> = (0..3).map(|_| frame()).collect();
        frames.iter().for_each(|frame| connection.push(Arc::clone(frame)));
        let Outgoing::Frames(first) = connection.next(2).await else { panic!("it has not ended") };
        let Outgoing::Frames(rest) = connection.next(2).await else { panic!("it has not ended") };
        let got: Vec<_> = first.iter().chain(&rest).collect();
        assert!(got.len() == 3 && got.iter().zip(&frames).all(|(got, sent)| Arc::ptr_eq(got, sent)));
    }

    #[tokio::test]
    async fn a_subscription_takes_what_is_within_its_bounds() {
        let connection = connection();
        let subscription = Subscription::new(Request::about("posts"), None);
        subscription.begin_after(5);
        for position in [4, 5, 6, 7, 8] {
            if position == 8 {
                subscription.end_at(7);
            }
            connection.deliver(&subscription, position, RecordOperation::Create, &frame());
        }
        let Outgoing::Frames(frames) = connection.next(10).await else { panic!("it has not ended") };
        assert_eq!(frames.len(), 2);
    }

    #[tokio::test]
    async fn a_client_that_says_too_much_has_to_wait() {
        let connection = connection();
        let sent = (0..1000).filter(|_| connection.may_send()).count();
        assert!((200..300).contains(&sent), "{sent}");
    }
}
