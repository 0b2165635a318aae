//! Webhooks: changes of an account's records are told to servers that its admins name.
//!
//! What happened comes to [`Webhooks::dispatch`] after its commit, at least once. Each webhook that is meant
//! gets a delivery, once for each event, and a job that sends it ([`deliver`]).

mod create;
mod deliver;
mod dispatch;
mod list;
mod redeliver;
mod remove;
mod rotate_secret;
mod send;
mod signature;
mod test;
mod update;
mod upkeep;

pub use create::NewWebhook;
pub use test::TestResult;
pub use update::WebhookChange;

use std::collections::BTreeMap;
use std::sync::Arc;

use snackbase_domain::webhook::{Webhook, header_problem};
use snackbase_domain::{AccountId, WebhookDeliveryId};

use crate::AppError;
use crate::automation::Listeners;
use crate::jobs::Jobs;
use crate::ports::{Clock, HttpSender, IdGenerator, Repositories, SecretBox, Storage, TokenGenerator};

pub use snackbase_domain::automation::UrlPolicy;
use snackbase_domain::automation::{Condition, check_url};
pub(crate) use upkeep::reseal_in;

/// What an installation allows.
#[derive(Clone, Copy, Debug)]
pub struct WebhookPolicy {
    /// Most webhooks of an account.
    pub max_per_account: u32,
    /// Which addresses may be named.
    pub urls: UrlPolicy,
}

/// A webhook with its secret, which is told when it is made.
#[derive(Clone, Debug)]
pub struct WithSecret {
    pub webhook: Webhook,
    pub secret: String,
}

/// The use cases about webhooks.
pub struct Webhooks {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    generator: Arc<dyn TokenGenerator>,
    secrets: Arc<dyn SecretBox>,
    jobs: Arc<Jobs>,
    sender: Arc<dyn HttpSender>,
    listeners: Arc<Listeners>,
    policy: WebhookPolicy,
}

impl Webhooks {
    /// The name of the handler of deliveries.
    pub const HANDLER: &str = "webhook_delivery";

    /// Wires the use cases.
    #[expect(clippy::too_many_arguments, reason = "one for each port")]
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        generator: Arc<dyn TokenGenerator>,
        secrets: Arc<dyn SecretBox>,
        jobs: Arc<Jobs>,
        sender: Arc<dyn HttpSender>,
        listeners: Arc<Listeners>,
        policy: WebhookPolicy,
    ) -> Self {
        Self { storage, clock, ids, generator, secrets, jobs, sender, listeners, policy }
    }

    /// Refuses an address that cannot be told anything.
    fn check_url(&self, url: &str) -> Result<(), AppError> {
        check_url(url, self.policy.urls).map_err(AppError::unprocessable)
    }
}

fn check_filter(filter: &str) -> Result<(), AppError> {
    match Condition::parse(filter) {
        Ok(_) => Ok(()),
        Err(error) => Err(AppError::unprocessable(format!("Invalid filter: {error}"))),
    }
}

fn check_headers(headers: &BTreeMap<String, String>) -> Result<(), AppError> {
    match header_problem(headers) {
        None => Ok(()),
        Some(problem) => Err(AppError::unprocessable(problem)),
    }
}

fn not_found() -> AppError {
    AppError::not_found("Webhook not found")
}

/// The account's webhook of an id as it came.
async fn find(store: &dyn Repositories, account: AccountId, id: &str) -> Result<Webhook, AppError> {
    let found = match id.parse() {
        Ok(id) => store.webhooks().find(id).await?,
        Err(_) => None,
    };
    found.filter(|webhook| webhook.account_id == account).ok_or_else(not_found)
}

/// As [`find`], to be changed.
async fn lock(store: &dyn Repositories, account: AccountId, id: &str) -> Result<Webhook, AppError> {
    let id = find(store, account, id).await?.id;
    store.webhooks().lock(id).await?.ok_or_else(not_found)
}

/// The place that a webhook's sealed secret is bound to.
fn place(webhook: &Webhook) -> String {
    format!("webhooks/{}/secret", webhook.id)
}

/// What the key of a delivery's job begins with.
const JOB_KEY: &str = "webhook_delivery/";

/// The key of the job that makes a delivery: one waits at a time.
fn job_key(id: WebhookDeliveryId) -> String {
    format!("{JOB_KEY}{id}")
}
