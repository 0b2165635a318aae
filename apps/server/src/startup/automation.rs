//! Wiring of automation.

use std::sync::Arc;

use snackbase_application::jobs::Jobs;
use snackbase_application::ports::{Clock, IdGenerator, SecretBox, Storage, TokenGenerator};
use snackbase_application::webhooks::{UrlPolicy, WebhookPolicy, Webhooks};
use snackbase_integrations::GuardedSender;
use snackbase_integrations::outbound::Destinations;

use crate::settings::Settings;

/// The use cases about webhooks, by the guarded way out.
pub(super) fn webhooks(
    settings: &Settings,
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    generator: Arc<dyn TokenGenerator>,
    secrets: Arc<dyn SecretBox>,
    jobs: Arc<Jobs>,
) -> Arc<Webhooks> {
    let allow_private = settings.outbound.allow_private_destinations;
    let sender = GuardedSender::new(Destinations::new(allow_private), settings.webhooks.timeout);
    let policy = WebhookPolicy {
        max_per_account: settings.webhooks.max_per_account,
        urls: UrlPolicy { allow_private, https_only: settings.is_production() },
    };
    Arc::new(Webhooks::new(storage, clock, ids, generator, secrets, jobs, Arc::new(sender), policy))
}
