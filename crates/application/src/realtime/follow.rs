//! Follows the log and tells receivers what they may hear, each entry to all before the next.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::access::AccessChange;
use super::audience::Audience;
use super::event_id::EventId;
use super::frame::Frame;
use super::judge::{Change, Judge, Looked, id_only};
use super::receivers::{Crowd, Member};
use super::service::Realtime;
use super::subscription::ALL_COLLECTIONS;
use crate::AppError;
use crate::access::Projection;
use crate::catalog::Compiled;
use crate::ports::{LogEntry, LogEntryKind, RecordOperation, StoreError};
use crate::records::Gone;

/// Entries that are read at once.
pub(super) const BATCH: u64 = 500;

/// How far this node has read the log, and what it knows for that.
#[derive(Default)]
pub(super) struct Follower {
    /// `None` while nobody wants to hear anything.
    place: Option<EventId>,
    crowds: HashMap<String, Crowd>,
    audiences: HashMap<String, Audience>,
    /// Records that went with the last batches.
    gone: Arc<Gone>,
}

/// A text for some of those who hear of a change.
struct Told {
    operation: RecordOperation,
    projection: Option<Projection>,
    data: Vec<u8>,
    /// The messages made of it, by the name of the subscription.
    frames: Vec<(Option<String>, Arc<Frame>)>,
}

impl Realtime {
    /// Tells receivers of this node what happens, until it is dropped.
    pub(super) async fn follow(&self) {
        let mut follower = Follower::default();
        let mut placed = self.sequencer.placed();
        let mut second = tokio::time::interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let ticked = tokio::select! {
                _ = second.tick() => true,
                _ = placed.changed() => false,
                () = self.signal.told() => false,
                () = self.turns.asked() => false,
            };
            let turn = self.turns.begin();
            match self.take_turn(&mut follower, &mut placed, turn.is_some(), ticked).await {
                Ok(()) => self.turns.end(turn),
                Err(error) => tracing::warn!(%error, "receivers wait for changes"),
            }
        }
    }

    /// Tells all that was written before, or, when nobody waits for that, what has its place.
    async fn take_turn(
        &self,
        follower: &mut Follower,
        placed: &mut watch::Receiver<()>,
        somebody_waits: bool,
        look_at_bounds: bool,
    ) -> Result<(), AppError> {
        if somebody_waits {
            self.sequencer.settle().await?;
        }
        placed.mark_unchanged();
        self.catch_up(follower, look_at_bounds).await
    }

    /// Tells all that stands in the log by now.
    async fn catch_up(&self, follower: &mut Follower, look_at_bounds: bool) -> Result<(), AppError> {
        if self.receivers.is_empty() {
            *follower = Follower::default();
            return Ok(());
        }
        let log = self.storage.read().realtime_log();
        if look_at_bounds || follower.place.is_none() {
            let bounds = log.bounds().await?;
            let follows = |place: &EventId| place.epoch == bounds.epoch && bounds.follows(place.position);
            if !follower.place.as_ref().is_some_and(follows) {
                if follower.place.is_some() {
                    self.reset_all();
                }
                self.receivers.begin(&bounds.epoch, bounds.last);
                follower.place = Some(EventId { epoch: bounds.epoch, position: bounds.last });
            }
        }
        loop {
            let Some(place) = &follower.place else { return Ok(()) };
            let entries = log.after(place.position, BATCH).await?;
            if entries.is_empty() {
                return Ok(());
            }
            self.tell_batch(follower, &entries).await?;
            // Transports shall send meanwhile.
            tokio::task::yield_now().await;
        }
    }

    /// Events may be missing, whatever somebody subscribed to.
    fn reset_all(&self) {
        tracing::warn!("the realtime log is another one, or was cut off: receivers are told so");
        for connection in self.receivers.all() {
            for subscription in connection.subscriptions() {
                connection.push(Arc::new(Frame::saying(&subscription.reset())));
            }
        }
    }

    async fn tell_batch(&self, follower: &mut Follower, entries: &[LogEntry]) -> Result<(), AppError> {
        let store = self.storage.read();
        // What another node changed of rules comes before what it changed after them.
        self.catalog.follow(store).await?;
        let judge = Judge { store, catalog: &self.catalog, now: self.clock.now().timestamp_micros() };
        follower.audiences.values_mut().for_each(Audience::unbind);
        let last = entries.last().map_or(0, |entry| entry.position);
        let names = self.collections_of(entries);
        self.look_around(follower, last, &names);
        let changes = self.changes_of(follower, entries);
        for (entry, change) in entries.iter().zip(changes) {
            match entry.kind {
                LogEntryKind::Record => {
                    if let Some(change) = change {
                        self.tell(follower, &judge, &change).await?;
                    }
                    self.look_at_channel_of(entry).await;
                }
                LogEntryKind::Access => {
                    self.access_changed(AccessChange::read(&entry.body)).await;
                    self.look_around(follower, last, &names);
                }
                LogEntryKind::Channel => self.channels.hear(entry),
            }
            if let Some(place) = &mut follower.place {
                place.position = entry.position;
            }
        }
        Ok(())
    }

    /// Whoever is in the channel of a record that has changed may not be allowed to any more.
    async fn look_at_channel_of(&self, entry: &LogEntry) {
        let changed = entry.operation != Some(RecordOperation::Create);
        let compiled = entry.collection_id.filter(|_| changed).and_then(|id| self.catalog.with_id(id));
        if let (Some(compiled), Some(record)) = (compiled, entry.record_id.as_deref()) {
            let there = self.channels.about(entry.account_id, compiled.name(), Some(record));
            self.look_at_members(there).await;
        }
    }

    fn collections_of(&self, entries: &[LogEntry]) -> BTreeSet<String> {
        let ids: BTreeSet<_> = entries.iter().filter_map(|entry| entry.collection_id).collect();
        ids.into_iter().filter_map(|id| Some(self.catalog.with_id(id)?.name().to_owned())).collect()
    }

    fn look_around(&self, follower: &mut Follower, position: u64, names: &BTreeSet<String>) {
        let names = names.iter().map(String::as_str).chain([ALL_COLLECTIONS]);
        self.receivers.tell(position, &mut follower.crowds, names);
    }

    /// The changes that entries tell of, where somebody may want to hear of them. Deletions are kept:
    /// rules may look at what went with a record.
    fn changes_of(&self, follower: &mut Follower, entries: &[LogEntry]) -> Vec<Option<Change>> {
        let wanted = |compiled: &Arc<Compiled>| {
            let crowd = |name: &str| follower.crowds.contains_key(name);
            crowd(compiled.name()) || crowd(ALL_COLLECTIONS)
        };
        let read = |entry: &LogEntry| {
            let compiled = self.catalog.with_id(entry.collection_id?)?;
            let deletion = entry.operation == Some(RecordOperation::Delete);
            if deletion || wanted(&compiled) { Change::read(&self.catalog, entry) } else { None }
        };
        let changes: Vec<_> = match follower.crowds.is_empty() {
            true => entries.iter().map(|_| None).collect(),
            false => entries.iter().map(read).collect(),
        };
        let gone: Gone = changes.iter().flatten().filter_map(Change::gone).collect();
        if !gone.is_empty() || !follower.gone.is_empty() {
            let former = match entries.len() as u64 == BATCH {
                true => (*follower.gone).clone(),
                false => Gone::new(),
            };
            follower.gone = Arc::new(former.into_iter().take(BATCH as usize).chain(gone).collect());
        }
        changes
    }

    /// Tells a change to all who may hear of it, or to nobody.
    async fn tell(
        &self,
        follower: &mut Follower,
        judge: &Judge<'_>,
        change: &Change,
    ) -> Result<(), AppError> {
        let Follower { place, crowds, audiences, gone } = follower;
        let (own, all) = (crowds.get(change.compiled.name()), crowds.get(ALL_COLLECTIONS));
        if own.is_none() && all.is_none() {
            return Ok(());
        }
        let name = change.compiled.name();
        let audience = match audiences.contains_key(name) {
            true => audiences.get_mut(name).expect("it was there"),
            false => audiences.entry(name.to_owned()).or_default(),
        };
        audience.refresh(&change.compiled, own, all);
        let mut looked = Looked::nothing(gone);
        let mut told: Vec<Told> = Vec::new();
        let mut deliveries: Vec<(&[Member], usize)> = Vec::new();
        let mut denied: Vec<Member> = Vec::new();
        for class in audience.classes(change.account) {
            if class.record.as_ref().is_some_and(|id| *id != change.record) {
                continue;
            }
            if class.scope(judge, &change.compiled)?.is_none() {
                denied.extend(class.members.iter().cloned());
                continue;
            }
            let class = &*class;
            let Some(scoped) = class.bound() else { continue };
            match judge.outcome(scoped, change, &mut looked).await {
                Ok(None) => {}
                Ok(Some(operation)) => {
                    if class.members.iter().any(|member| member.subscription.wants(operation)) {
                        let text = text_of(&mut told, judge, change, operation, scoped.projection());
                        deliveries.push((&class.members, text));
                    }
                }
                Err(error @ AppError::Store(StoreError::Unavailable(_) | StoreError::TimedOut)) => {
                    return Err(error);
                }
                Err(error) => {
                    tracing::error!(%error, collection = name, "a rule cannot be applied to a change");
                }
            }
        }
        let epoch = place.as_ref().map_or(String::new(), |place| place.epoch.clone());
        let id = EventId { epoch, position: change.position };
        for (members, text) in deliveries {
            for Member { connection, subscription } in members {
                let Told { operation, frames, data, .. } = &mut told[text];
                let frame =
                    frame_of(frames, subscription.name.as_deref(), name, *operation, &id, change, data);
                connection.deliver(subscription, change.position, *operation, frame);
            }
        }
        for member in denied {
            self.deny(&member);
        }
        Ok(())
    }
}

/// The place of the text for those who see a change so.
fn text_of(
    told: &mut Vec<Told>,
    judge: &Judge<'_>,
    change: &Change,
    operation: RecordOperation,
    projection: &Projection,
) -> usize {
    // Of what is gone everybody hears the same.
    let projection = Some(projection).filter(|_| operation != RecordOperation::Delete);
    let same = |text: &Told| text.operation == operation && text.projection.as_ref() == projection;
    if let Some(place) = told.iter().position(same) {
        return place;
    }
    let data = match projection {
        Some(projection) => judge.data(change, projection),
        None => id_only(change),
    };
    told.push(Told { operation, projection: projection.cloned(), data, frames: Vec::new() });
    told.len() - 1
}

fn frame_of<'f>(
    frames: &'f mut Vec<(Option<String>, Arc<Frame>)>,
    name: Option<&str>,
    collection: &str,
    operation: RecordOperation,
    id: &EventId,
    change: &Change,
    data: &[u8],
) -> &'f Arc<Frame> {
    let known = frames.iter().position(|(of, _)| of.as_deref() == name);
    let place = known.unwrap_or_else(|| {
        let kind = format!("{collection}.{}", operation.name());
        let frame = Frame::event_of(&kind, name, id, change.occurred_at, data);
        frames.push((name.map(str::to_owned), Arc::new(frame)));
        frames.len() - 1
    });
    &frames[place].1
}
