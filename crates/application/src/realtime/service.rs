//! Use cases: letting receivers in, and keeping only those who may stay.

use std::sync::Arc;
use std::time::Duration;

use snackbase_domain::collection::Operation;
use snackbase_domain::{AccountId, RecordId};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::Sequencer;
use super::access::AccessChange;
use super::channels::Channels;
use super::connection::{Connection, Ending};
use super::credential::Credential;
use super::frame::Frame;
use super::judge::Judge;
use super::open::Open;
use super::receivers::{ConnectionLimits, Crowded, Member, Receivers};
use super::subscription::{ALL_COLLECTIONS, Subscription};
use super::turns::Turns;
use crate::access;
use crate::auth::{Auth, Identities};
use crate::catalog::{Catalog, Compiled};
use crate::ports::{Clock, IdGenerator, RealtimeSignal, Storage};
use crate::{AppError, AuthMethod, Caller, Kind, Principal};

/// Credentials that are looked at at once.
const CHECKED_AT_ONCE: usize = 16;

/// Receivers who read what they missed at once.
const CATCH_UP_AT_ONCE: usize = 8;

/// What an operator decides about receivers.
#[derive(Clone, Copy, Debug)]
pub struct RealtimePolicy {
    /// How often receivers are sent a sign of life, and their credentials are looked at.
    pub heartbeat: Duration,
    pub limits: ConnectionLimits,
}

/// Tells receivers what happens.
pub struct Realtime {
    pub(super) storage: Arc<dyn Storage>,
    pub(super) catalog: Arc<Catalog>,
    pub(super) clock: Arc<dyn Clock>,
    auth: Arc<Auth>,
    identities: Arc<Identities>,
    pub(super) sequencer: Arc<Sequencer>,
    pub(super) signal: Arc<dyn RealtimeSignal>,
    policy: RealtimePolicy,
    pub(super) receivers: Receivers,
    pub(super) turns: Turns,
    pub(super) channels: Channels,
    pub(super) ids: Arc<dyn IdGenerator>,
    /// The turns of those who read what they missed.
    pub(super) catching_up: Semaphore,
}

impl Realtime {
    /// Wires the use cases.
    #[expect(clippy::too_many_arguments, reason = "one for each port")]
    pub fn new(
        storage: Arc<dyn Storage>,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        auth: Arc<Auth>,
        identities: Arc<Identities>,
        sequencer: Arc<Sequencer>,
        signal: Arc<dyn RealtimeSignal>,
        policy: RealtimePolicy,
    ) -> Self {
        Self {
            storage,
            catalog,
            clock,
            auth,
            identities,
            sequencer,
            signal,
            policy,
            receivers: Receivers::default(),
            turns: Turns::default(),
            channels: Channels::new(ids.new_id().to_string()),
            ids,
            catching_up: Semaphore::new(CATCH_UP_AT_ONCE),
        }
    }

    /// How often receivers are sent a sign of life.
    pub fn heartbeat(&self) -> Duration {
        self.policy.heartbeat
    }

    /// The moment, for signs of life.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// Whose a credential is.
    pub async fn sign_in(&self, credential: &Credential) -> Result<Principal, AppError> {
        credential.holder(&self.auth).await
    }

    /// Lets somebody in who is signed in.
    ///
    /// # Errors
    /// He, his account or this node has as many connections as may be.
    pub fn open(self: &Arc<Self>, credential: Credential, principal: Principal) -> Result<Open, Crowded> {
        let expires_at = credential.expires_at(&self.auth);
        let counted = (principal.user_id, principal.account_id);
        let connection = self.receivers.admit(counted, &self.policy.limits, |number| {
            Connection::new(number, credential, principal, expires_at)
        })?;
        Ok(Open::new(Arc::clone(self), connection))
    }

    /// Serves receivers until it is dropped.
    pub async fn run(self: Arc<Self>) {
        tokio::join!(self.follow(), self.watch());
    }

    /// Ends all connections: the server stops.
    pub fn stop(&self) {
        for connection in self.receivers.all() {
            connection.end(Ending::SHUTDOWN);
        }
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.receivers.all().len()
    }

    /// How many subscriptions they have.
    pub fn subscriptions(&self) -> usize {
        self.receivers.all().iter().map(|connection| connection.subscriptions().len()).sum()
    }

    /// Looks at credentials that run out or were not looked at for some time, and at subscriptions to
    /// collections that have changed.
    async fn watch(self: &Arc<Self>) {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen: Vec<Arc<Compiled>> = Vec::new();
        loop {
            tokio::select! {
                _ = second.tick() => {}
                () = self.channels.left() => {}
            }
            if let Err(error) = self.keep_presence().await {
                tracing::warn!(%error, "who is in which channel could not be told");
            }
            let now = self.clock.now();
            let all = self.receivers.all().into_iter();
            let due = all.filter(|connection| connection.is_due(now, self.policy.heartbeat)).collect();
            // Of whom nobody can tell is looked at again soon.
            drop(self.check(due).await);
            self.look_at_collections(&mut seen).await;
        }
    }

    /// Looks at the subscriptions to collections that are not what they were.
    async fn look_at_collections(&self, seen: &mut Vec<Arc<Compiled>>) {
        let known = |compiled: &Arc<Compiled>| seen.iter().any(|known| Arc::ptr_eq(known, compiled));
        let mut now_there = Vec::new();
        let mut topics = self.channels.collections();
        topics.extend(self.receivers.topics());
        for topic in topics {
            let compiled = self.catalog.get(&topic);
            if compiled.as_ref().is_none_or(|compiled| !known(compiled)) {
                for member in self.receivers.members(&topic) {
                    self.decide_anew(&member);
                }
                self.look_at_members(self.channels.about(None, &topic, None)).await;
            }
            now_there.extend(compiled);
        }
        *seen = now_there;
    }

    /// The rights of somebody have changed: who hears of what comes next was looked at after that.
    pub(super) async fn access_changed(self: &Realtime, change: AccessChange) {
        match change {
            AccessChange::User(user) => self.identities.forget(user),
            AccessChange::Key(_) | AccessChange::All => self.identities.forget_all(),
        }
        let concerned = |connection: &Arc<Connection>| match change {
            AccessChange::User(user) => connection.counted.0 == user,
            AccessChange::Key(_) => connection.principal().method == AuthMethod::ApiKey,
            AccessChange::All => true,
        };
        let concerned = self.receivers.all().into_iter().filter(concerned).collect();
        // Of whom nobody can tell at the moment whether he may stay, hears nothing of what comes next.
        for connection in self.check(concerned).await {
            connection.end(Ending::FAILED);
        }
    }

    /// Looks at the credentials of receivers; answers those of whom nobody can tell at the moment.
    async fn check(&self, connections: Vec<Arc<Connection>>) -> Vec<Arc<Connection>> {
        let mut doubtful = Vec::new();
        let mut outcomes = JoinSet::new();
        for connection in connections {
            if outcomes.len() >= CHECKED_AT_ONCE
                && let Some(Ok((connection, outcome))) = outcomes.join_next().await
            {
                doubtful.extend(self.checked(connection, outcome).await);
            }
            let auth = Arc::clone(&self.auth);
            outcomes.spawn(async move {
                let outcome = connection.credential.holder(&auth).await;
                (connection, outcome)
            });
        }
        while let Some(done) = outcomes.join_next().await {
            if let Ok((connection, outcome)) = done {
                doubtful.extend(self.checked(connection, outcome).await);
            }
        }
        doubtful
    }

    async fn checked(
        &self,
        connection: Arc<Connection>,
        outcome: Result<Principal, AppError>,
    ) -> Option<Arc<Connection>> {
        match outcome {
            Ok(principal) => {
                if connection.checked(principal) {
                    self.receivers.disturb(&connection);
                    for subscription in connection.subscriptions() {
                        self.decide_anew(&Member { connection: Arc::clone(&connection), subscription });
                    }
                }
                self.look_at_members(self.channels.all_of(&connection)).await;
                None
            }
            Err(AppError::Refused(_)) => {
                connection.end(Ending::EXPIRED);
                None
            }
            Err(error) => {
                tracing::warn!(%error, "a receiver's credential could not be looked at");
                Some(connection)
            }
        }
    }

    fn decide_anew(&self, member: &Member) {
        let Member { connection, subscription } = member;
        let caller = Caller::User(connection.principal());
        if let Err(AppError::Refused(_)) = self.may_subscribe(&caller, subscription) {
            self.deny(member);
        }
    }

    /// Refuses a subscription to what the caller may see nothing of, or not filter so.
    pub(super) fn may_subscribe(&self, caller: &Caller, subscription: &Subscription) -> Result<(), AppError> {
        if subscription.collection == ALL_COLLECTIONS {
            return Ok(());
        }
        let Some(compiled) = self.catalog.get(&subscription.collection) else {
            return Err(AppError::denied("Subscription denied"));
        };
        let now = self.clock.now().timestamp_micros();
        let judge = Judge { store: self.storage.read(), catalog: &self.catalog, now };
        judge.scope(&compiled, caller, subscription.record.as_ref(), subscription.filter.as_ref()).map(drop)
    }

    /// Whether somebody may list a collection.
    pub(super) fn may_list(&self, caller: &Caller, collection: &str) -> bool {
        let now = self.clock.now().timestamp_micros();
        let decided = |compiled: Arc<Compiled>| {
            access::decide(&self.catalog, &compiled, Operation::List, caller, None, now).is_ok()
        };
        self.catalog.get(collection).is_some_and(decided)
    }

    /// The account of a record that somebody may see now.
    pub(super) async fn seen_at(
        &self,
        caller: &Caller,
        collection: &str,
        record: &RecordId,
    ) -> Result<Option<AccountId>, AppError> {
        let Some(compiled) = self.catalog.get(collection) else { return Ok(None) };
        let (store, now) = (self.storage.read(), self.clock.now().timestamp_micros());
        let access = match access::decide(&self.catalog, &compiled, Operation::View, caller, None, now) {
            Ok(access) => access,
            Err(AppError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let scoped = access::scope_of_receiver(&compiled, Operation::View, caller, access, None, None, now);
        Ok(store.records().view(&scoped, record).await?.map(|found| found.account_id))
    }

    /// Ends a subscription and says so.
    pub(super) fn deny(&self, member: &Member) {
        let Member { connection, subscription } = member;
        if subscription.collection != ALL_COLLECTIONS && subscription.goes_on() {
            self.receivers.unsubscribe(connection, subscription);
            connection.push(Arc::new(Frame::saying(&subscription.denied())));
        }
    }
}

/// Whether an error is a refusal of a filter, and what it says.
pub(super) fn is_invalid(error: &AppError) -> bool {
    matches!(error, AppError::Refused(refusal) if refusal.kind == Kind::Invalid)
}
