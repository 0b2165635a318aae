//! Use case: tell a receiver what it missed, and go on from there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::connection::Connection;
use super::event_id::EventId;
use super::follow::BATCH;
use super::frame::Frame;
use super::judge::{Change, Judge, Looked, id_only};
use super::service::Realtime;
use super::subscription::{ALL_COLLECTIONS, Subscription};
use crate::access::Scoped;
use crate::ports::{LogEntry, RecordOperation};
use crate::records::Gone;
use crate::{AppError, Caller};

impl Realtime {
    /// Sends a receiver what happened since an event that he knows, and what happens from then on,
    /// without gap or duplicate. Where the log does not reach back so far, or the event is none of it,
    /// he is told so.
    pub(super) async fn resume(
        &self,
        connection: &Arc<Connection>,
        subscriptions: &[Arc<Subscription>],
        since: Option<EventId>,
    ) -> Result<(), AppError> {
        self.receivers.make_room(connection, subscriptions);
        // From now on this node follows the log, if it did not before.
        self.turns.wait().await?;
        let log = self.storage.read().realtime_log();
        let bounds = log.bounds().await?;
        let epoch = self.receivers.epoch();
        let since = since.filter(|since| {
            since.epoch == bounds.epoch && bounds.epoch == epoch && bounds.follows(since.position)
        });
        let Some(since) = since else {
            for subscription in subscriptions {
                connection.push(Arc::new(Frame::saying(&subscription.reset())));
                self.receivers.subscribe(connection, subscription);
            }
            return Ok(());
        };
        let mut position = since.position;
        loop {
            if connection.has_ended() {
                return Ok(());
            }
            let entries = {
                let _turn = self.catching_up.acquire().await;
                log.after(position, BATCH).await?
            };
            let Some(last) = entries.last().map(|entry| entry.position) else {
                if self.receivers.subscribe_at(connection, subscriptions, position) {
                    return Ok(());
                }
                continue;
            };
            self.tell_one(connection, subscriptions, &epoch, &entries).await?;
            position = last;
            if self.receivers.subscribe_at(connection, subscriptions, position) {
                return Ok(());
            }
        }
    }

    async fn tell_one(
        &self,
        connection: &Arc<Connection>,
        subscriptions: &[Arc<Subscription>],
        epoch: &str,
        entries: &[LogEntry],
    ) -> Result<(), AppError> {
        let store = self.storage.read();
        self.catalog.follow(store).await?;
        let caller = Caller::User(connection.principal());
        let judge = Judge { store, catalog: &self.catalog, now: self.clock.now().timestamp_micros() };
        let mut scopes: BTreeMap<(u64, String), Option<Scoped>> = BTreeMap::new();
        let changes: Vec<_> = {
            let wanted = |entry: &LogEntry| {
                let compiled = self.catalog.with_id(entry.collection_id?)?;
                let about = |s: &Arc<Subscription>| {
                    [compiled.name(), ALL_COLLECTIONS].contains(&s.collection.as_str())
                };
                let deletion = entry.operation == Some(RecordOperation::Delete);
                (deletion || subscriptions.iter().any(about)).then(|| Change::read(&self.catalog, entry))?
            };
            entries.iter().filter_map(wanted).collect()
        };
        let gone: Arc<Gone> = Arc::new(changes.iter().filter_map(Change::gone).collect());
        for change in &changes {
            let name = change.compiled.name();
            let mut looked = Looked::nothing(&gone);
            for subscription in subscriptions {
                let for_all = subscription.collection == ALL_COLLECTIONS;
                let other = match for_all {
                    true => {
                        subscriptions.iter().any(|other| other.collection == name) || connection.names(name)
                    }
                    false => subscription.collection != name,
                };
                if other || subscription.record.as_ref().is_some_and(|id| *id != change.record) {
                    continue;
                }
                let scope = scopes.entry((subscription.number, name.to_owned())).or_insert_with(|| {
                    let (record, filter) = (subscription.record.as_ref(), subscription.filter.as_ref());
                    judge.scope(&change.compiled, &caller, record, filter).ok()
                });
                let Some(scoped) = scope else { continue };
                let Some(operation) = judge.outcome(scoped, change, &mut looked).await? else { continue };
                if !subscription.wants(operation) {
                    continue;
                }
                let data = match operation {
                    RecordOperation::Delete => id_only(change),
                    _ => judge.data(change, scoped.projection()),
                };
                let kind = format!("{name}.{}", operation.name());
                let id = EventId { epoch: epoch.to_owned(), position: change.position };
                let own_name = subscription.name.as_deref();
                let frame = Frame::event_of(&kind, own_name, &id, change.occurred_at, &data);
                if !connection.has_room().await {
                    return Ok(());
                }
                connection.push(Arc::new(frame));
            }
        }
        Ok(())
    }
}
