//! Mail: templates, messages that wait to be sent, and the log of attempts.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{AccountId, EmailLogId, EmailTemplateId, MailId};

/// Template of the mail that asks to confirm an address.
pub const EMAIL_VERIFICATION: &str = "email_verification";
/// Template of the mail with a link to set a new password.
pub const PASSWORD_RESET: &str = "password_reset";
/// Template of the mail that invites into an account.
pub const INVITATION: &str = "invitation";

/// The locale that is tried last.
pub const DEFAULT_LOCALE: &str = "en";

/// Stands in the log for what must not be known.
const HIDDEN: &str = "***";

/// What a mail of a type says in a locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailTemplate {
    pub id: EmailTemplateId,
    /// The account that it holds for; that of the system holds for all.
    pub account_id: AccountId,
    /// E.g. [`INVITATION`]; any other word too.
    pub template_type: String,
    /// A language tag (BCP 47), e.g. `fr-CA`.
    pub locale: String,
    pub subject: String,
    pub html_body: String,
    pub text_body: String,
    pub enabled: bool,
    pub is_builtin: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A message that waits to be sent, or to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMail {
    pub id: MailId,
    pub account_id: AccountId,
    pub template_type: String,
    pub locale: String,
    /// Address of the recipient.
    pub recipient: String,
    /// What the template is filled with; encrypted, since it holds live tokens.
    pub payload: String,
    /// Attempts that were begun.
    pub attempts: u32,
    /// When it is to be tried next.
    pub due_at: DateTime<Utc>,
    /// Until when somebody is trying, who knows `lease`.
    pub leased_until: Option<DateTime<Utc>>,
    pub lease: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailStatus {
    /// A server took the message.
    Sent,
    Failed,
}

impl EmailStatus {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Sent, Self::Failed].into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for EmailStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An attempt to send a message.
#[derive(Clone, Debug, PartialEq)]
pub struct EmailLog {
    pub id: EmailLogId,
    pub account_id: AccountId,
    /// The message of the outbox; tests of templates have none.
    pub mail_id: Option<MailId>,
    pub template_type: String,
    pub recipient: String,
    /// The kind of provider, `unknown` when none could be chosen.
    pub provider: String,
    pub status: EmailStatus,
    /// Why it failed, without secrets.
    pub error: Option<String>,
    /// What the template was filled with, without secrets: see [`without_secrets`].
    pub variables: Option<Map<String, Value>>,
    pub sent_at: DateTime<Utc>,
}

/// Variables as the log keeps them: `***` in place of `token`, of it wherever it
/// occurs in another text, and of the parameter `token` of every `…_url`.
pub fn without_secrets(variables: &Map<String, Value>) -> Map<String, Value> {
    let token = variables.get("token").and_then(Value::as_str).filter(|token| !token.is_empty());
    let hide = |(name, value): (&String, &Value)| {
        let shown = match value {
            Value::String(_) if name == "token" => HIDDEN.into(),
            Value::String(text) => {
                let mut text = text.clone();
                if let Some(token) = token {
                    text = text.replace(token, HIDDEN);
                }
                if name.ends_with("_url") {
                    text = without_token_parameter(&text);
                }
                text.into()
            }
            other if name == "token" && !other.is_null() => HIDDEN.into(),
            other => other.clone(),
        };
        (name.clone(), shown)
    };
    variables.iter().map(hide).collect()
}

/// The text with `***` in place of each occurrence of the token in `variables`.
pub fn without_token(text: &str, variables: &Map<String, Value>) -> String {
    match variables.get("token").and_then(Value::as_str) {
        Some(token) if !token.is_empty() => text.replace(token, HIDDEN),
        _ => text.to_owned(),
    }
}

fn without_token_parameter(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let (query, fragment) = match query.split_once('#') {
        Some((query, fragment)) => (query, Some(fragment)),
        None => (query, None),
    };
    let parameter = |parameter: &str| match parameter.split_once('=') {
        Some(("token", _)) => format!("token={HIDDEN}"),
        _ => parameter.to_owned(),
    };
    let query = query.split('&').map(parameter).collect::<Vec<_>>().join("&");
    match fragment {
        Some(fragment) => format!("{before}?{query}#{fragment}"),
        None => format!("{before}?{query}"),
    }
}

/// The locales to look for a template in, the closest first: `fr-CA`, `fr`, and
/// [`DEFAULT_LOCALE`] (RFC 4647, lookup).
pub fn locale_chain(locale: &str) -> Vec<String> {
    let mut chain = Vec::new();
    let mut rest = locale.trim().replace('_', "-");
    while !rest.is_empty() {
        chain.push(rest.clone());
        rest.truncate(rest.rfind('-').unwrap_or(0));
    }
    if !chain.iter().any(|known| known == DEFAULT_LOCALE) {
        chain.push(DEFAULT_LOCALE.to_owned());
    }
    chain
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_log_does_not_keep_tokens() {
        let sent = json!({
            "token": "s3cret-t0ken",
            "reset_url": "https://app.example/reset-password?lang=de&token=s3cret-t0ken#top",
            "other_url": "https://app.example/x?token=another&y=1",
            "note": "use s3cret-t0ken, please",
            "email": "ann@example.org",
            "app_url": "https://app.example",
            "count": 3,
        });
        let kept = Value::Object(without_secrets(sent.as_object().unwrap()));
        let expected = json!({
            "token": "***",
            "reset_url": "https://app.example/reset-password?lang=de&token=***#top",
            "other_url": "https://app.example/x?token=***&y=1",
            "note": "use ***, please",
            "email": "ann@example.org",
            "app_url": "https://app.example",
            "count": 3,
        });
        assert_eq!(kept, expected);
        let number = json!({ "token": 12 });
        assert_eq!(without_secrets(number.as_object().unwrap())["token"], "***");
        let empty = json!({ "token": "", "note": "stays" });
        assert_eq!(without_secrets(empty.as_object().unwrap())["note"], "stays");
        assert_eq!(without_token("550 no s3cret-t0ken here", sent.as_object().unwrap()), "550 no *** here");
    }

    #[test]
    fn locales_fall_back_to_the_language_and_then_to_english() {
        assert_eq!(locale_chain("fr-CA"), ["fr-CA", "fr", "en"]);
        assert_eq!(locale_chain("zh_Hant_TW"), ["zh-Hant-TW", "zh-Hant", "zh", "en"]);
        assert_eq!(locale_chain("en-GB"), ["en-GB", "en"]);
        assert_eq!(locale_chain("en"), ["en"]);
        assert_eq!(locale_chain(""), ["en"]);
    }
}
