//! Everything an operator can set: environment variables `SNACKBASE_<NAME>` over a `.env` file.
//!
//! One table ([`groups`]) holds the name, type, default and meaning of each setting; the structs, the
//! parsing and `docs/settings.md` come from it.

mod database_url;
mod groups;
mod parse;
mod reference;
mod secrets;
mod values;

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

pub use database_url::DatabaseUrl;
pub use groups::{
    ApiKeys, App, Audit, Cors, Database, Endpoints, Files, Hooks, Jobs, Listen, Logging, Mail, Outbound,
    RateLimits, Realtime, Records, Scheduler, Security, SingleTenant, Superadmin, Tokens, Webhooks,
    Workflows,
};
pub use parse::Parse;
pub use reference::reference_markdown;
pub use secrets::{Secret, Secrets};
pub use values::{
    Environment, JournalMode, LogFormat, LogLevel, MailTransport, Network, Synchronous, TempStore, WebUrl,
};

use groups::GivenSecrets;

/// What the names of all settings begin with.
pub const PREFIX: &str = "SNACKBASE_";

/// All settings, checked and complete.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The application as a whole.
    pub app: App,
    /// Where the server listens.
    pub listen: Listen,
    /// The database and its connections.
    pub database: Database,
    /// The keys that sign and encrypt.
    pub secrets: Secrets,
    /// Lifetimes of tokens.
    pub tokens: Tokens,
    /// Which pages of other origins may call.
    pub cors: Cors,
    /// What is logged, how and where to.
    pub logging: Logging,
    /// Uploaded files.
    pub files: Files,
    /// How many requests a caller may make.
    pub rate_limits: RateLimits,
    /// The superadmin made at start.
    pub superadmin: Superadmin,
    /// API keys.
    pub api_keys: ApiKeys,
    /// Headers and transport.
    pub security: Security,
    /// Serving a single account.
    pub single_tenant: SingleTenant,
    /// The audit log.
    pub audit: Audit,
    /// Limits of record requests.
    pub records: Records,
    /// Outgoing webhooks.
    pub webhooks: Webhooks,
    /// The job queue and its worker.
    pub jobs: Jobs,
    /// The scheduler.
    pub scheduler: Scheduler,
    /// Hooks.
    pub hooks: Hooks,
    /// Custom endpoints.
    pub endpoints: Endpoints,
    /// Workflows.
    pub workflows: Workflows,
    /// Realtime events.
    pub realtime: Realtime,
    /// Mail.
    pub mail: Mail,
    /// Requests the server makes itself.
    pub outbound: Outbound,
}

/// Why the settings cannot be used; each message names the settings it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// One sentence for each problem.
    pub messages: Vec<String>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.messages.join("\n"))
    }
}

impl std::error::Error for SettingsError {}

impl From<String> for SettingsError {
    fn from(message: String) -> Self {
        Self { messages: vec![message] }
    }
}

impl Settings {
    /// Reads the process environment over the file `.env` of the working directory.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::from_env_and([])
    }

    /// As [`Settings::from_env`], with overrides that win over both, such as `("SNACKBASE_PORT", "80")`
    /// for an option of the command line.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn from_env_and(
        overrides: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        Self::load(environment().chain(overrides), Some(Path::new(DOTENV)))
    }

    /// Whether the environment is `production`, for what must be known before the rest is read.
    pub fn is_production_by_env() -> bool {
        let mut values = values_of_file(Path::new(DOTENV)).unwrap_or_default();
        for (name, value) in environment() {
            insert(&mut values, &name, value);
        }
        let mut reader = Reader { values, problems: Vec::new() };
        App::read(&mut reader).environment == Environment::Production
    }

    /// Reads the variables given over those of a `.env` file; of a repeated name the last one counts,
    /// and letter case does not matter. Names that are no setting are ignored, as is a file that does
    /// not exist.
    ///
    /// Outside production, keys that are not set are made up once and kept in `secrets.env` of the
    /// [data folder](Settings::data_folder).
    ///
    /// # Errors
    /// All values that cannot be read and all combinations that cannot work.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: Option<&Path>,
    ) -> Result<Self, SettingsError> {
        let mut values = match dotenv {
            Some(file) => values_of_file(file)?,
            None => HashMap::new(),
        };
        for (name, value) in variables {
            insert(&mut values, &name, value);
        }
        let mut reader = Reader { values, problems: Vec::new() };
        let given = GivenSecrets::read(&mut reader);
        let mut settings = Self {
            app: App::read(&mut reader),
            listen: Listen::read(&mut reader),
            database: Database::read(&mut reader),
            secrets: Secrets::none(),
            tokens: Tokens::read(&mut reader),
            cors: Cors::read(&mut reader),
            logging: Logging::read(&mut reader),
            files: Files::read(&mut reader),
            rate_limits: RateLimits::read(&mut reader),
            superadmin: Superadmin::read(&mut reader),
            api_keys: ApiKeys::read(&mut reader),
            security: Security::read(&mut reader),
            single_tenant: SingleTenant::read(&mut reader),
            audit: Audit::read(&mut reader),
            records: Records::read(&mut reader),
            webhooks: Webhooks::read(&mut reader),
            jobs: Jobs::read(&mut reader),
            scheduler: Scheduler::read(&mut reader),
            hooks: Hooks::read(&mut reader),
            endpoints: Endpoints::read(&mut reader),
            workflows: Workflows::read(&mut reader),
            realtime: Realtime::read(&mut reader),
            mail: Mail::read(&mut reader),
            outbound: Outbound::read(&mut reader),
        };
        // Slugs are looked up in lower case.
        settings.single_tenant.account = settings
            .single_tenant
            .account
            .map(|slug| slug.trim().to_lowercase())
            .filter(|slug| !slug.is_empty());
        let mut messages = reader.problems;
        messages.extend(settings.contradictions());
        if !messages.is_empty() {
            return Err(SettingsError { messages });
        }
        settings.secrets = if settings.is_production() {
            secrets::demanded(&given)?
        } else {
            let folder = match settings.database.url {
                DatabaseUrl::SqliteMemory => None,
                _ => Some(settings.data_folder()),
            };
            secrets::given_or_kept(&given, folder.as_deref())?
        };
        Ok(settings)
    }

    /// Whether the environment is `production`.
    pub fn is_production(&self) -> bool {
        self.app.environment == Environment::Production
    }

    /// Where the server keeps what it writes by itself: the folder of the SQLite file, else `./sb_data`.
    pub fn data_folder(&self) -> PathBuf {
        match &self.database.url {
            DatabaseUrl::SqliteFile(file) => match file.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
                _ => PathBuf::from("."),
            },
            DatabaseUrl::SqliteMemory | DatabaseUrl::Postgres(_) => PathBuf::from("sb_data"),
        }
    }

    fn contradictions(&self) -> Vec<String> {
        let mut messages = Vec::new();
        let workers = self.listen.workers.get();
        if workers > 1 && self.database.url.is_sqlite() {
            messages.push(format!(
                "SQLite does not support multiple worker processes. Requested {workers} workers, but SQLite requires workers=1. Either use --workers 1 or switch to PostgreSQL."
            ));
        }
        if self.single_tenant.enabled && self.single_tenant.account.is_none() {
            messages.push(
                "SNACKBASE_SINGLE_TENANT_ACCOUNT is required when SNACKBASE_SINGLE_TENANT_MODE=true"
                    .to_owned(),
            );
        }
        if self.single_tenant.enabled && self.single_tenant.account.as_deref() == Some("system") {
            messages.push(
                "SNACKBASE_SINGLE_TENANT_ACCOUNT must not be 'system': all who register would be superadmins"
                    .to_owned(),
            );
        }
        if self.is_production() && matches!(self.mail.transport, MailTransport::Console | MailTransport::File)
        {
            let transport = self.mail.transport;
            messages.push(format!(
                "SNACKBASE_MAIL_TRANSPORT={transport} shows the links of all mails: not in production"
            ));
        }
        let prefix = &self.app.api_prefix;
        if !prefix.starts_with('/') || prefix.ends_with('/') {
            messages.push("SNACKBASE_API_PREFIX must begin with a slash and not end with one".to_owned());
        }
        messages
    }
}

/// The file of variables in the working directory.
const DOTENV: &str = ".env";

/// The variables of the process.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
}

/// The values given, by name in capitals without the prefix, and what was wrong with those read.
struct Reader {
    values: HashMap<String, String>,
    problems: Vec<String>,
}

impl Reader {
    /// The value of a setting or its default; after a problem the default.
    fn read<T: Parse>(&mut self, name: &str, default: &str) -> T {
        if let Some(text) = self.values.get(name) {
            match T::parse(text) {
                Ok(value) => return value,
                Err(problem) => self.problems.push(format!("{PREFIX}{name}: {problem}")),
            }
        }
        T::parse(default).expect("a test reads every default")
    }
}

fn insert(values: &mut HashMap<String, String>, name: &str, value: String) {
    let name = name.to_ascii_uppercase();
    if let Some(name) = name.strip_prefix(PREFIX) {
        values.insert(name.to_owned(), value);
    }
}

fn values_of_file(file: &Path) -> Result<HashMap<String, String>, SettingsError> {
    let mut values = HashMap::new();
    if !file.exists() {
        return Ok(values);
    }
    let unreadable = |error| SettingsError::from(unreadable(file, &error));
    for entry in dotenvy::from_path_iter(file).map_err(unreadable)? {
        let (name, value) = entry.map_err(unreadable)?;
        insert(&mut values, &name, value);
    }
    Ok(values)
}

/// What is wrong with a file of variables, without the line itself: it may hold a secret.
fn unreadable(file: &Path, error: &dotenvy::Error) -> String {
    match error {
        dotenvy::Error::LineParse(_, position) => {
            format!("{}: a line cannot be read, at character {position}", file.display())
        }
        other => format!("{}: {other}", file.display()),
    }
}

#[cfg(test)]
mod tests;
