//! Use case: change a webhook.

use std::collections::{BTreeMap, BTreeSet};

use snackbase_domain::AccountId;
use snackbase_domain::webhook::{Webhook, WebhookEvent};

use super::{Webhooks, check_filter, check_headers, lock};
use crate::{AppError, Principal, tx};

/// What to change of a webhook; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct WebhookChange {
    pub url: Option<String>,
    pub collection: Option<String>,
    pub events: Option<BTreeSet<WebhookEvent>>,
    /// Empty: all records.
    pub filter: Option<String>,
    pub enabled: Option<bool>,
    pub headers: Option<BTreeMap<String, String>>,
}

impl Webhooks {
    /// Changes an account's webhook. Failures of the past do not count against another address, nor
    /// against one that is enabled anew.
    pub async fn update(
        &self,
        by: &Principal,
        account: AccountId,
        id: &str,
        change: WebhookChange,
    ) -> Result<Webhook, AppError> {
        if let Some(url) = &change.url {
            self.check_url(url)?;
        }
        if let Some(filter) = change.filter.as_deref().filter(|filter| !filter.is_empty()) {
            check_filter(filter)?;
        }
        if let Some(headers) = &change.headers {
            check_headers(headers)?;
        }
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            store.automation().advance().await?;
            let before = lock(store, account, id).await?;
            let mut webhook = before.clone();
            if let Some(url) = change.url {
                webhook.url = url;
            }
            if let Some(collection) = change.collection {
                webhook.collection = collection;
            }
            if let Some(events) = change.events {
                webhook.events = events;
            }
            if let Some(filter) = change.filter {
                webhook.filter = Some(filter).filter(|filter| !filter.is_empty());
            }
            if let Some(enabled) = change.enabled {
                webhook.enabled = enabled;
            }
            if let Some(headers) = change.headers {
                webhook.headers = Some(headers);
            }
            if webhook.url != before.url || (webhook.enabled && !before.enabled) {
                webhook = webhook.reached();
            }
            webhook.updated_at = self.clock.now();
            store.webhooks().update(&webhook).await?;
            Ok(webhook)
        }
        .await;
        let webhook = tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(webhook)
    }
}
