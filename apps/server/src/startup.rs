//! The composition root: settings in, a server out.

mod adapters;
mod automation;
mod prepare;
mod sockets;

pub use prepare::prepare;

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::Compress;
use actix_web::web::{self, Data};
use actix_web::{App, HttpServer};
use chrono::TimeDelta;
use snackbase_application::AppError;
use snackbase_application::accounts::Accounts;
use snackbase_application::api_keys::{ApiKeyLimits, ApiKeys};
use snackbase_application::audit::Audit;
use snackbase_application::auth::{Auth, AuthPolicy, Identities, Throttle};
use snackbase_application::automation::{Announcing, Listeners};
use snackbase_application::catalog::Catalog;
use snackbase_application::collections::Collections;
use snackbase_application::configuration::Configurations;
use snackbase_application::dashboard::Dashboard;
use snackbase_application::endpoints::Endpoints;
use snackbase_application::files::Files;
use snackbase_application::groups::Groups;
use snackbase_application::health::Health;
use snackbase_application::hooks::Hooks;
use snackbase_application::invitations::Invitations;
use snackbase_application::jobs::{JobHandlers, JobWorker, Jobs, ScheduledTask};
use snackbase_application::limits::RateLimits;
use snackbase_application::macros::Macros;
use snackbase_application::mail::Mail;
use snackbase_application::mailed_tokens::MailedTokens;
use snackbase_application::migrations::Migrations;
use snackbase_application::password_reset::PasswordReset;
use snackbase_application::ports::{
    AuditSealer, Clock, IdGenerator, PasswordHasher, SecretBox, Storage, TokenGenerator, Tokens,
};
use snackbase_application::realtime::{Realtime, Sequencer};
use snackbase_application::records::{Limits, Records};
use snackbase_application::registration::Registration;
use snackbase_application::roles::Roles;
use snackbase_application::rules::Rules;
use snackbase_application::secrets::Secrets;
use snackbase_application::setup::Setup;
use snackbase_application::tracking::TrackedStorage;
use snackbase_application::users::Users;
use snackbase_application::verification::EmailVerification;
use snackbase_application::webhooks::Webhooks;
use snackbase_auth::{
    AesGcmCursors, AesGcmSecretBox, Argon2Hasher, HashCost, HmacAuditSealer, HmacKeySigner, HmacLinkSigner,
    JwtTokens, RandomTokens, TokenLifetimes,
};
use snackbase_integrations::outbound::Destinations;
use snackbase_integrations::{
    FolderUsage, ImageThumbnailer, JinjaTemplates, OwnMemory, ProviderFiles, ProviderMailer, ProviderTester,
    RandomIds, SystemClock,
};
use snackbase_storage::{RowSecurity, Store};
use tokio::sync::Notify;

use adapters::{counters, database, file_policy, local_mail, rate_policy, realtime_policy, worker_policy};
use sockets::{bound_patience, told_to_stop};

use crate::background::Background;
use crate::http::extract::{ApiKeyHeader, TrustedProxies};
use crate::http::files::UploadPatience;
use crate::http::health::About;
use crate::http::middleware::Edge;
use crate::http::realtime::{AllowedOrigins, Enabled};
use crate::http::records::import::ImportLimit;
use crate::http::setup::SetupToken;
use crate::http::ui::StaticFolder;
use crate::http::{api_routes, docs, root_routes, ui};
use crate::settings::{Environment, Secret, Settings};

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be used.
    #[error("{0}")]
    Database(#[from] snackbase_application::ports::StoreError),
    /// A use case failed.
    #[error("{0}")]
    App(#[from] AppError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen { address: String, error: std::io::Error },
}

/// What embedders and tests put in place of the usual adapters.
#[derive(Clone, Default)]
pub struct Overrides {
    pub clock: Option<Arc<dyn Clock>>,
    pub ids: Option<Arc<dyn IdGenerator>>,
    pub hasher: Option<Arc<dyn PasswordHasher>>,
    pub tokens: Option<Arc<dyn Tokens>>,
    pub mailed_tokens: Option<Arc<dyn TokenGenerator>>,
    /// Who does jobs, besides the server's own handlers.
    pub job_handlers: JobHandlers,
}

/// All use cases, wired.
#[derive(Clone)]
pub struct Services {
    pub storage: Arc<dyn Storage>,
    pub clock: Arc<dyn Clock>,
    pub auth: Arc<Auth>,
    pub accounts: Arc<Accounts>,
    pub registration: Arc<Registration>,
    pub users: Arc<Users>,
    pub roles: Arc<Roles>,
    pub groups: Arc<Groups>,
    pub invitations: Arc<Invitations>,
    pub verification: Arc<EmailVerification>,
    pub password_reset: Arc<PasswordReset>,
    pub api_keys: Arc<ApiKeys>,
    pub audit: Arc<Audit>,
    /// Told when changes wait for their places in the audit log.
    pub audit_queue: Arc<Notify>,
    /// Gives entries of the realtime log their places.
    pub sequencer: Arc<Sequencer>,
    /// Whether changes are written to that log.
    pub realtime_enabled: bool,
    pub realtime: Arc<Realtime>,
    pub collections: Arc<Collections>,
    pub configurations: Arc<Configurations>,
    pub mail: Arc<Mail>,
    pub jobs: Arc<Jobs>,
    /// What hooks, webhooks and workflows wait for.
    pub listeners: Arc<Listeners>,
    pub endpoints: Arc<Endpoints>,
    pub hooks: Arc<Hooks>,
    pub webhooks: Arc<Webhooks>,
    /// How often what is due is looked for, where this process does.
    pub scheduler: Option<Duration>,
    pub job_worker: Arc<JobWorker>,
    /// Whether this process does jobs.
    pub job_worker_enabled: bool,
    pub secrets: Arc<Secrets>,
    pub records: Arc<Records>,
    pub files: Arc<Files>,
    pub macros: Arc<Macros>,
    pub rules: Arc<Rules>,
    pub setup: Arc<Setup>,
    pub dashboard: Arc<Dashboard>,
    pub health: Arc<Health>,
    pub migrations: Arc<Migrations>,
    pub rate_limits: Option<Arc<RateLimits>>,
    pub throttle: Throttle,
    store: Arc<Store>,
    pub(crate) catalog: Arc<Catalog>,
}

impl Services {
    /// The database itself, for the command line.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// Opens the database and wires the use cases; nothing is migrated or seeded yet.
pub async fn services(settings: &Settings, overrides: Overrides) -> Result<Services, StartError> {
    let store = Arc::new(Store::open(&database(settings)).await?);
    let clock = overrides.clock.unwrap_or_else(|| Arc::new(SystemClock));
    let secrets = &settings.secrets;
    let sealing_keys = std::iter::once(&secrets.encryption_key).chain(&secrets.previous_encryption_keys);
    let sealing_keys = sealing_keys.map(|key| key.expose().as_bytes());
    let sealer: Arc<dyn AuditSealer> = Arc::new(HmacAuditSealer::new(sealing_keys.clone()));
    let cursors = Arc::new(AesGcmCursors::new(sealing_keys));
    let audit_queue = Arc::new(Notify::new());
    let mut tracked = TrackedStorage::new(store.clone(), clock.clone());
    if settings.audit.enabled {
        tracked = tracked.with_audit(sealer.clone(), audit_queue.clone());
    }
    let realtime_written = Arc::new(Notify::new());
    if settings.realtime.enabled {
        tracked = tracked.with_realtime(realtime_written.clone());
    }
    let ids = overrides.ids.unwrap_or_else(|| Arc::new(RandomIds));
    let (listeners, job_written) = (Arc::new(Listeners::default()), Arc::new(Notify::new()));
    let tracked = tracked.with_automation(Announcing {
        listeners: listeners.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        written: job_written.clone(),
    });
    let storage: Arc<dyn Storage> = Arc::new(tracked);
    let kept_for = TimeDelta::hours(i64::from(settings.realtime.retention_hours.get()));
    let sequencer = Arc::new(Sequencer::new(storage.clone(), clock.clone(), realtime_written, kept_for));
    let hasher = match overrides.hasher {
        Some(hasher) => hasher,
        None => Arc::new(Argon2Hasher::new(HashCost::OWASP)?),
    };
    let tokens = overrides.tokens.unwrap_or_else(|| {
        let lifetimes = TokenLifetimes {
            access: i64::from(settings.tokens.access_expire_minutes.get()) * 60,
            refresh: i64::from(settings.tokens.refresh_expire_days.get()) * 86_400,
        };
        Arc::new(JwtTokens::new(settings.secrets.secret_key.expose().as_bytes(), lifetimes))
    });
    let key_signer = Arc::new(HmacKeySigner::new(settings.secrets.token_secret.expose().as_bytes()));
    let (catalog, identities) = (Arc::new(Catalog::default()), Arc::new(Identities::default()));
    let users = Users::new(storage.clone(), clock.clone(), ids.clone(), hasher.clone(), identities.clone());
    let users = Arc::new(users.in_demo(settings.app.is_demo));
    let single_tenant = settings.single_tenant.account.clone().filter(|_| settings.single_tenant.enabled);
    let policy = AuthPolicy { default_account: single_tenant.clone() };
    let (limiter, failures) = counters(&store, &clock);
    let throttled = settings.tokens.login_throttle_enabled;
    let throttle = Throttle::new(throttled.then_some(failures), clock.clone());
    let auth = Arc::new(Auth::new(
        storage.clone(),
        clock.clone(),
        ids.clone(),
        hasher.clone(),
        tokens,
        key_signer.clone(),
        identities.clone(),
        throttle.clone(),
        policy,
    ));
    let key_limits = ApiKeyLimits {
        max_per_user: settings.api_keys.max_per_user as usize,
        default_days: settings.api_keys.default_expiration_days.map(std::num::NonZeroU32::get),
    };
    let limits = Limits {
        max_expand_depth: settings.records.max_expand_depth as usize,
        batch_max_size: settings.records.batch_max_size as usize,
    };
    let secret_box: Arc<dyn SecretBox> = Arc::new(AesGcmSecretBox::new(
        settings.secrets.encryption_key.expose(),
        settings.secrets.previous_encryption_keys.iter().map(Secret::expose),
    ));
    let destinations = Destinations::new(settings.outbound.allow_private_destinations);
    let accounts = Arc::new(Accounts::new(
        storage.clone(),
        catalog.clone(),
        clock.clone(),
        ids.clone(),
        identities.clone(),
    ));
    let configurations = Arc::new(Configurations::new(
        storage.clone(),
        clock.clone(),
        ids.clone(),
        secret_box.clone(),
        Arc::new(ProviderTester::new(destinations, clock.clone(), settings.files.path.clone())),
        settings.app.external_url.as_str().to_owned(),
    ));
    let mail = Arc::new(Mail::new(
        storage.clone(),
        clock.clone(),
        ids.clone(),
        secret_box.clone(),
        configurations.clone(),
        Arc::new(JinjaTemplates::default()),
        Arc::new(ProviderMailer::new(destinations, clock.clone(), local_mail(settings))),
    ));
    let retention = settings.jobs.retention_days;
    let jobs =
        Arc::new(Jobs::new(storage.clone(), clock.clone(), ids.clone(), retention, job_written.clone()));
    let generator = overrides.mailed_tokens.unwrap_or_else(|| Arc::new(RandomTokens));
    let records =
        Arc::new(Records::new(storage.clone(), catalog.clone(), clock.clone(), ids.clone(), cursors, limits));
    let parts = automation::Parts {
        storage: storage.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        generator: generator.clone(),
        secrets: secret_box.clone(),
        catalog: catalog.clone(),
        listeners: listeners.clone(),
        records: records.clone(),
        jobs: jobs.clone(),
        mail: mail.clone(),
    };
    let automation = automation::wire(settings, parts);
    let handlers = JobHandlers::default().with(ScheduledTask::NAME, Arc::new(ScheduledTask));
    let handlers = handlers.and(automation.handlers).and(overrides.job_handlers);
    let files = Arc::new(Files::new(
        storage.clone(),
        catalog.clone(),
        clock.clone(),
        ids.clone(),
        configurations.clone(),
        Arc::new(ProviderFiles::new(destinations, &settings.files.path)),
        Arc::new(ImageThumbnailer::default()),
        Arc::new(HmacLinkSigner::new(settings.secrets.token_secret.expose().as_bytes())),
        file_policy(settings),
    ));
    let mailed_tokens = Arc::new(MailedTokens::new(
        storage.clone(),
        clock.clone(),
        auth.clone(),
        mail.clone(),
        generator.clone(),
    ));
    let realtime = Arc::new(Realtime::new(
        storage.clone(),
        catalog.clone(),
        clock.clone(),
        ids.clone(),
        auth.clone(),
        identities.clone(),
        sequencer.clone(),
        store.realtime_signal(),
        realtime_policy(settings),
    ));
    let limited = settings.rate_limits.enabled;
    let rate_limits =
        limited.then(|| Arc::new(RateLimits::new(limiter, clock.clone(), rate_policy(settings))));
    let verification = Arc::new(EmailVerification::new(mailed_tokens.clone(), identities.clone()));
    Ok(Services {
        registration: Arc::new(Registration::new(
            storage.clone(),
            ids.clone(),
            hasher,
            accounts.clone(),
            users.clone(),
            verification.clone(),
            single_tenant,
        )),
        audit: Arc::new(Audit::new(storage.clone(), sealer, catalog.clone())),
        audit_queue,
        sequencer,
        realtime_enabled: settings.realtime.enabled,
        realtime: realtime.clone(),
        accounts,
        roles: Arc::new(Roles::new(storage.clone(), identities.clone())),
        groups: Arc::new(Groups::new(storage.clone(), clock.clone(), ids.clone(), identities.clone())),
        invitations: Arc::new(Invitations::new(
            storage.clone(),
            clock.clone(),
            ids.clone(),
            generator,
            secret_box.clone(),
            auth.clone(),
            users.clone(),
            mail.clone(),
        )),
        verification,
        password_reset: Arc::new(PasswordReset::new(mailed_tokens, users.clone())),
        api_keys: Arc::new(ApiKeys::new(
            storage.clone(),
            clock.clone(),
            ids.clone(),
            key_signer,
            identities,
            key_limits,
        )),
        configurations,
        mail,
        job_worker: Arc::new(JobWorker::new(jobs.clone(), handlers, worker_policy(settings))),
        job_worker_enabled: settings.jobs.worker_enabled,
        jobs,
        listeners,
        endpoints: automation.endpoints,
        hooks: automation.hooks,
        webhooks: automation.webhooks,
        scheduler: settings.scheduler.enabled.then_some(settings.scheduler.poll_interval),
        secrets: Arc::new(Secrets::new(storage.clone(), clock.clone(), secret_box)),
        collections: Arc::new(Collections::new(storage.clone(), catalog.clone(), clock.clone(), ids.clone())),
        records,
        files: files.clone(),
        rules: Arc::new(Rules::new(storage.clone(), catalog.clone(), clock.clone(), ids)),
        macros: Arc::new(Macros::new(storage.clone(), catalog.clone(), clock.clone())),
        dashboard: Arc::new(Dashboard::new(
            storage.clone(),
            catalog.clone(),
            clock.clone(),
            Arc::new(FolderUsage::new(&settings.files.path)),
        )),
        migrations: Arc::new(Migrations::new(storage.clone())),
        setup: Arc::new(Setup::new(storage.clone(), clock.clone(), users.clone(), auth.clone())),
        health: Arc::new(Health::new(
            storage.clone(),
            clock.clone(),
            Arc::new(OwnMemory),
            realtime.clone(),
            rate_limits.clone(),
            rate_policy(settings),
        )),
        rate_limits,
        throttle,
        clock,
        users,
        auth,
        storage,
        store,
        catalog,
    })
}

/// A server that is ready to serve.
pub struct Application {
    server: Server,
    port: u16,
    setup_token: Option<String>,
    services: Services,
}

impl Application {
    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The word that the first-run page asks for; `None` when it is not needed.
    pub fn setup_token(&self) -> Option<&str> {
        self.setup_token.as_deref()
    }

    /// The use cases, for embedders.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Stops the server from elsewhere.
    pub fn handle(&self) -> actix_web::dev::ServerHandle {
        self.server.handle()
    }

    /// Serves until a signal or the handle stops it; requests under way are
    /// finished first.
    pub async fn run(self) -> std::io::Result<()> {
        let background = Background::start(&self.services, None);
        let outcome = self.server.await;
        background.stop().await;
        outcome
    }
}

/// Builds the server: opens and prepares the database, wires the use cases and
/// listens. Requests are answered once [`Application::run`] is polled.
pub async fn build(settings: Settings, overrides: Overrides) -> Result<Application, StartError> {
    crate::http::error::show_reasons(settings.app.debug);
    let services = services(&settings, overrides).await?;
    prepare(&services, &settings).await?;
    let setup_token = match services.setup.is_needed().await? {
        true => Some(RandomIds.new_id().simple().to_string()),
        false => None,
    };
    let address = format!("{}:{}", settings.listen.host, settings.listen.port);
    let listen = |error| StartError::Listen { address: address.clone(), error };
    let listener = TcpListener::bind(&address).map_err(listen)?;
    let port = listener.local_addr().map_err(listen)?.port();
    let server = serve(&settings, &services, setup_token.clone(), listener).map_err(listen)?;
    Ok(Application { server, port, setup_token, services })
}

/// Does jobs without serving requests, of all queues or of one, until a signal ends it. The rest of what a
/// server does beside serving is done as well: jobs may need it.
pub async fn work(settings: Settings, overrides: Overrides, queue: Option<String>) -> Result<(), StartError> {
    let services = services(&settings, overrides).await?;
    prepare(&services, &settings).await?;
    let background = Background::start(&services, queue);
    told_to_stop().await;
    background.stop().await;
    Ok(())
}

fn serve(
    settings: &Settings,
    services: &Services,
    setup_token: Option<String>,
    listener: TcpListener,
) -> std::io::Result<Server> {
    let about = Data::new(About {
        name: settings.app.name.clone(),
        version: settings.app.version.clone().unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()),
        audit_logging_enabled: settings.audit.enabled,
        row_security_bypassed: services.store.row_security() == RowSecurity::Bypassed,
    });
    let development = settings.app.environment == Environment::Development;
    let folder = Data::new(StaticFolder::find(Path::new("static"), &settings.app.api_prefix));
    let (settings, services) = (settings.clone(), services.clone());
    let setup_token = Data::new(SetupToken(setup_token));
    let origins = Data::new(AllowedOrigins::new(&settings));
    let realtime = Enabled(services.realtime_enabled.then(|| services.realtime.clone()));
    let (stopping, realtime) = (services.realtime.clone(), Data::new(realtime));
    let proxies = TrustedProxies(settings.listen.trusted_proxies.clone().into());
    let factory = move || {
        App::new()
            .app_data(about.clone())
            .app_data(folder.clone())
            .app_data(setup_token.clone())
            .app_data(proxies.clone())
            .app_data(ApiKeyHeader(settings.api_keys.header.clone()))
            .app_data(Data::from(services.storage.clone()))
            .app_data(Data::new(services.clock.clone()))
            .app_data(Data::from(services.auth.clone()))
            .app_data(Data::from(services.accounts.clone()))
            .app_data(Data::from(services.registration.clone()))
            .app_data(Data::from(services.users.clone()))
            .app_data(Data::from(services.roles.clone()))
            .app_data(Data::from(services.groups.clone()))
            .app_data(Data::from(services.invitations.clone()))
            .app_data(Data::from(services.verification.clone()))
            .app_data(Data::from(services.password_reset.clone()))
            .app_data(Data::from(services.api_keys.clone()))
            .app_data(Data::from(services.audit.clone()))
            .app_data(Data::from(services.collections.clone()))
            .app_data(Data::from(services.configurations.clone()))
            .app_data(Data::from(services.mail.clone()))
            .app_data(Data::from(services.jobs.clone()))
            .app_data(Data::from(services.endpoints.clone()))
            .app_data(Data::from(services.hooks.clone()))
            .app_data(Data::from(services.webhooks.clone()))
            .app_data(Data::from(services.records.clone()))
            .app_data(realtime.clone())
            .app_data(origins.clone())
            .app_data(Data::new(ImportLimit(settings.records.import_max_size)))
            .app_data(Data::from(services.files.clone()))
            .app_data(Data::new(UploadPatience(settings.files.upload_patience)))
            .app_data(Data::from(services.macros.clone()))
            .app_data(Data::from(services.rules.clone()))
            .app_data(Data::from(services.setup.clone()))
            .app_data(Data::from(services.dashboard.clone()))
            .app_data(Data::from(services.health.clone()))
            .app_data(Data::from(services.migrations.clone()))
            .configure(root_routes)
            .configure(|config| {
                if development {
                    docs::routes(config);
                }
            })
            .configure(ui::routes)
            .service(web::scope(&settings.app.api_prefix).configure(api_routes))
            .default_service(web::to(StaticFolder::serve))
            .wrap(Compress::default())
            .wrap(Edge::with_rate_limits(&settings, services.rate_limits.clone()))
    };
    Ok(HttpServer::new(factory)
        .client_request_timeout(Duration::from_secs(10))
        .client_disconnect_timeout(Duration::from_secs(1))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(10)
        .shutdown_signal(async move {
            told_to_stop().await;
            // Open connections would be waited for.
            stopping.stop();
        })
        .tcp_nodelay(true)
        .on_connect(|connection, _| bound_patience(connection))
        .max_connections(20_000)
        .listen(listener)?
        .run())
}
