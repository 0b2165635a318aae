//! Mail: messages are put into an outbox within the unit of work that needs
//! them, and handed over after its commit; superadmins manage templates and see
//! what became of messages.

mod compose;
mod logs;
mod now;
mod queue;
mod seed;
mod sender;
mod templates;

use std::sync::Arc;

use serde_json::{Map, Value};
use snackbase_domain::email::Email;
use snackbase_domain::{AccountId, MailId};
use tokio::sync::{Notify, watch};

pub use compose::Rendered;
pub use logs::EmailLogFilter;
pub use now::MailContent;
pub use templates::{NewTemplate, RenderRequest, TemplateChanges, TemplateFilter, TestMail};

use crate::configuration::Configurations;
use crate::ports::{Clock, IdGenerator, Mailer, SecretBox, Storage, TemplateEngine};
use sender::Sender;

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Whose provider, template and settings are used; the system's where it has
    /// none.
    pub account_id: AccountId,
    /// Which template, e.g. [`snackbase_domain::mail::PASSWORD_RESET`].
    pub template_type: String,
    /// The wanted language, e.g. `fr-CA`.
    pub locale: String,
    pub recipient: Email,
    /// What the template is filled with, besides the name, address and contact of
    /// the installation. A secret goes under `token` or within an `…_url`.
    pub variables: Map<String, Value>,
}

/// What becomes of a message that could not be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// It is dropped: whoever waits tells of the failure.
    GiveUp,
    /// It is tried again later.
    Retry,
}

/// The use cases about mail.
pub struct Mail {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    secrets: Arc<dyn SecretBox>,
    configurations: Arc<Configurations>,
    engine: Arc<dyn TemplateEngine>,
    sender: Arc<Sender>,
    /// There may be something to send.
    work: Notify,
    stopping: watch::Sender<bool>,
}

impl Mail {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        secrets: Arc<dyn SecretBox>,
        configurations: Arc<Configurations>,
        engine: Arc<dyn TemplateEngine>,
        mailer: Arc<dyn Mailer>,
    ) -> Self {
        let sender = Arc::new(Sender {
            storage: storage.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            secrets: secrets.clone(),
            configurations: configurations.clone(),
            engine: engine.clone(),
            mailer,
            finished: Notify::new(),
        });
        let (stopping, _) = watch::channel(false);
        Self { storage, clock, ids, secrets, configurations, engine, sender, work: Notify::new(), stopping }
    }
}

/// The place that the variables of a message are bound to when they are sealed.
fn place_of(id: MailId) -> String {
    format!("mail_outbox/{id}/payload")
}
