//! Use case: have changes told to a server.

use std::collections::{BTreeMap, BTreeSet};

use snackbase_domain::webhook::{Webhook, WebhookEvent};
use snackbase_domain::{AccountId, WebhookId};

use super::{Webhooks, WithSecret, check_filter, check_headers, place};
use crate::ports::StoreError;
use crate::{AppError, Kind, Principal, tx};

/// A webhook to be made.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    pub url: String,
    pub collection: String,
    pub events: BTreeSet<WebhookEvent>,
    /// Absent or empty: one is made up.
    pub secret: Option<String>,
    /// Absent or empty: all records.
    pub filter: Option<String>,
    pub enabled: bool,
    pub headers: Option<BTreeMap<String, String>>,
}

impl Webhooks {
    /// Makes a webhook of an account. The secret is told this once.
    pub async fn create(
        &self,
        by: &Principal,
        account: AccountId,
        new: NewWebhook,
    ) -> Result<WithSecret, AppError> {
        self.check_url(&new.url)?;
        let filter = new.filter.filter(|filter| !filter.is_empty());
        if let Some(filter) = &filter {
            check_filter(filter)?;
        }
        if let Some(headers) = &new.headers {
            check_headers(headers)?;
        }
        let secret = new.secret.filter(|secret| !secret.is_empty()).unwrap_or_else(|| self.generator.hex());
        let now = self.clock.now();
        let mut webhook = Webhook {
            id: WebhookId::new(self.ids.new_id()),
            account_id: account,
            url: new.url,
            collection: new.collection,
            events: new.events,
            filter,
            enabled: new.enabled,
            headers: new.headers,
            sealed_secret: String::new(),
            failures: 0,
            failing_since: None,
            created_at: now,
            updated_at: now,
            created_by: by.user_id,
        };
        webhook.sealed_secret = self.secrets.seal(&secret, &place(&webhook));
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            store.automation().advance().await?;
            let webhooks = store.webhooks();
            let most = self.policy.max_per_account;
            if webhooks.count_locked(account).await? >= most.into() {
                let text = format!("Maximum number of webhooks per account reached ({most})");
                return Err(AppError::detail(Kind::Invalid, text));
            }
            webhooks.insert(&webhook).await.map_err(|error| match error {
                StoreError::ForeignKey => AppError::not_found("Account not found"),
                other => other.into(),
            })
        }
        .await;
        tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(WithSecret { webhook, secret })
    }
}
