//! Mail that is sent at once and once: for callers that repeat by themselves.

use serde_json::{Map, Value};
use snackbase_domain::email::Email;
use snackbase_domain::mail::{DEFAULT_LOCALE, EmailTemplate};
use snackbase_domain::{AccountId, EmailTemplateId, MailId};

use super::Mail;
use super::compose::{Failed, in_one_line};
use crate::ports::{OutgoingMail, Repositories};
use crate::{AppError, tx};

/// How the log calls mail without a template.
const MESSAGE: &str = "message";

/// What a mail says.
#[derive(Clone, Debug)]
pub enum MailContent {
    /// A template, by its id or its type: the account's own, else the system's.
    Template { name: String, variables: Map<String, Value> },
    /// These texts as they are.
    Written { subject: String, html_body: String, text_body: String },
}

impl Mail {
    /// Sends a mail of an account now, outside of any unit of work. What went wrong
    /// is told as a sentence without secrets; nothing is tried again.
    pub async fn send_now(
        &self,
        account: AccountId,
        recipient: &Email,
        content: MailContent,
    ) -> Result<Result<(), String>, AppError> {
        let store = self.storage.read();
        let id = MailId::new(self.ids.new_id());
        let (template_type, mail, variables) = match content {
            MailContent::Template { name, variables } => {
                let Some(template) = self.named_template(store, account, &name).await? else {
                    return Ok(Err(format!("Email template not found: {name}")));
                };
                let all = self.sender.with_settings(store, account, &variables).await?;
                match self.sender.fill(id, recipient.as_str(), &template, &all) {
                    Ok(mail) => (template.template_type, mail, variables),
                    Err(fault) => return Ok(Err(format!("Template rendering failed: {fault}"))),
                }
            }
            MailContent::Written { subject, html_body, text_body } => {
                let (to, subject) = (recipient.as_str().to_owned(), in_one_line(&subject));
                let date = self.clock.now();
                (MESSAGE.to_owned(), OutgoingMail { id, date, to, subject, html_body, text_body }, Map::new())
            }
        };
        let sent = self.send_once(account, &template_type, &mail, None, &variables).await?;
        Ok(sent.map(|_| ()).map_err(|failed| failed.reason))
    }

    /// Hands a message over and records how it went; answers the provider.
    pub(super) async fn send_once(
        &self,
        account: AccountId,
        template_type: &str,
        mail: &OutgoingMail,
        provider: Option<&str>,
        variables: &Map<String, Value>,
    ) -> Result<Result<String, Failed>, AppError> {
        let sent = match self.sender.choose(self.storage.read(), account, provider).await {
            Ok(route) => self.sender.hand_over(&route, mail).await,
            Err(failed) => Err(failed),
        };
        let log = self.sender.log_of(account, template_type, &mail.to, &sent, Some(variables));
        let work = self.storage.begin().await?;
        let outcome = work.repositories().email_logs().insert(&log).await;
        tx::finish(work, outcome.map_err(AppError::from)).await?;
        Ok(sent)
    }

    /// The enabled template of an id, of the account or the system, or of a type.
    async fn named_template(
        &self,
        store: &dyn Repositories,
        account: AccountId,
        name: &str,
    ) -> Result<Option<EmailTemplate>, AppError> {
        let Ok(id) = name.parse::<EmailTemplateId>() else {
            return self.sender.template_for(store, account, name, DEFAULT_LOCALE).await;
        };
        let found = store.email_templates().find(id).await?;
        let within = |template: &EmailTemplate| {
            template.enabled && (template.account_id == account || template.account_id.is_system())
        };
        Ok(found.filter(within))
    }
}
