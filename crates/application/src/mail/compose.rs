//! What a message says, and which way it takes.

use serde_json::{Map, Value};
use snackbase_domain::configuration::EMAIL_PROVIDERS;
use snackbase_domain::mail::{EmailTemplate, locale_chain};
use snackbase_domain::{AccountId, MailId};

use super::sender::Sender;
use crate::AppError;
use crate::ports::{
    EmailTemplateQuery, MailRoute, OutgoingMail, Repositories, TemplateEngine, TemplateFault, TemplateTarget,
};

/// How the log calls a provider that could not be chosen.
const UNKNOWN: &str = "unknown";
const NO_PROVIDER: &str =
    "No enabled email provider configured. Add one for the account or for the system and enable it.";

/// Why an attempt failed.
#[derive(Debug)]
pub(super) struct Failed {
    pub provider: String,
    pub reason: String,
    /// Whether trying again is of no use.
    pub permanent: bool,
}

impl Failed {
    /// Another attempt may help.
    pub fn again(provider: &str, reason: impl Into<String>) -> Self {
        Self { provider: provider.to_owned(), reason: reason.into(), permanent: false }
    }

    /// Another attempt will not help.
    pub fn for_good(provider: &str, reason: impl Into<String>) -> Self {
        Self { permanent: true, ..Self::again(provider, reason) }
    }
}

/// The parts of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// In one line.
    pub subject: String,
    pub html_body: String,
    pub text_body: String,
}

/// Fills the three parts of a template.
pub(super) fn render(
    engine: &dyn TemplateEngine,
    subject: &str,
    html_body: &str,
    text_body: &str,
    variables: &Map<String, Value>,
) -> Result<Rendered, TemplateFault> {
    Ok(Rendered {
        subject: in_one_line(&engine.render(subject, variables, TemplateTarget::Text)?),
        html_body: engine.render(html_body, variables, TemplateTarget::Html)?,
        text_body: engine.render(text_body, variables, TemplateTarget::Text)?,
    })
}

/// A blank for each line break, and for each other control character.
pub(super) fn in_one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace("\r\n", "\n").replace(breaks, " ")
}

/// The enabled template of a type in exactly this locale: the account's, else the
/// system's.
pub(super) async fn template_in(
    store: &dyn Repositories,
    account: AccountId,
    template_type: &str,
    locale: &str,
) -> Result<Option<EmailTemplate>, AppError> {
    let query = EmailTemplateQuery {
        account_id: Some(account),
        template_type: Some(template_type.to_owned()),
        locale: Some(locale.to_owned()),
        enabled: Some(true),
    };
    let own = store.email_templates().list(&query).await?.pop();
    if own.is_some() || account.is_system() {
        return Ok(own);
    }
    let query = EmailTemplateQuery { account_id: Some(AccountId::SYSTEM), ..query };
    Ok(store.email_templates().list(&query).await?.pop())
}

impl Sender {
    /// The way that mail of an account takes: by its first provider, by the one
    /// that is named, or locally.
    pub async fn choose(
        &self,
        store: &dyn Repositories,
        account: AccountId,
        provider: Option<&str>,
    ) -> Result<MailRoute, Failed> {
        let found = match provider {
            Some(name) => self.configurations.provider_in(store, account, EMAIL_PROVIDERS, name).await,
            None => {
                let all = self.configurations.enabled_in(store, account, EMAIL_PROVIDERS).await;
                all.map(|all| all.into_iter().next())
            }
        };
        match found {
            Ok(Some(settings)) => Ok(MailRoute::Provider(settings)),
            Ok(None) if provider.is_none() && self.mailer.local().is_some() => Ok(MailRoute::Local),
            Ok(None) => Err(Failed::again(UNKNOWN, NO_PROVIDER)),
            Err(error) => Err(Failed::again(UNKNOWN, error.to_string())),
        }
    }

    /// How the log calls a way.
    pub fn name_of(&self, route: &MailRoute) -> String {
        match route {
            MailRoute::Provider(settings) => settings.provider_name.clone(),
            MailRoute::Local => self.mailer.local().unwrap_or(UNKNOWN).to_owned(),
        }
    }

    /// The template for a mail, in the wanted locale or the closest one.
    pub async fn template_for(
        &self,
        store: &dyn Repositories,
        account: AccountId,
        template_type: &str,
        locale: &str,
    ) -> Result<Option<EmailTemplate>, AppError> {
        for locale in locale_chain(locale) {
            if let Some(template) = template_in(store, account, template_type, &locale).await? {
                return Ok(Some(template));
            }
        }
        Ok(None)
    }

    /// The variables of a message on top of those that every message has.
    pub async fn with_settings(
        &self,
        store: &dyn Repositories,
        account: AccountId,
        variables: &Map<String, Value>,
    ) -> Result<Map<String, Value>, AppError> {
        let settings = self.configurations.system_settings(store, account).await?;
        let mut all = Map::new();
        all.insert("app_name".to_owned(), settings.app_name.into());
        all.insert("app_url".to_owned(), settings.app_url.into());
        all.insert("support_email".to_owned(), settings.support_email.into());
        all.extend(variables.clone());
        Ok(all)
    }

    /// The message that a template makes.
    pub fn fill(
        &self,
        id: MailId,
        recipient: &str,
        template: &EmailTemplate,
        variables: &Map<String, Value>,
    ) -> Result<OutgoingMail, TemplateFault> {
        let EmailTemplate { subject, html_body, text_body, .. } = template;
        let rendered = render(&*self.engine, subject, html_body, text_body, variables)?;
        Ok(OutgoingMail {
            id,
            date: self.clock.now(),
            to: recipient.to_owned(),
            subject: rendered.subject,
            html_body: rendered.html_body,
            text_body: rendered.text_body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_has_one_line() {
        assert_eq!(in_one_line("a\r\nBcc: x\ny\rz\tq\u{2028}u\0"), "a Bcc: x y z q u ");
        assert_eq!(in_one_line("Grüße"), "Grüße");
    }
}
