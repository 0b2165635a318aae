//! Ports: mail templates, the outbox, the log, and who sends.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use snackbase_domain::mail::{EmailLog, EmailStatus, EmailTemplate, QueuedMail};
use snackbase_domain::{AccountId, EmailLogId, EmailTemplateId, MailId};

use super::StoreError;
use crate::configuration::ProviderSettings;

/// Which templates to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmailTemplateQuery {
    pub account_id: Option<AccountId>,
    pub template_type: Option<String>,
    pub locale: Option<String>,
    pub enabled: Option<bool>,
}

/// The mail templates.
#[async_trait]
pub trait EmailTemplateRepository: Send + Sync {
    async fn find(&self, id: EmailTemplateId) -> Result<Option<EmailTemplate>, StoreError>;
    /// As `find`, and nobody else changes it until the unit of work ends.
    async fn lock(&self, id: EmailTemplateId) -> Result<Option<EmailTemplate>, StoreError>;
    /// By account, type and locale.
    async fn list(&self, query: &EmailTemplateQuery) -> Result<Vec<EmailTemplate>, StoreError>;
    /// `Conflict` when the account has one for type and locale; `ForeignKey`
    /// when there is no such account.
    async fn insert(&self, template: &EmailTemplate) -> Result<(), StoreError>;
    /// Stores subject, both bodies, `enabled` and `updated_at`.
    async fn update(&self, template: &EmailTemplate) -> Result<(), StoreError>;
    /// Whether it was there.
    async fn delete(&self, id: EmailTemplateId) -> Result<bool, StoreError>;
}

/// Which attempts to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmailLogQuery {
    pub status: Option<EmailStatus>,
    pub template_type: Option<String>,
    /// Not before this.
    pub from: Option<DateTime<Utc>>,
    /// Not after this.
    pub until: Option<DateTime<Utc>>,
    pub skip: u64,
    pub limit: u64,
}

/// A part of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct EmailLogPage {
    pub items: Vec<EmailLog>,
    /// How many match in all.
    pub total: u64,
}

/// The log of attempts to send mail.
#[async_trait]
pub trait EmailLogRepository: Send + Sync {
    /// `ForeignKey` when there is no such account.
    async fn insert(&self, log: &EmailLog) -> Result<(), StoreError>;
    async fn find(&self, id: EmailLogId) -> Result<Option<EmailLog>, StoreError>;
    /// Newest first.
    async fn page(&self, query: &EmailLogQuery) -> Result<EmailLogPage, StoreError>;
    /// How the last attempt with a message of the outbox ended.
    async fn last_of(&self, mail: MailId) -> Result<Option<EmailStatus>, StoreError>;
}

/// A claim to messages: who holds it tries to send them until it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailClaim {
    pub now: DateTime<Utc>,
    pub until: DateTime<Utc>,
    /// A word that nobody else has.
    pub lease: String,
}

/// Messages that wait to be sent.
#[async_trait]
pub trait MailOutbox: Send + Sync {
    /// `ForeignKey` when there is no such account.
    async fn insert(&self, mail: &QueuedMail) -> Result<(), StoreError>;
    async fn find(&self, id: MailId) -> Result<Option<QueuedMail>, StoreError>;
    /// Claims up to `limit` messages that are due and that nobody holds, the
    /// longest due first, but none of the accounts in `except`. Each counts one
    /// attempt more. Others never get the same ones. Within a unit of work.
    async fn claim_due(
        &self,
        claim: &MailClaim,
        limit: u64,
        except: &[AccountId],
    ) -> Result<Vec<QueuedMail>, StoreError>;
    /// Claims one message, due or not, unless somebody holds it. Within a unit of
    /// work.
    async fn claim(&self, id: MailId, claim: &MailClaim) -> Result<Option<QueuedMail>, StoreError>;
    /// Lets go of a message that is held under this lease, to be tried again.
    /// Whether it was.
    async fn retry_at(&self, id: MailId, lease: &str, due_at: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Removes a message that is held under this lease. Whether it was.
    async fn finish(&self, id: MailId, lease: &str) -> Result<bool, StoreError>;
    /// Removes a message that nobody holds. Whether there was one.
    async fn withdraw(&self, id: MailId, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// When the next message can be claimed; `None` when none waits.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError>;
}

/// Why a template does not render. Worded for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TemplateFault(pub String);

/// What a rendered text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateTarget {
    /// Values are escaped.
    Html,
    /// Values stand as they are.
    Text,
}

/// Fills templates.
pub trait TemplateEngine: Send + Sync {
    /// Renders a template. Names that are unknown are empty. Time and size are
    /// bounded.
    fn render(
        &self,
        template: &str,
        variables: &Map<String, Value>,
        target: TemplateTarget,
    ) -> Result<String, TemplateFault>;
}

/// A message ready to be sent. Texts may hold line breaks only in the bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Part of its `Message-ID`: the same for each attempt.
    pub id: MailId,
    pub date: DateTime<Utc>,
    pub to: String,
    pub subject: String,
    pub html_body: String,
    pub text_body: String,
}

/// The way that a message takes.
#[derive(Clone, Debug, PartialEq)]
pub enum MailRoute {
    /// By a provider with these settings.
    Provider(ProviderSettings),
    /// Not out at all: to where who develops finds it.
    Local,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct MailFault {
    /// For people, without secrets.
    pub reason: String,
    /// Whether trying again is of no use.
    pub permanent: bool,
}

/// Sends messages.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// The name of the local route, when there is one.
    fn local(&self) -> Option<&'static str>;
    /// Hands a message over. Takes at most a minute.
    async fn send(&self, route: &MailRoute, mail: &OutgoingMail) -> Result<(), MailFault>;
}
