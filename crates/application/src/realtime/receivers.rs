//! All receivers of this node, and who of them wants to hear of which collection.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use snackbase_domain::{AccountId, UserId};

use super::connection::Connection;
use super::subscription::{ALL_COLLECTIONS, Subscription};

/// A subscription and whose it is.
#[derive(Clone)]
pub(super) struct Member {
    pub connection: Arc<Connection>,
    pub subscription: Arc<Subscription>,
}

/// Who wants to hear of a collection, as of some moment.
#[derive(Clone, Default)]
pub(super) struct Crowd {
    /// Another one after each change.
    pub version: u64,
    pub members: Vec<Member>,
}

/// How many connections there may be; 0: any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConnectionLimits {
    pub of_user: usize,
    pub of_account: usize,
    pub of_node: usize,
}

/// Who has too many connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowded {
    User,
    Account,
    Node,
}

#[derive(Default)]
struct Topic {
    version: u64,
    members: HashMap<u64, Member>,
}

#[derive(Default)]
struct State {
    connections: HashMap<u64, Arc<Connection>>,
    of_user: HashMap<UserId, usize>,
    of_account: HashMap<AccountId, usize>,
    made: u64,
    topics: HashMap<String, Topic>,
    changes: u64,
    /// The last place of the log of which somebody may have been told.
    told_up_to: u64,
    epoch: String,
}

impl State {
    fn topic(&mut self, collection: &str) -> &mut Topic {
        self.changes += 1;
        let version = self.changes;
        let topic = match self.topics.contains_key(collection) {
            true => self.topics.get_mut(collection).expect("it was there"),
            false => self.topics.entry(collection.to_owned()).or_default(),
        };
        topic.version = version;
        topic
    }

    fn leave(&mut self, subscription: &Subscription) {
        let collection = subscription.collection.as_str();
        let topic = self.topic(collection);
        topic.members.remove(&subscription.number);
        if topic.members.is_empty() {
            self.topics.remove(collection);
        }
        self.disturb_all(collection);
    }

    fn join(&mut self, connection: &Arc<Connection>, subscription: &Arc<Subscription>) {
        connection.add(Arc::clone(subscription));
        let member = Member { connection: Arc::clone(connection), subscription: Arc::clone(subscription) };
        self.topic(&subscription.collection).members.insert(subscription.number, member);
        self.disturb_all(&subscription.collection);
    }

    /// Who wants to hear of all collections hears of one by the subscription for it, if there is one.
    fn disturb_all(&mut self, collection: &str) {
        if collection != ALL_COLLECTIONS && self.topics.contains_key(ALL_COLLECTIONS) {
            self.topic(ALL_COLLECTIONS);
        }
    }

    fn replace(&mut self, connection: &Arc<Connection>, subscription: &Arc<Subscription>) {
        let record = subscription.record.as_ref().map(|id| id.as_str());
        let former = connection.subscription(subscription.name.as_deref(), &subscription.collection, record);
        if let Some(former) = former {
            connection.remove(&former, self.told_up_to);
            self.leave(&former);
        }
    }
}

/// All receivers of this node.
#[derive(Default)]
pub(super) struct Receivers {
    state: Mutex<State>,
}

impl Receivers {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Lets a connection in, which is made with a number of its own.
    pub fn admit(
        &self,
        (user, account): (UserId, AccountId),
        limits: &ConnectionLimits,
        make: impl FnOnce(u64) -> Connection,
    ) -> Result<Arc<Connection>, Crowded> {
        let mut state = self.state();
        let full = |most: usize, there: usize| most != 0 && there >= most;
        if full(limits.of_node, state.connections.len()) {
            return Err(Crowded::Node);
        }
        if full(limits.of_account, state.of_account.get(&account).copied().unwrap_or(0)) {
            return Err(Crowded::Account);
        }
        if full(limits.of_user, state.of_user.get(&user).copied().unwrap_or(0)) {
            return Err(Crowded::User);
        }
        state.made += 1;
        let connection = Arc::new(make(state.made));
        *state.of_user.entry(user).or_default() += 1;
        *state.of_account.entry(account).or_default() += 1;
        state.connections.insert(connection.number, Arc::clone(&connection));
        Ok(connection)
    }

    /// Forgets a connection.
    pub fn dismiss(&self, connection: &Arc<Connection>) {
        let mut state = self.state();
        if state.connections.remove(&connection.number).is_none() {
            return;
        }
        let (user, account) = connection.counted;
        count_down(&mut state.of_user, user);
        count_down(&mut state.of_account, account);
        for subscription in connection.subscriptions() {
            connection.remove(&subscription, 0);
            state.leave(&subscription);
        }
    }

    /// All connections.
    pub fn all(&self) -> Vec<Arc<Connection>> {
        self.state().connections.values().cloned().collect()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.state().connections.is_empty()
    }

    /// Adds a subscription, which is about all of which nobody was told yet. It takes the place of
    /// the one of the same name.
    pub fn subscribe(&self, connection: &Arc<Connection>, subscription: &Arc<Subscription>) {
        let mut state = self.state();
        state.replace(connection, subscription);
        subscription.begin_after(state.told_up_to);
        state.join(connection, subscription);
    }

    /// Ends the subscriptions of the names of these.
    pub fn make_room(&self, connection: &Arc<Connection>, subscriptions: &[Arc<Subscription>]) {
        let mut state = self.state();
        for subscription in subscriptions {
            state.replace(connection, subscription);
        }
    }

    /// Adds subscriptions that know all up to a place of the log, if from there on they get all that
    /// others are told; answers whether.
    pub fn subscribe_at(
        &self,
        connection: &Arc<Connection>,
        subscriptions: &[Arc<Subscription>],
        position: u64,
    ) -> bool {
        let mut state = self.state();
        if position < state.told_up_to {
            return false;
        }
        for subscription in subscriptions {
            subscription.begin_after(position);
            state.join(connection, subscription);
        }
        true
    }

    /// Ends a subscription.
    pub fn unsubscribe(&self, connection: &Arc<Connection>, subscription: &Arc<Subscription>) {
        let mut state = self.state();
        connection.remove(subscription, 0);
        state.leave(subscription);
    }

    /// Notes that somebody sees other things than before.
    pub fn disturb(&self, connection: &Connection) {
        let mut state = self.state();
        for subscription in connection.subscriptions() {
            if state.topics.contains_key(&subscription.collection) {
                state.topic(&subscription.collection);
            }
        }
    }

    /// Notes that receivers are told of what stands in the log up to `position`, and brings what is
    /// known of the crowds of collections up to date.
    pub fn tell<'a>(
        &self,
        position: u64,
        crowds: &mut HashMap<String, Crowd>,
        collections: impl IntoIterator<Item = &'a str>,
    ) {
        let mut state = self.state();
        state.told_up_to = state.told_up_to.max(position);
        for collection in collections {
            match state.topics.get(collection) {
                None => drop(crowds.remove(collection)),
                Some(topic) => {
                    let known = crowds.entry(collection.to_owned()).or_default();
                    if known.version != topic.version {
                        known.version = topic.version;
                        known.members = topic.members.values().cloned().collect();
                    }
                }
            }
        }
    }

    /// The collections of which somebody wants to hear.
    pub fn topics(&self) -> Vec<String> {
        self.state().topics.keys().cloned().collect()
    }

    /// The members of a topic.
    pub fn members(&self, collection: &str) -> Vec<Member> {
        self.state()
            .topics
            .get(collection)
            .map_or(Vec::new(), |topic| topic.members.values().cloned().collect())
    }

    /// Begins with a log, at a place.
    pub fn begin(&self, epoch: &str, position: u64) {
        let mut state = self.state();
        state.epoch = epoch.to_owned();
        state.told_up_to = position;
    }

    /// Which log it is.
    pub fn epoch(&self) -> String {
        self.state().epoch.clone()
    }
}

fn count_down<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    if let Some(count) = counts.get_mut(&key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}
