//! Wiring of automation.

use std::sync::Arc;

use snackbase_application::automation::{Actions, Dispatcher, Listeners};
use snackbase_application::catalog::Catalog;
use snackbase_application::endpoints::{EndpointPolicy, Endpoints};
use snackbase_application::hooks::{HookLimits, Hooks, ScheduledHook};
use snackbase_application::jobs::{JobHandlers, Jobs};
use snackbase_application::mail::Mail;
use snackbase_application::ports::{Clock, HttpSender, IdGenerator, SecretBox, Storage, TokenGenerator};
use snackbase_application::records::Records;
use snackbase_application::webhooks::{UrlPolicy, WebhookPolicy, Webhooks};
use snackbase_integrations::GuardedSender;
use snackbase_integrations::outbound::Destinations;

use crate::settings::Settings;

/// What automation stands on.
pub(super) struct Parts {
    pub storage: Arc<dyn Storage>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdGenerator>,
    pub generator: Arc<dyn TokenGenerator>,
    pub secrets: Arc<dyn SecretBox>,
    pub catalog: Arc<Catalog>,
    pub listeners: Arc<Listeners>,
    pub records: Arc<Records>,
    pub jobs: Arc<Jobs>,
    pub mail: Arc<Mail>,
}

/// Its use cases.
pub(super) struct Automation {
    pub endpoints: Arc<Endpoints>,
    pub hooks: Arc<Hooks>,
    pub webhooks: Arc<Webhooks>,
    /// Who does its jobs.
    pub handlers: JobHandlers,
}

/// Wires it; requests go by the guarded way out.
pub(super) fn wire(settings: &Settings, parts: Parts) -> Automation {
    let Parts { storage, clock, ids, generator, secrets, catalog, listeners, records, jobs, mail } = parts;
    let allow_private = settings.outbound.allow_private_destinations;
    let sender = GuardedSender::new(Destinations::new(allow_private), settings.webhooks.timeout);
    let sender: Arc<dyn HttpSender> = Arc::new(sender);
    let webhooks = Arc::new(Webhooks::new(
        storage.clone(),
        clock.clone(),
        ids.clone(),
        generator,
        secrets,
        jobs.clone(),
        sender.clone(),
        listeners.clone(),
        WebhookPolicy {
            max_per_account: settings.webhooks.max_per_account,
            urls: UrlPolicy { allow_private, https_only: settings.is_production() },
        },
    ));
    let actions =
        Arc::new(Actions::new(storage.clone(), clock.clone(), catalog, records, jobs.clone(), mail, sender));
    let limits = HookLimits {
        hooks: settings.hooks.max_per_account.into(),
        scheduled: settings.hooks.max_scheduled_per_account.map(u64::from),
    };
    let endpoints = Arc::new(Endpoints::new(
        storage.clone(),
        clock.clone(),
        ids.clone(),
        listeners.clone(),
        actions.clone(),
        EndpointPolicy {
            max_per_account: settings.endpoints.max_per_account.into(),
            time_limit: settings.endpoints.execution_timeout,
        },
    ));
    let hooks = Arc::new(Hooks::new(storage, clock, ids, listeners, actions, jobs, limits));
    let handlers = JobHandlers::default()
        .with(Webhooks::HANDLER, webhooks.clone())
        .with(ScheduledHook::NAME, Arc::new(ScheduledHook::new(hooks.clone())))
        .with(Dispatcher::NAME, Arc::new(Dispatcher::new(webhooks.clone(), hooks.clone())));
    Automation { endpoints, hooks, webhooks, handlers }
}
