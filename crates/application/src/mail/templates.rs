//! Use cases: templates, for superadmins.

use serde_json::{Map, Value};
use snackbase_domain::email::Email;
use snackbase_domain::mail::EmailTemplate;
use snackbase_domain::{AccountId, EmailTemplateId, MailId};

use super::Mail;
use super::compose::{self, Rendered};
use crate::ports::{EmailTemplateQuery, Repositories, StoreError, TemplateFault};
use crate::{AppError, Kind, Principal, tx};

/// Which templates to list, as the request names them; what is `None` does not
/// matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateFilter {
    pub account: Option<String>,
    pub template_type: Option<String>,
    pub locale: Option<String>,
    pub enabled: Option<bool>,
}

/// A template to be made.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    /// As the request names it; the system account without.
    pub account: Option<String>,
    pub template_type: String,
    pub locale: String,
    pub subject: String,
    pub html_body: String,
    pub text_body: String,
    pub enabled: bool,
}

/// What to change of a template; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TemplateChanges {
    pub subject: Option<String>,
    pub html_body: Option<String>,
    pub text_body: Option<String>,
    pub enabled: Option<bool>,
}

/// A template to be shown with variables; given parts replace the stored ones.
#[derive(Clone, Debug)]
pub struct RenderRequest {
    pub template_type: String,
    pub locale: String,
    pub account: Option<String>,
    pub variables: Map<String, Value>,
    pub subject: Option<String>,
    pub html_body: Option<String>,
    pub text_body: Option<String>,
}

/// A template to be sent.
#[derive(Clone, Debug)]
pub struct TestMail {
    pub recipient: Email,
    pub variables: Map<String, Value>,
    /// Name of the provider; the one that would be chosen without.
    pub provider: Option<String>,
}

impl Mail {
    /// Templates by account, type and locale.
    pub async fn templates(&self, filter: TemplateFilter) -> Result<Vec<EmailTemplate>, AppError> {
        let account_id = match filter.account.map(|account| account.parse::<AccountId>()) {
            Some(Err(_)) => return Ok(Vec::new()),
            Some(Ok(id)) => Some(id),
            None => None,
        };
        let TemplateFilter { template_type, locale, enabled, .. } = filter;
        let query = EmailTemplateQuery { account_id, template_type, locale, enabled };
        Ok(self.storage.read().email_templates().list(&query).await?)
    }

    /// One template.
    pub async fn template(&self, id: &str) -> Result<EmailTemplate, AppError> {
        let found = match id.parse() {
            Ok(id) => self.storage.read().email_templates().find(id).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| not_found(id))
    }

    /// Makes a template for an account, or for all.
    pub async fn create_template(&self, by: &Principal, new: NewTemplate) -> Result<EmailTemplate, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let account_id = account_of(store, new.account.as_deref()).await?;
            let now = self.clock.now();
            let template = EmailTemplate {
                id: EmailTemplateId::new(self.ids.new_id()),
                account_id,
                template_type: new.template_type,
                locale: new.locale,
                subject: new.subject,
                html_body: new.html_body,
                text_body: new.text_body,
                enabled: new.enabled,
                is_builtin: false,
                created_at: now,
                updated_at: now,
            };
            store.email_templates().insert(&template).await.map_err(|error| match error {
                StoreError::Conflict { .. } => {
                    AppError::conflict("Email template already exists for this account, type and locale")
                }
                other => other.into(),
            })?;
            Ok(template)
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Changes what a template says, or switches it.
    pub async fn update_template(
        &self,
        by: &Principal,
        id: &str,
        changes: TemplateChanges,
    ) -> Result<EmailTemplate, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let mut template = locked(store, id).await?;
            template.subject = changes.subject.unwrap_or(template.subject);
            template.html_body = changes.html_body.unwrap_or(template.html_body);
            template.text_body = changes.text_body.unwrap_or(template.text_body);
            template.enabled = changes.enabled.unwrap_or(template.enabled);
            template.updated_at = self.clock.now();
            store.email_templates().update(&template).await?;
            Ok(template)
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Deletes a template that is not built in.
    pub async fn delete_template(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let template = locked(store, id).await?;
            if template.is_builtin {
                return Err(AppError::detail(Kind::Invalid, "Cannot delete builtin email templates"));
            }
            store.email_templates().delete(template.id).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Shows what a template makes of variables; nothing is added to these.
    pub async fn render_template(&self, request: RenderRequest) -> Result<Rendered, AppError> {
        let account = match request.account.as_deref() {
            None => AccountId::SYSTEM,
            // One that does not exist has no templates: the system's hold.
            Some(account) => account.parse().unwrap_or(AccountId::SYSTEM),
        };
        let store = self.storage.read();
        let found = compose::template_in(store, account, &request.template_type, &request.locale).await?;
        let stored = found.ok_or_else(|| {
            let RenderRequest { template_type, locale, .. } = &request;
            AppError::not_found(format!("Email template not found: {template_type} (locale: {locale})"))
        })?;
        let part = |given: Option<String>, stored: String| given.unwrap_or(stored);
        let subject = part(request.subject, stored.subject);
        let html_body = part(request.html_body, stored.html_body);
        let text_body = part(request.text_body, stored.text_body);
        let rendered = compose::render(&*self.engine, &subject, &html_body, &text_body, &request.variables);
        rendered.map_err(does_not_render)
    }

    /// Sends a template as a mail, once; answers the template. Whether it is
    /// enabled does not matter.
    pub async fn send_test(&self, id: &str, test: TestMail) -> Result<EmailTemplate, AppError> {
        let template = self.template(id).await?;
        let (account, recipient) = (template.account_id, test.recipient.as_str());
        let store = self.storage.read();
        let all = self.sender.with_settings(store, account, &test.variables).await?;
        let mail = self.sender.fill(MailId::new(self.ids.new_id()), recipient, &template, &all);
        let mail = mail.map_err(does_not_render)?;
        let sent = self
            .send_once(account, &template.template_type, &mail, test.provider.as_deref(), &test.variables)
            .await?;
        match sent {
            Ok(_) => Ok(template),
            Err(_) => Err(AppError::detail(Kind::Failed, "Failed to send test email")),
        }
    }
}

fn not_found(id: &str) -> AppError {
    AppError::not_found(format!("Email template not found: {id}"))
}

fn does_not_render(fault: TemplateFault) -> AppError {
    AppError::unprocessable(format!("Template rendering failed: {fault}"))
}

/// The template of an id as it came, kept for this unit of work.
async fn locked(store: &dyn Repositories, id: &str) -> Result<EmailTemplate, AppError> {
    let found = match id.parse() {
        Ok(parsed) => store.email_templates().lock(parsed).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| not_found(id))
}

/// The account of an id as it came; the system account without.
async fn account_of(store: &dyn Repositories, id: Option<&str>) -> Result<AccountId, AppError> {
    let account = match id.map(str::parse::<AccountId>) {
        None => return Ok(AccountId::SYSTEM),
        Some(Ok(id)) => store.accounts().find(id).await?,
        Some(Err(_)) => None,
    };
    account.map(|account| account.id).ok_or_else(|| AppError::not_found("Account not found"))
}
