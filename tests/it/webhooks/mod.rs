//! Webhooks: changes are told to other servers, signed, once, and to no server that ours must not reach.

mod delivery;
mod guard;
mod management;

use std::time::Duration;

use serde_json::{Map, Value, json};
use snackbase_application::ports::{Clock as _, IdGenerator as _};
use snackbase_domain::AutomationEventId;
use snackbase_domain::automation::{AutomationEvent, EventKind};
use snackbase_integrations::RandomIds;

use crate::client::Client;
use crate::receiver::Receiver;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

const WEBHOOKS: &str = "/api/v1/webhooks";

/// A server that may tell receivers on this machine, and an account.
struct World {
    server: Server,
    superadmin: Client,
    acme: Tenant,
    receiver: Receiver,
}

impl World {
    async fn new(database: Database) -> Self {
        Self::with(database, &[("ALLOW_PRIVATE_DESTINATIONS", "true")]).await
    }

    async fn with(database: Database, settings: &[(&str, &str)]) -> Self {
        let server = Server::start_with(database, settings);
        let superadmin = server.superadmin().await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        Self { server, superadmin, acme, receiver: Receiver::start().await }
    }

    /// Makes a webhook of Acme's that hears of all changes of `things`, unless `others` says otherwise.
    async fn create(&self, others: Value) -> Value {
        let mut body = json!({
            "url": self.receiver.url("/in"), "collection": "things", "events": ["create", "update", "delete"],
        });
        body.as_object_mut().unwrap().extend(object(others));
        self.acme.admin.post(WEBHOOKS, body).await.expect(201).body
    }

    /// Something that has happened to a thing of Acme's.
    fn event(&self, kind: EventKind, record: Value) -> AutomationEvent {
        AutomationEvent {
            id: AutomationEventId::new(RandomIds.new_id()),
            account_id: self.acme.id.parse().unwrap(),
            kind,
            collection: Some("things".to_owned()),
            record: object(record),
            previous: None,
            user: None,
            depth: 0,
            occurred_at: self.server.clock().now(),
        }
    }

    async fn dispatch(&self, event: &AutomationEvent) {
        self.server.services().webhooks.dispatch(event).await.unwrap();
    }

    async fn create_thing(&self, title: &str) {
        self.dispatch(&self.event(EventKind::RecordCreated, json!({ "id": "r", "title": title }))).await;
    }

    async fn deliveries(&self, webhook: &Value) -> Vec<Value> {
        self.acme.admin.get(&path(webhook, "/deliveries")).await.expect(200).items().to_vec()
    }

    /// The newest delivery of a webhook, once it has that status.
    async fn newest_becomes(&self, webhook: &Value, status: &str) -> Value {
        self.newest_has(webhook, "status", status.into()).await
    }

    /// The same, once it has that value.
    async fn newest_has(&self, webhook: &Value, key: &str, value: Value) -> Value {
        let mut last = Vec::new();
        for _ in 0..400 {
            last = self.deliveries(webhook).await;
            if let Some(newest) = last.first().filter(|newest| newest[key] == value) {
                return newest.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the newest does not become {value}: {last:?}");
    }
}

fn path(webhook: &Value, after: &str) -> String {
    format!("{WEBHOOKS}/{}{after}", webhook["id"].as_str().unwrap())
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}
