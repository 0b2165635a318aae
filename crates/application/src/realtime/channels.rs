//! Channels: who is there, and what they say to each other. A channel is a collection (`posts`) or one of
//! its records (`posts/<id>`) of an account; who may list the one or view the other may be there.
//!
//! What happens in a channel goes through the log, so that it comes to all nodes in one order. Who is there
//! stands in a table, and leaves it by himself, or when his node does not speak for him any more.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value as Json, json};
use snackbase_domain::{AccountId, RecordId};
use tokio::sync::Notify;

use super::connection::Connection;
use super::frame::{Frame, timestamp};
use super::service::Realtime;
use crate::ports::{LogEntry, LogEntryKind, NewLogEntry, Presence, Repositories};
use crate::{AppError, Caller, tx};

/// Channels of a connection.
pub const MOST_CHANNELS: usize = 100;
/// Those who are told of when one joins.
pub const MOST_MEMBERS_TOLD: u64 = 1000;
/// How long somebody is believed to be there, in microseconds, and how often a node says so again.
const LEASE: i64 = 45_000_000;
const RENEWED_EVERY: i64 = 15_000_000;
/// How often a node looks for those of whom nobody speaks any more, in microseconds.
const SWEPT_EVERY: i64 = 5_000_000;
const SWEPT_AT_ONCE: u64 = 100;

/// Where a channel is: whose, and its name.
type Place = (AccountId, String);

/// Somebody at this node.
#[derive(Clone)]
pub(super) struct Local {
    pub presence: Presence,
    pub connection: Arc<Connection>,
    ear: Arc<Mutex<Ear>>,
}

/// What somebody hears of a channel.
#[derive(Default)]
struct Ear {
    /// Whether he was told that he is there; what is said before waits until then.
    open: bool,
    waiting: Vec<Heard>,
    /// Those of whom he was told then: that they have joined is no news.
    known: HashSet<String>,
}

/// Something that was said in a channel.
#[derive(Clone)]
struct Heard {
    frame: Arc<Frame>,
    /// Who has joined, where that is what it says.
    joined: Option<String>,
    /// Who has left, likewise.
    left: Option<String>,
}

impl Local {
    fn new(presence: Presence, connection: &Arc<Connection>) -> Self {
        Self { presence, connection: Arc::clone(connection), ear: Arc::default() }
    }

    fn ear(&self) -> MutexGuard<'_, Ear> {
        self.ear.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn hear(&self, heard: &Heard) {
        let mut ear = self.ear();
        if ear.open {
            self.pass_on(&mut ear, heard);
        } else {
            ear.waiting.push(heard.clone());
        }
    }

    fn pass_on(&self, ear: &mut Ear, heard: &Heard) {
        if !heard.joined.as_ref().is_some_and(|id| ear.known.remove(id)) {
            self.connection.push(Arc::clone(&heard.frame));
        }
    }

    /// Tells him that he is there, and who else is, and then what was said meanwhile.
    pub fn welcome(&self, frame: Frame, there: &[Presence]) {
        let mut ear = self.ear();
        self.connection.push(Arc::new(frame));
        ear.open = true;
        ear.known = there.iter().map(|presence| presence.id.clone()).collect();
        for heard in std::mem::take(&mut ear.waiting) {
            self.pass_on(&mut ear, &heard);
        }
    }
}

#[derive(Default)]
struct State {
    places: HashMap<Place, Vec<Local>>,
    /// As whom connections were in channels before, by their numbers: that these have left is no news to them.
    former: HashMap<u64, HashSet<String>>,
    /// Those who have left, as long as the others do not know.
    leaving: Vec<Presence>,
    renewed_at: i64,
    swept_at: i64,
}

/// The channels, as this node sees them.
pub(super) struct Channels {
    pub node: String,
    state: Mutex<State>,
    left: Notify,
}

impl Channels {
    pub fn new(node: String) -> Self {
        Self { node, state: Mutex::default(), left: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Says something to all who are there at this node.
    pub fn hear(&self, entry: &LogEntry) {
        let Some(account) = entry.account_id else { return };
        let Ok(mut said) = serde_json::from_str::<Json>(&entry.body) else { return };
        let Some(channel) = said["channel"].as_str().map(str::to_owned) else { return };
        let except = said["except"].as_str().map(str::to_owned);
        let mut message = said["message"].take();
        let members = {
            let state = self.state();
            state.places.get(&(account, channel)).cloned().unwrap_or_default()
        };
        if members.is_empty() {
            return;
        }
        let at = chrono::DateTime::from_timestamp_micros(entry.occurred_at).unwrap_or_default();
        message["timestamp"] = json!(timestamp(at));
        let whose = |kind: &str| {
            let told = (message["type"] == kind).then(|| message["member"]["id"].as_str())?;
            told.map(str::to_owned)
        };
        let (joined, left) = (whose("presence.join"), whose("presence.leave"));
        let heard = Heard { frame: Arc::new(Frame::saying(&message)), joined, left };
        for member in members.iter().filter(|member| Some(&member.presence.id) != except.as_ref()) {
            if !heard.left.as_ref().is_some_and(|id| self.was(&member.connection, id)) {
                member.hear(&heard);
            }
        }
    }

    /// Whether a connection was in a channel as this one.
    fn was(&self, connection: &Connection, id: &str) -> bool {
        self.state().former.get(&connection.number).is_some_and(|ids| ids.contains(id))
    }

    /// Returns when somebody has left.
    pub async fn left(&self) {
        self.left.notified().await;
    }

    /// A connection is in this channel, if it is.
    pub fn of(&self, connection: &Connection, channel: &str) -> Option<Local> {
        self.all_of(connection).into_iter().find(|local| local.presence.channel == channel)
    }

    /// Where a connection is.
    pub fn all_of(&self, connection: &Connection) -> Vec<Local> {
        let state = self.state();
        let all = state.places.values().flatten();
        all.filter(|local| local.connection.number == connection.number).cloned().collect()
    }

    /// Those in channels about a record, or about all records of a collection.
    pub fn about(&self, account: Option<AccountId>, collection: &str, record: Option<&str>) -> Vec<Local> {
        let state = self.state();
        if state.places.is_empty() {
            return Vec::new();
        }
        let wanted = |(of, channel): &&Place| {
            let (own, about) = parts(channel);
            account.is_none_or(|account| account == *of)
                && own == collection
                && record.is_none_or(|record| about == Some(record))
        };
        let places = state.places.iter().filter(|(place, _)| wanted(place));
        places.flat_map(|(_, members)| members.iter().cloned()).collect()
    }

    /// The collections of all channels.
    pub fn collections(&self) -> BTreeSet<String> {
        self.state().places.keys().map(|(_, channel)| parts(channel).0.to_owned()).collect()
    }

    fn enter(&self, local: Local) {
        let place = (local.presence.account_id, local.presence.channel.clone());
        self.state().places.entry(place).or_default().push(local);
    }

    /// Takes somebody out, who is then to be removed from the table.
    pub fn exit(&self, local: &Local) -> bool {
        let place = (local.presence.account_id, local.presence.channel.clone());
        let mut state = self.state();
        let Some(members) = state.places.get_mut(&place) else { return false };
        let before = members.len();
        members.retain(|member| member.presence.id != local.presence.id);
        let gone = members.len() < before;
        if members.is_empty() {
            state.places.remove(&place);
        }
        if gone {
            state.leaving.push(local.presence.clone());
            state.former.entry(local.connection.number).or_default().insert(local.presence.id.clone());
            drop(state);
            self.left.notify_one();
        }
        gone
    }

    /// A connection is gone.
    pub fn dismiss(&self, connection: &Connection) {
        if !self.state().places.is_empty() {
            for local in self.all_of(connection) {
                self.exit(&local);
            }
        }
        self.state().former.remove(&connection.number);
    }

    fn describe(&self, id: &str, meta: &str) {
        let mut state = self.state();
        let known = state.places.values_mut().flatten().find(|local| local.presence.id == id);
        if let Some(local) = known {
            local.presence.meta = meta.to_owned();
        }
    }
}

/// The collection of a channel and its record.
pub(super) fn parts(channel: &str) -> (&str, Option<&str>) {
    match channel.split_once('/') {
        Some((collection, record)) => (collection, Some(record)),
        None => (channel, None),
    }
}

/// Somebody, as others are told of him.
pub(super) fn member(presence: &Presence) -> Json {
    let meta: Json = serde_json::from_str(&presence.meta).unwrap_or_default();
    let joined_at = chrono::DateTime::from_timestamp_micros(presence.joined_at).unwrap_or_default();
    json!({
        "id": presence.id,
        "user_id": presence.user_id,
        "meta": meta,
        "joined_at": timestamp(joined_at),
    })
}

/// The log's entry for something that is said in a channel, to all but one.
fn entry(presence: &Presence, message: &Json, except: Option<&str>, now: i64) -> NewLogEntry {
    let body = json!({ "channel": presence.channel, "except": except, "message": message });
    NewLogEntry {
        kind: LogEntryKind::Channel,
        account_id: Some(presence.account_id),
        collection_id: None,
        record_id: None,
        operation: None,
        body: body.to_string(),
        occurred_at: now,
    }
}

impl Realtime {
    /// Whose channel it is, if somebody may be there.
    pub(super) async fn channel_account(
        &self,
        caller: &Caller,
        channel: &str,
    ) -> Result<Option<AccountId>, AppError> {
        match parts(channel) {
            (collection, Some(record)) => self.seen_at(caller, collection, &RecordId::new(record)).await,
            (collection, None) => {
                let own = caller.identity().map(|identity| identity.account_id);
                Ok(own.filter(|_| self.may_list(caller, collection)))
            }
        }
    }

    /// Brings somebody into a channel; answers who is there. Until he is welcomed he hears nothing.
    pub(super) async fn join(
        &self,
        connection: &Arc<Connection>,
        account: AccountId,
        channel: &str,
        meta: &Json,
    ) -> Result<(Local, Vec<Presence>), AppError> {
        // So that he does not meet himself as he was before.
        self.tell_leaves().await?;
        let now = self.clock.now().timestamp_micros();
        let local = match self.channels.of(connection, channel) {
            Some(local) => local,
            None => {
                // From now on this node follows the log, if it did not before.
                self.turns.wait().await?;
                let presence = Presence {
                    id: self.ids.new_id().to_string(),
                    account_id: account,
                    channel: channel.to_owned(),
                    user_id: connection.principal().user_id,
                    meta: meta.to_string(),
                    node: self.channels.node.clone(),
                    joined_at: now,
                    until: now + LEASE,
                };
                // From here on nothing is missed.
                let local = Local::new(presence.clone(), connection);
                self.channels.enter(local.clone());
                if let Err(error) = self.announce(&presence, now).await {
                    self.channels.exit(&local);
                    return Err(error);
                }
                local
            }
        };
        let there = self.storage.read().presence().present(account, channel, MOST_MEMBERS_TOLD).await?;
        Ok((local, there))
    }

    async fn announce(&self, presence: &Presence, now: i64) -> Result<bool, AppError> {
        let message = json!({
            "type": "presence.join",
            "channel": presence.channel,
            "member": member(presence),
        });
        let told = entry(presence, &message, Some(&presence.id), now);
        self.write(told, async |store| store.presence().join(presence).await.map_err(AppError::from)).await
    }

    /// Changes what somebody tells of himself.
    pub(super) async fn describe(&self, local: &Local, meta: &Json) -> Result<bool, AppError> {
        let presence = Presence { meta: meta.to_string(), ..local.presence.clone() };
        let message = json!({
            "type": "presence.update",
            "channel": presence.channel,
            "member": member(&presence),
        });
        let told = entry(&presence, &message, None, self.clock.now().timestamp_micros());
        let (id, text) = (&presence.id, &presence.meta);
        self.channels.describe(id, text);
        self.write(told, async |store| store.presence().describe(id, text).await.map_err(AppError::from))
            .await
    }

    /// Says something to all who are there.
    pub(super) async fn broadcast(
        &self,
        local: &Local,
        event: &str,
        payload: &Json,
    ) -> Result<bool, AppError> {
        let presence = &local.presence;
        let message = json!({
            "type": "broadcast",
            "channel": presence.channel,
            "event": event,
            "payload": payload,
            "from": { "id": presence.id, "user_id": presence.user_id },
        });
        let told = entry(presence, &message, None, self.clock.now().timestamp_micros());
        self.write(told, async |_| Ok(true)).await
    }

    /// Does something and has it told, both or neither; where there is nothing to do, nothing is told.
    async fn write(
        &self,
        told: NewLogEntry,
        doing: impl AsyncFnOnce(&dyn Repositories) -> Result<bool, AppError>,
    ) -> Result<bool, AppError> {
        let work = self.storage.begin().await?;
        let store = work.repositories();
        let outcome = match doing(store).await {
            Ok(true) => store.realtime_log().append(&[told]).await.map(|()| true).map_err(AppError::from),
            other => other,
        };
        let done = tx::finish(work, outcome).await?;
        self.sequencer.wake();
        Ok(done)
    }

    /// Has those leave who may not be there any more.
    pub(super) async fn look_at_members(&self, members: Vec<Local>) {
        for local in members {
            let caller = Caller::User(local.connection.principal());
            let allowed = self.channel_account(&caller, &local.presence.channel).await;
            let stays = match allowed {
                Ok(account) => account == Some(local.presence.account_id),
                // Nobody can tell at the moment; it is looked at again soon.
                Err(_) => true,
            };
            if !stays && self.channels.exit(&local) {
                local.connection.push(Arc::new(Frame::saying(&json!({
                    "status": "left",
                    "channel": local.presence.channel,
                    "type": "left",
                    "reason": "Access denied",
                    "timestamp": timestamp(self.clock.now()),
                }))));
            }
        }
    }

    /// Tells of those who have left, says that those at this node are there, and has those leave of whom no
    /// node speaks any more.
    pub(super) async fn keep_presence(&self) -> Result<(), AppError> {
        self.tell_leaves().await?;
        let now = self.clock.now().timestamp_micros();
        let (renew, sweep, here) = {
            let mut state = self.channels.state();
            let here: Vec<_> = state.places.values().flatten().map(|local| local.presence.clone()).collect();
            let renew = !here.is_empty() && now - state.renewed_at >= RENEWED_EVERY;
            let sweep = now - state.swept_at >= SWEPT_EVERY;
            if sweep {
                state.swept_at = now;
            }
            (renew, sweep, here)
        };
        if renew {
            let known = self.storage.read().presence().renew(&self.channels.node, now + LEASE).await?;
            if known < here.len() as u64 {
                // Others took this node for dead.
                for presence in &here {
                    self.announce(&Presence { until: now + LEASE, ..presence.clone() }, now).await?;
                }
            }
            self.channels.state().renewed_at = now;
        }
        if sweep {
            for presence in self.storage.read().presence().stranded(now, SWEPT_AT_ONCE).await? {
                self.tell_leave(&presence).await?;
            }
        }
        Ok(())
    }

    /// Tells of those who have left this node.
    async fn tell_leaves(&self) -> Result<(), AppError> {
        let leaving = std::mem::take(&mut self.channels.state().leaving);
        for (done, presence) in leaving.iter().enumerate() {
            if let Err(error) = self.tell_leave(presence).await {
                self.channels.state().leaving.extend_from_slice(&leaving[done..]);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn tell_leave(&self, presence: &Presence) -> Result<bool, AppError> {
        let message = json!({
            "type": "presence.leave",
            "channel": presence.channel,
            "member": { "id": presence.id, "user_id": presence.user_id },
        });
        let told = entry(presence, &message, None, self.clock.now().timestamp_micros());
        let id = &presence.id;
        self.write(told, async |store| store.presence().leave(id).await.map_err(AppError::from)).await
    }
}
