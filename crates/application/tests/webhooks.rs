//! Webhooks over fakes: who is told of what, once, and what becomes of deliveries that fail.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use snackbase_application::jobs::Jobs;
use snackbase_application::ports::{
    AuditSealer, Clock, HttpFault, HttpRequest, IdGenerator, JobHandler, JobQuery, SecretBox, Storage,
};
use snackbase_application::secrets::Secrets;
use snackbase_application::tracking::TrackedStorage;
use snackbase_application::webhooks::{
    NewWebhook, UrlPolicy, WebhookChange, WebhookPolicy, Webhooks, WithSecret,
};
use snackbase_application::{AppError, Kind, Principal};
use snackbase_domain::account::Account;
use snackbase_domain::automation::{AutomationEvent, EventKind};
use snackbase_domain::job::{Job, backoff};
use snackbase_domain::webhook::{Delivery, DeliveryStatus, Webhook, WebhookEvent};
use snackbase_domain::{AutomationEventId, WebhookId};
use snackbase_testkit::builders::{account, identity, principal, user};
use snackbase_testkit::{
    CountedTokens, FakeAuditSealer, FakeSender, FixedClock, MemoryStorage, PlainSecretBox, SeededIds,
};

/// Webhooks of an account, and what they need.
struct World {
    storage: Arc<TrackedStorage>,
    clock: Arc<FixedClock>,
    ids: Arc<SeededIds>,
    jobs: Arc<Jobs>,
    sender: Arc<FakeSender>,
    webhooks: Webhooks,
    acme: Account,
    by: Principal,
}

impl World {
    async fn new() -> Self {
        Self::with(WebhookPolicy {
            max_per_account: 20,
            urls: UrlPolicy { allow_private: false, https_only: false },
        })
        .await
    }

    async fn with(policy: WebhookPolicy) -> Self {
        let clock = Arc::new(FixedClock::stepping(1));
        let sealer: Arc<dyn AuditSealer> = Arc::new(FakeAuditSealer::default());
        let storage = TrackedStorage::new(Arc::new(MemoryStorage::new()), clock.clone());
        let storage = Arc::new(storage.with_audit(sealer, Arc::default()));
        let (ids, sender) = (Arc::new(SeededIds::new(1)), Arc::new(FakeSender::default()));
        let jobs = Arc::new(Jobs::new(storage.clone(), clock.clone(), ids.clone(), 7, Arc::default()));
        let webhooks = Webhooks::new(
            storage.clone(),
            clock.clone(),
            ids.clone(),
            Arc::new(CountedTokens::default()),
            Arc::new(PlainSecretBox::default()),
            jobs.clone(),
            sender.clone(),
            Arc::default(),
            policy,
        );
        let acme = account(1);
        let work = storage.begin().await.unwrap();
        for account in [&acme, &account(2)] {
            work.repositories().accounts().insert(account).await.unwrap();
        }
        work.commit().await.unwrap();
        let by = principal(identity(&user(&acme, 1), &acme, "admin"));
        Self { storage, clock, ids, jobs, sender, webhooks, acme, by }
    }

    async fn create(&self, new: NewWebhook) -> WithSecret {
        self.webhooks.create(&self.by, self.acme.id, new).await.unwrap()
    }

    fn event(&self, kind: EventKind, record: Value) -> AutomationEvent {
        AutomationEvent {
            id: AutomationEventId::new(self.ids.new_id()),
            account_id: self.acme.id,
            kind,
            collection: Some("things".to_owned()),
            record: object(record),
            previous: None,
            user: None,
            depth: 2,
            occurred_at: self.clock.now(),
        }
    }

    async fn dispatch(&self, kind: EventKind, record: Value) {
        self.webhooks.dispatch(&self.event(kind, record)).await.unwrap();
    }

    async fn deliveries(&self, webhook: &Webhook) -> Vec<Delivery> {
        let id = webhook.id.to_string();
        self.webhooks.deliveries(self.acme.id, &id, 0, 100).await.unwrap().items
    }

    /// How many deliveries each has.
    async fn told<const N: usize>(&self, webhooks: [&WithSecret; N]) -> [usize; N] {
        let mut told = [0; N];
        for (n, made) in webhooks.iter().enumerate() {
            told[n] = self.deliveries(&made.webhook).await.len();
        }
        told
    }

    async fn jobs(&self) -> Vec<Job> {
        let query = JobQuery { limit: 100, ..JobQuery::default() };
        self.storage.read().jobs().page(&query).await.unwrap().items
    }

    async fn view(&self, id: WebhookId) -> Webhook {
        self.webhooks.view(self.acme.id, &id.to_string()).await.unwrap()
    }

    /// Tries a job's delivery until it arrives or has failed for good; how often, and why it failed.
    async fn run(&self, job: &Job) -> Vec<String> {
        let (mut job, mut failures) = (job.clone(), Vec::new());
        loop {
            match self.webhooks.run(&job).await {
                Ok(()) => return failures,
                Err(failure) => failures.push(failure.0),
            }
            job = job.failed(self.clock.now(), "");
            if job.attempts >= job.max_attempts {
                return failures;
            }
        }
    }

    async fn audit(&self) -> Vec<String> {
        let queued = self.storage.read().audit().queued(0, 1000).await.unwrap();
        queued.into_iter().map(|change| change.payload).collect()
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn new() -> NewWebhook {
    NewWebhook {
        url: "https://example.com/in".to_owned(),
        collection: "things".to_owned(),
        events: WebhookEvent::ALL.into(),
        secret: None,
        filter: None,
        enabled: true,
        headers: None,
    }
}

fn header<'r>(request: &'r HttpRequest, name: &str) -> Vec<&'r str> {
    let named = request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.as_str()).collect()
}

fn refusal(error: AppError) -> (Kind, String) {
    match error {
        AppError::Refused(refusal) => (refusal.kind, format!("{:?}", refusal.says)),
        other => panic!("no refusal: {other}"),
    }
}

#[tokio::test]
async fn those_that_are_meant_are_told_once() {
    let world = World::new().await;
    let all = world.create(new()).await;
    let updates = world.create(NewWebhook { events: BTreeSet::from([WebhookEvent::Update]), ..new() }).await;
    let others = world.create(NewWebhook { collection: "others".to_owned(), ..new() }).await;
    let disabled = world.create(NewWebhook { enabled: false, ..new() }).await;
    let filtered = world.create(NewWebhook { filter: Some("n >= 5".to_owned()), ..new() }).await;
    let foreign = world.webhooks.create(&world.by, account(2).id, new()).await.unwrap();
    let five = world.event(EventKind::RecordCreated, json!({ "id": "r", "n": 5 }));
    let late = world.create(new()).await;
    for _ in 0..3 {
        world.webhooks.dispatch(&five).await.unwrap();
    }
    let told = [&all, &updates, &others, &disabled, &filtered, &late];
    assert_eq!(world.told(told).await, [1, 0, 0, 0, 1, 0]);
    world.dispatch(EventKind::RecordUpdated, json!({ "id": "r", "n": 4 })).await;
    assert_eq!(world.told(told).await, [2, 1, 0, 0, 1, 1]);
    world.dispatch(EventKind::RecordDeleted, json!({ "id": "r", "n": 6 })).await;
    assert_eq!(world.told(told).await, [3, 1, 0, 0, 2, 2]);
    world.dispatch(EventKind::SignedIn, json!({ "n": 9 })).await;
    assert_eq!(world.told(told).await, [3, 1, 0, 0, 2, 2]);
    let of_account_2 =
        world.storage.read().webhook_deliveries().page(foreign.webhook.id, 0, 10).await.unwrap();
    assert_eq!(of_account_2.total, 0);
    let jobs = world.jobs().await;
    assert_eq!(jobs.len(), 8);
    for job in jobs {
        assert_eq!(
            (job.handler.as_str(), job.queue.as_str(), job.priority),
            ("webhook_delivery", "webhooks", 1)
        );
        assert_eq!((job.max_attempts, job.retry_delay, job.depth), (5, 60, 2));
        assert_eq!(job.account_id, Some(world.acme.id));
        assert_eq!(job.payload.keys().collect::<Vec<_>>(), ["delivery_id", "webhook_id"]);
    }
}

#[tokio::test]
async fn a_delivery_carries_the_change_and_is_signed() {
    let world = World::new().await;
    let headers =
        [("X-Mine", "42"), ("x-snackbase-event", "forged"), ("Host", "evil"), ("WEBHOOK-ID", "forged")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let made = world.create(NewWebhook { headers: Some(headers.into()), ..new() }).await;
    assert_eq!(made.secret, "code-0");
    world.dispatch(EventKind::RecordCreated, json!({ "id": "r", "title": "é" })).await;
    assert_eq!(world.run(&world.jobs().await[0]).await, Vec::<String>::new());
    let [request] = &world.sender.take_sent()[..] else { panic!("not one request") };
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://example.com/in"));
    let [delivery] = &world.deliveries(&made.webhook).await[..] else { panic!("not one delivery") };
    assert_eq!(request.body.as_deref(), Some(delivery.payload.as_str()));
    let body: Value = serde_json::from_str(&delivery.payload).unwrap();
    assert_eq!((&body["event"], &body["record"]["title"]), (&json!("records.create"), &json!("é")));
    let id = delivery.id.to_string();
    let webhook = made.webhook.id.to_string();
    for (name, value) in [
        ("Content-Type", "application/json"),
        ("X-Mine", "42"),
        ("X-SnackBase-Event", "records.create"),
        ("X-SnackBase-Webhook-Id", webhook.as_str()),
        ("X-SnackBase-Delivery", id.as_str()),
        ("webhook-id", id.as_str()),
    ] {
        assert_eq!(header(request, name), [value], "{name}");
    }
    assert!(header(request, "Host").is_empty());
    assert!(header(request, "X-SnackBase-Signature")[0].starts_with("sha256="));
    assert!(header(request, "webhook-signature")[0].starts_with("v1,"));
    assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Delivered, 1));
    assert_eq!((delivery.response_status, delivery.response_body.as_deref()), (Some(200), Some("ok")));
    // A worker that was lost after it arrived.
    assert_eq!(world.run(&world.jobs().await[0]).await, Vec::<String>::new());
    assert_eq!(world.sender.take_sent(), []);
}

#[tokio::test]
async fn attempts_follow_the_job_and_use_what_the_webhook_is_now() {
    let world = World::new().await;
    let made = world.create(new()).await;
    world.dispatch(EventKind::RecordCreated, json!({})).await;
    let mut job = world.jobs().await[0].clone();
    world.sender.answer(500, "no");
    assert_eq!(world.webhooks.run(&job).await.unwrap_err().0, "The receiver answered 500");
    let delivery = world.deliveries(&made.webhook).await.remove(0);
    assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Retrying, 1));
    let wait = delivery.next_retry_at.unwrap() - world.clock.now();
    assert!(wait <= backoff(60, 1) && wait > backoff(60, 1) - TimeDelta::seconds(1), "{wait}");
    assert_eq!((delivery.response_status, delivery.response_body.as_deref()), (Some(500), Some("no")));

    job = job.failed(world.clock.now(), "");
    let id = made.webhook.id.to_string();
    let change =
        WebhookChange { url: Some("https://other.example.com/".to_owned()), ..WebhookChange::default() };
    world.webhooks.update(&world.by, world.acme.id, &id, change).await.unwrap();
    world.webhooks.rotate_secret(&world.by, world.acme.id, &id).await.unwrap();
    world.sender.fail(HttpFault::NotAllowed("other.example.com".to_owned()));
    let why = world.webhooks.run(&job).await.unwrap_err().0;
    assert_eq!(why, "Destination not allowed: other.example.com");
    let sent = world.sender.take_sent();
    assert_eq!(sent[1].url, "https://other.example.com/");
    assert_eq!(header(&sent[0], "webhook-id"), header(&sent[1], "webhook-id"));
    assert_ne!(header(&sent[0], "X-SnackBase-Signature"), header(&sent[1], "X-SnackBase-Signature"));
    let delivery = world.deliveries(&made.webhook).await.remove(0);
    assert_eq!(
        (delivery.status, delivery.attempts, delivery.response_status),
        (DeliveryStatus::Retrying, 2, None)
    );
    assert_eq!(delivery.response_body.as_deref(), Some("Destination not allowed: other.example.com"));

    job = job.failed(world.clock.now(), "");
    let disabled = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
    world.webhooks.update(&world.by, world.acme.id, &id, disabled).await.unwrap();
    assert!(world.webhooks.run(&job).await.is_ok(), "there is nothing to be tried again");
    assert_eq!(world.sender.take_sent(), []);
    let delivery = world.deliveries(&made.webhook).await.remove(0);
    assert_eq!(
        (delivery.status, delivery.next_retry_at, delivery.attempts),
        (DeliveryStatus::Failed, None, 2)
    );

    world.webhooks.delete(&world.by, world.acme.id, &id).await.unwrap();
    assert!(world.webhooks.run(&job).await.is_ok());
    assert_eq!(world.sender.take_sent(), []);
}

#[tokio::test]
async fn a_destination_that_is_dead_for_long_is_paused_and_that_is_audited() {
    let world = World::new().await;
    let made = world.create(new()).await;
    let fail = async || {
        world.dispatch(EventKind::RecordCreated, json!({})).await;
        for _ in 0..5 {
            world.sender.answer(503, "down");
        }
        let failures = world.run(&world.jobs().await[0]).await;
        assert_eq!(failures.len(), 5);
        assert_eq!(world.deliveries(&made.webhook).await[0].status, DeliveryStatus::Failed);
    };
    for _ in 0..6 {
        fail().await;
    }
    assert!(world.view(made.webhook.id).await.enabled, "many failures at once may be a bad hour");
    // One that arrives makes good for all before.
    world.dispatch(EventKind::RecordCreated, json!({})).await;
    world.run(&world.jobs().await[0]).await;
    assert_eq!(world.view(made.webhook.id).await.failures, 0);
    for _ in 0..5 {
        assert!(world.view(made.webhook.id).await.enabled);
        world.clock.pass(7 * 3600);
        fail().await;
    }
    let paused = world.view(made.webhook.id).await;
    assert!(!paused.enabled);
    let audit = world.audit().await;
    let last = audit.last().unwrap();
    for part in ["\"system\"", "\"webhooks\"", "\"enabled\"", "True", "False"] {
        assert!(last.contains(part), "{part}: {last}");
    }
    let enabled = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
    let id = made.webhook.id.to_string();
    world.webhooks.update(&world.by, world.acme.id, &id, enabled).await.unwrap();
    world.clock.pass(48 * 3600);
    fail().await;
    assert!(world.view(made.webhook.id).await.enabled, "the past does not count");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let made = world.create(new()).await;
    let id = made.webhook.id.to_string();
    let bad_header = BTreeMap::from([("a b".to_owned(), "c".to_owned())]);
    let cases = [
        (WebhookChange { url: Some("ftp://x".to_owned()), ..Default::default() }, "must use http or https"),
        (WebhookChange { filter: Some("(n = 1".to_owned()), ..Default::default() }, "Invalid filter: "),
        (WebhookChange { headers: Some(bad_header), ..Default::default() }, "Invalid header name 'a b'"),
    ];
    for (change, text) in cases {
        let mut bad = new();
        bad.url = change.url.clone().unwrap_or(bad.url);
        bad.filter = change.filter.clone();
        bad.headers = change.headers.clone();
        let change = WebhookChange { collection: Some("changed".to_owned()), ..change };
        let refusals = [
            world.webhooks.create(&world.by, world.acme.id, bad).await.map(drop).unwrap_err(),
            world.webhooks.update(&world.by, world.acme.id, &id, change).await.map(drop).unwrap_err(),
        ];
        for (kind, says) in refusals.map(refusal) {
            assert_eq!(kind, Kind::Unprocessable);
            assert!(says.contains(text), "{text}: {says}");
        }
    }
    assert_eq!(world.webhooks.list(world.acme.id).await.unwrap(), [made.webhook]);
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_never_met() {
    let world = World::new().await;
    let made = world.create(new()).await;
    let work = world.storage.begin().await.unwrap();
    let broken = Webhook { filter: Some("n >".to_owned()), ..made.webhook.clone() };
    work.repositories().webhooks().update(&broken).await.unwrap();
    work.commit().await.unwrap();
    world.dispatch(EventKind::RecordCreated, json!({ "n": 1 })).await;
    assert_eq!(world.told([&made]).await, [0]);
}

#[tokio::test]
async fn deliveries_go_when_they_are_old_and_end_when_nobody_makes_them() {
    let world = World::new().await;
    let made = world.create(new()).await;
    world.dispatch(EventKind::RecordCreated, json!({})).await;
    world.dispatch(EventKind::RecordUpdated, json!({})).await;
    let [second, first] = &world.jobs().await[..] else { panic!("not two jobs") };
    world.clock.pass(700);
    assert_eq!(world.webhooks.end_abandoned().await.unwrap(), 0);
    world.jobs.cancel(&world.by, &first.id.to_string()).await.unwrap();
    assert_eq!(world.webhooks.end_abandoned().await.unwrap(), 1);
    let [pending, ended] = &world.deliveries(&made.webhook).await[..] else { panic!("not two deliveries") };
    assert_eq!((pending.status, ended.status), (DeliveryStatus::Pending, DeliveryStatus::Failed));
    assert_eq!(json!(pending.id), second.payload["delivery_id"]);
    world.clock.pass(30 * 86_400 - 800);
    assert_eq!(world.webhooks.remove_old().await.unwrap(), 0);
    world.clock.pass(200);
    assert_eq!(world.webhooks.remove_old().await.unwrap(), 2);
    assert_eq!(world.told([&made]).await, [0]);
}

#[tokio::test]
async fn secrets_get_todays_key_and_still_sign() {
    let world = World::new().await;
    let made = world.create(NewWebhook { secret: Some("a secret".to_owned()), ..new() }).await;
    assert_eq!(made.secret, "a secret");
    assert!(made.webhook.sealed_secret.starts_with("sealed|today|"));
    let tomorrow: Arc<dyn SecretBox> = Arc::new(PlainSecretBox::with_keys("tomorrow", &["today"]));
    let secrets = Secrets::new(world.storage.clone(), world.clock.clone(), tomorrow);
    let done = secrets.rotate().await.unwrap();
    assert_eq!((done.sealed, done.current), (1, 0));
    let sealed = world.view(made.webhook.id).await.sealed_secret;
    assert_eq!(sealed, format!("sealed|tomorrow|webhooks/{}/secret|a secret", made.webhook.id));
    let done = secrets.rotate().await.unwrap();
    assert_eq!((done.sealed, done.current), (0, 1));
    // This world's key opens it no more: nothing is sent unsigned.
    world.dispatch(EventKind::RecordCreated, json!({})).await;
    let failures = world.run(&world.jobs().await[0]).await;
    assert_eq!(failures, ["The secret of the webhook cannot be read"; 5]);
    assert_eq!(world.sender.take_sent(), []);
    assert!(
        world.audit().await.iter().all(|change| !change.contains("a secret") && !change.contains("sealed|"))
    );
}
