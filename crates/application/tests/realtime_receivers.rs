//! Receivers over the fakes: what they hear, and what it costs.

#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use snackbase_application::auth::Identities;
use snackbase_application::ports::{RealtimeSignal, Storage};
use snackbase_application::realtime::{
    ConnectionLimits, Credential, Crowded, Ending, Open, Outgoing, Realtime, RealtimePolicy, Sequencer,
};
use snackbase_application::records::{Limits, Records};
use snackbase_application::tracking::TrackedStorage;
use snackbase_domain::RecordId;
use snackbase_testkit::builders::superadmin;
use snackbase_testkit::{PlainCursors, SeededIds};
use tokio::sync::Notify;
use tokio::task::LocalSet;

use support::{World, body, login};

/// The only node there is.
struct Alone;

#[async_trait]
impl RealtimeSignal for Alone {
    async fn told(&self) {
        std::future::pending().await
    }
}

struct Hub {
    world: World,
    records: Records,
    realtime: Arc<Realtime>,
    running: tokio::task::JoinHandle<()>,
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Hub {
    /// With posts that everybody of the account may list whose shelf has the number 1.
    async fn new(limits: ConnectionLimits) -> Self {
        let world = World::new().await;
        world
            .define(
                json!({ "name": "shelves", "fields": [{"name": "n", "type": "number"}], "view_rule": "" }),
            )
            .await;
        let shelf =
            json!({"name": "shelf", "type": "reference", "collection": "shelves", "on_delete": "set_null"});
        world
            .define(json!({
                "name": "posts", "fields": [{"name": "title", "type": "text"}, shelf],
                "list_rule": "shelf.n = 1", "view_rule": "", "create_rule": "", "update_rule": "",
            }))
            .await;
        let written = Arc::<Notify>::default();
        let tracked =
            TrackedStorage::new(world.storage.clone(), world.clock.clone()).with_realtime(written.clone());
        let storage: Arc<dyn Storage> = Arc::new(tracked);
        let (clock, ids) = (world.clock.clone(), Arc::new(SeededIds::new(3)));
        let sequencer =
            Arc::new(Sequencer::new(storage.clone(), clock.clone(), written, TimeDelta::hours(1)));
        let records = Records::new(
            storage.clone(),
            world.catalog.clone(),
            clock.clone(),
            ids.clone(),
            Arc::new(PlainCursors),
            Limits { max_expand_depth: 2, batch_max_size: 3 },
        );
        let realtime = Arc::new(Realtime::new(
            storage,
            world.catalog.clone(),
            clock,
            ids,
            world.auth.clone(),
            Arc::new(Identities::default()),
            sequencer,
            Arc::new(Alone),
            RealtimePolicy { heartbeat: Duration::from_secs(30), limits },
        ));
        let running = tokio::task::spawn_local(realtime.clone().run());
        Self { world, records, realtime, running }
    }

    async fn open(&self, n: u16) -> Result<Open, Crowded> {
        let user = self.world.add_user(n).await;
        let signed_in = self.world.auth.login(&login(&self.world.first, &user)).await.unwrap();
        let credential = Credential::new(signed_in.tokens.token, Arc::default());
        let principal = self.realtime.sign_in(&credential).await.unwrap();
        self.realtime.open(credential, principal)
    }
}

/// The next message.
async fn next(open: &Open) -> Json {
    match open.next(1).await {
        Outgoing::Frames(frames) => serde_json::from_slice(frames[0].message()).unwrap(),
        Outgoing::End(ending) => panic!("{ending:?}"),
    }
}

#[tokio::test]
async fn equal_subscriptions_share_one_evaluation_and_one_text() {
    LocalSet::new().run_until(shared()).await;
}

async fn shared() {
    let hub = Hub::new(ConnectionLimits::default()).await;
    let shelf = hub.world.put(&hub.world.first, "shelves", json!({ "n": 1 })).await;
    let other = hub.world.put(&hub.world.first, "shelves", json!({ "n": 2 })).await;
    let post = hub.world.put(&hub.world.first, "posts", json!({ "title": "a", "shelf": other })).await;
    let mut all = Vec::new();
    for n in 1..=20 {
        let open = hub.open(n).await.unwrap();
        open.receive(r#"{"action":"subscribe","collection":"posts"}"#).await;
        assert_eq!(next(&open).await["type"], "subscribed");
        all.push(open);
    }
    hub.world.storage.take_lookups();
    let changes = body(json!({ "shelf": shelf }));
    hub.records.patch(&superadmin(), "posts", &RecordId::new(post), &changes).await.unwrap();
    let mut texts = Vec::new();
    for open in &all {
        let Outgoing::Frames(frames) = open.next(1).await else { panic!("it has not ended") };
        texts.push(frames[0].clone());
    }
    assert!(texts.iter().all(|text| Arc::ptr_eq(text, &texts[0])));
    let looked: Vec<_> =
        hub.world.storage.take_lookups().into_iter().filter(|l| l == "find_many shelves").collect();
    assert_eq!(looked.len(), 1, "one for the record afterwards, whoever asks");
}

#[tokio::test]
async fn as_many_come_in_as_may() {
    LocalSet::new().run_until(bounded()).await;
}

async fn bounded() {
    let limits = ConnectionLimits { of_user: 0, of_account: 2, of_node: 0 };
    let hub = Hub::new(limits).await;
    let first = hub.open(1).await.unwrap();
    let _second = hub.open(2).await.unwrap();
    assert_eq!(hub.open(3).await.err(), Some(Crowded::Account));
    drop(first);
    let third = hub.open(4).await.unwrap();
    hub.realtime.stop();
    assert!(matches!(third.next(1).await, Outgoing::End(Ending::SHUTDOWN)));
}
