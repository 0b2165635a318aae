//! The promises of `WebhookRepository` and `WebhookDeliveryRepository`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::automation::EventKind;
use snackbase_domain::job::{Job, JobStatus};
use snackbase_domain::webhook::{Delivery, DeliveryStatus, Webhook, WebhookEvent};
use snackbase_domain::{AccountId, AutomationEventId, WebhookDeliveryId, WebhookId};
use tokio::task::JoinSet;

use super::{commit, refusal, seed};
use crate::builders::{self, moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, _, _) = seed(&storage).await;
    a_webhook_is_kept_and_changed(&storage, &first).await;
    those_that_listen_are_found(&storage, &first, &second).await;
    an_event_is_told_once(&storage, &first).await;
    deliveries_are_listed_and_removed_by_age(&storage, &first).await;
    those_without_a_job_are_found(&storage, &first).await;
    they_go_with_their_account(&storage, &first, &second).await;
}

fn webhook(account: &Account, n: u16) -> Webhook {
    Webhook {
        id: WebhookId::new(uuid(0x3eb_0000 + u128::from(n))),
        account_id: account.id,
        url: format!("https://example.com/{n}"),
        collection: "things".to_owned(),
        events: BTreeSet::from([WebhookEvent::Create, WebhookEvent::Delete]),
        filter: None,
        enabled: true,
        headers: None,
        sealed_secret: format!("sealed {n}"),
        failures: 0,
        failing_since: None,
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
        created_by: builders::user(account, 1).id,
    }
}

fn delivery(webhook: &Webhook, n: u16, event: Option<u16>) -> Delivery {
    Delivery {
        id: WebhookDeliveryId::new(uuid(0xde1_0000 + u128::from(n))),
        webhook_id: webhook.id,
        account_id: webhook.account_id,
        event_id: event.map(|event| AutomationEventId::new(uuid(event.into()))),
        event: EventKind::RecordCreated,
        payload: "{\"b\":1,\"a\":\"é\"}".to_owned(),
        response_status: None,
        response_body: None,
        attempts: 0,
        delivered_at: None,
        next_retry_at: None,
        status: DeliveryStatus::Pending,
        created_at: moment(n.into()),
    }
}

async fn add(storage: &Arc<dyn Storage>, webhook: &Webhook) {
    commit(storage, async |store| store.webhooks().insert(webhook).await).await;
}

async fn remove(storage: &Arc<dyn Storage>, webhook: &Webhook) -> bool {
    commit(storage, async |store| store.webhooks().delete(webhook.id).await).await
}

async fn tell(storage: &Arc<dyn Storage>, delivery: &Delivery) -> bool {
    let work = storage.begin().await.unwrap();
    let made = work.repositories().webhook_deliveries().insert(delivery).await.unwrap();
    work.commit().await.unwrap();
    made
}

async fn told(storage: &Arc<dyn Storage>, delivery: &Delivery) -> Option<Delivery> {
    storage.read().webhook_deliveries().find(delivery.id).await.unwrap()
}

async fn a_webhook_is_kept_and_changed(storage: &Arc<dyn Storage>, first: &Account) {
    let nowhere = Webhook { account_id: AccountId::new(uuid(404)), ..webhook(first, 1) };
    let refused = refusal(storage, async |store| store.webhooks().insert(&nowhere).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
    let made = webhook(first, 1);
    add(storage, &made).await;
    let find = async || storage.read().webhooks().find(made.id).await.unwrap();
    assert_eq!(find().await, Some(made.clone()));
    let changed = Webhook {
        url: "http://other.example.com".to_owned(),
        collection: "others".to_owned(),
        events: BTreeSet::from([WebhookEvent::Update]),
        filter: Some("n > 1".to_owned()),
        enabled: false,
        headers: Some(BTreeMap::from([("X-A".to_owned(), "é \"".to_owned())])),
        sealed_secret: "sealed anew".to_owned(),
        failures: 3,
        failing_since: Some(moment(7)),
        updated_at: moment(8),
        ..made.clone()
    };
    commit(storage, async |store| {
        assert_eq!(store.webhooks().lock(made.id).await?, Some(made.clone()));
        store.webhooks().update(&changed).await
    })
    .await;
    assert_eq!(find().await, Some(changed));
    assert!(remove(storage, &made).await);
    assert!(!remove(storage, &made).await);
    assert_eq!(find().await, None);
    let lock = async |id| commit(storage, async |store| store.webhooks().lock(id).await).await;
    assert_eq!(lock(made.id).await, None);
}

async fn those_that_listen_are_found(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let other = Webhook { collection: "others".to_owned(), ..webhook(first, 3) };
    let disabled = Webhook { enabled: false, ..webhook(first, 4) };
    let all = [webhook(first, 2), other, disabled, webhook(first, 5), webhook(second, 6)];
    for one in &all {
        add(storage, one).await;
    }
    let store = storage.read().webhooks();
    let numbers = |found: Vec<Webhook>| -> Vec<_> { found.into_iter().map(|one| one.url).collect() };
    let listening =
        async |seconds| numbers(store.listening(first.id, "things", moment(seconds)).await.unwrap());
    let url = |n: u16| format!("https://example.com/{n}");
    assert_eq!(listening(5).await, [url(2), url(5)]);
    assert_eq!(listening(4).await, [url(2)]);
    assert_eq!(listening(1).await, Vec::<String>::new());
    assert_eq!(numbers(store.of_account(first.id).await.unwrap()), [url(5), url(4), url(3), url(2)]);
    assert_eq!(numbers(store.all().await.unwrap()), [url(2), url(3), url(4), url(5), url(6)]);
    let count = commit(storage, async |store| store.webhooks().count_locked(first.id).await).await;
    assert_eq!(count, 4);
    for one in &all {
        assert!(remove(storage, one).await);
    }
}

async fn an_event_is_told_once(storage: &Arc<dyn Storage>, first: &Account) {
    let (one, two) = (webhook(first, 10), webhook(first, 11));
    add(storage, &one).await;
    let nowhere = delivery(&two, 1, Some(1));
    let refused = refusal(storage, async |store| store.webhook_deliveries().insert(&nowhere).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
    add(storage, &two).await;
    let mut at_once = JoinSet::new();
    for n in 1..=4 {
        let (storage, delivery) = (storage.clone(), delivery(&one, n, Some(1)));
        at_once.spawn(async move { tell(&storage, &delivery).await });
    }
    let made = at_once.join_all().await.into_iter().filter(|made| *made).count();
    assert_eq!(made, 1, "of one event and webhook");
    assert!(tell(storage, &delivery(&two, 5, Some(1))).await, "of another webhook");
    assert!(tell(storage, &delivery(&one, 6, Some(2))).await, "of another event");
    for n in [7, 8] {
        assert!(tell(storage, &delivery(&one, n, None)).await, "of none");
    }
    assert!(remove(storage, &one).await);
    assert_eq!(told(storage, &delivery(&one, 6, None)).await, None, "gone with the webhook");
    assert!(told(storage, &delivery(&two, 5, None)).await.is_some());
    assert!(remove(storage, &two).await);
}

async fn deliveries_are_listed_and_removed_by_age(storage: &Arc<dyn Storage>, first: &Account) {
    let (one, two) = (webhook(first, 20), webhook(first, 21));
    add(storage, &one).await;
    add(storage, &two).await;
    let all: Vec<_> = (1..=5).map(|n| delivery(if n == 3 { &two } else { &one }, n, Some(n))).collect();
    for delivery in &all {
        tell(storage, delivery).await;
        assert_eq!(told(storage, delivery).await.as_ref(), Some(delivery));
    }
    let store = storage.read().webhook_deliveries();
    let page = async |offset, limit| store.page(one.id, offset, limit).await.unwrap();
    assert_eq!(page(0, 10).await.items, [&all[4], &all[3], &all[1], &all[0]].map(Clone::clone));
    let part = page(1, 2).await;
    assert_eq!((part.items, part.total), (vec![all[3].clone(), all[1].clone()], 4));
    let done = Delivery {
        response_status: Some(204),
        response_body: Some("fine".to_owned()),
        attempts: 2,
        delivered_at: Some(moment(9)),
        next_retry_at: Some(moment(10)),
        status: DeliveryStatus::Delivered,
        ..all[4].clone()
    };
    commit(storage, async |store| {
        assert_eq!(store.webhook_deliveries().lock(done.id).await?, Some(all[4].clone()));
        store.webhook_deliveries().update(&done).await
    })
    .await;
    assert_eq!(told(storage, &done).await, Some(done.clone()));
    let remove_before = async |seconds, limit| {
        commit(storage, async |store| store.webhook_deliveries().remove_before(moment(seconds), limit).await)
            .await
    };
    assert_eq!(remove_before(1, 10).await, 0);
    assert_eq!(remove_before(4, 2).await, 2);
    assert_eq!(remove_before(4, 2).await, 1);
    assert_eq!(page(0, 10).await.items, [done, all[3].clone()]);
    assert!(remove(storage, &one).await);
    assert!(remove(storage, &two).await);
}

async fn those_without_a_job_are_found(storage: &Arc<dyn Storage>, first: &Account) {
    let one = webhook(first, 30);
    add(storage, &one).await;
    let key = |n: u16| Some(format!("key/{}", delivery(&one, n, None).id));
    let job = |n: u16, status| Job { unique_key: key(n), status, ..builders::job(Some(first.id), 0x30 + n) };
    for n in 1..=7 {
        let status = match n {
            1 => DeliveryStatus::Delivered,
            2 => DeliveryStatus::Failed,
            n if n % 2 == 0 => DeliveryStatus::Retrying,
            _ => DeliveryStatus::Pending,
        };
        tell(storage, &Delivery { status, ..delivery(&one, n, None) }).await;
    }
    let dead = Job { failed_at: Some(moment(1)), ..job(3, JobStatus::Dead) };
    for job in [dead, job(4, JobStatus::Pending), job(5, JobStatus::Retrying), job(6, JobStatus::Running)] {
        commit(storage, async |store| store.jobs().insert(&job).await).await;
    }
    let store = storage.read().webhook_deliveries();
    let abandoned = async |prefix: &str, seconds, limit| -> Vec<_> {
        let found = store.abandoned(prefix, moment(seconds), limit).await.unwrap();
        found.into_iter().map(|found| found.id).collect()
    };
    let id = |n| delivery(&one, n, None).id;
    assert_eq!(abandoned("key/", 8, 10).await, [id(3), id(7)]);
    assert_eq!(abandoned("key/", 7, 10).await, [id(3)]);
    assert_eq!(abandoned("other/", 8, 2).await, [id(3), id(4)]);
    assert!(remove(storage, &one).await);
}

async fn they_go_with_their_account(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let (one, two) = (webhook(first, 40), webhook(second, 41));
    for (n, one) in [(50, &one), (51, &two)] {
        add(storage, one).await;
        tell(storage, &delivery(one, n, None)).await;
    }
    commit(storage, async |store| {
        while store.accounts().delete_some(first.id, 100).await? > 0 {}
        store.accounts().delete(first.id).await
    })
    .await;
    let left = storage.read().webhooks().all().await.unwrap();
    assert_eq!(left, [two]);
    let page = storage.read().webhook_deliveries().page(one.id, 0, 10).await.unwrap();
    assert_eq!(page.total, 0);
}
