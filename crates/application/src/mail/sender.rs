//! One attempt to hand a message over, and what follows from its outcome.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Map, Value};
use snackbase_domain::mail::{EmailLog, EmailStatus, QueuedMail, without_secrets, without_token};
use snackbase_domain::{AccountId, EmailLogId, MailId};
use tokio::sync::Notify;

use super::compose::Failed;
use super::{OnFailure, place_of};
use crate::configuration::Configurations;
use crate::ports::{
    Clock, IdGenerator, MailClaim, MailRoute, Mailer, OutgoingMail, SecretBox, Storage, StoreError,
    TemplateEngine,
};
use crate::{AppError, tx};

/// How long an attempt may take.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(60);
/// How long a message is held for an attempt. When it is over, whoever held it
/// is taken for dead, so it is well above [`ATTEMPT_LIMIT`].
const LEASE: TimeDelta = TimeDelta::seconds(180);
/// Seconds before the second, third, … attempt. In all they take three quarters
/// of an hour: the links in most mails live for one.
const PAUSES: [i64; 4] = [30, 120, 600, 1800];

/// Makes attempts.
pub(super) struct Sender {
    pub storage: Arc<dyn Storage>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdGenerator>,
    pub secrets: Arc<dyn SecretBox>,
    pub configurations: Arc<Configurations>,
    pub engine: Arc<dyn TemplateEngine>,
    pub mailer: Arc<dyn Mailer>,
    /// Told after each attempt.
    pub finished: Notify,
}

impl Sender {
    fn new_claim(&self) -> MailClaim {
        let now = self.clock.now();
        MailClaim { now, until: now + LEASE, lease: self.ids.new_id().to_string() }
    }

    /// Takes a message, unless somebody has it or it is gone.
    pub async fn claim(&self, id: MailId) -> Result<Option<QueuedMail>, AppError> {
        let work = self.storage.begin().await?;
        let outcome = work.repositories().mail_outbox().claim(id, &self.new_claim()).await;
        tx::finish(work, outcome.map_err(AppError::from)).await
    }

    /// Takes a message that is due, of any account but these.
    pub async fn claim_due(&self, except: &[AccountId]) -> Result<Option<QueuedMail>, AppError> {
        let work = self.storage.begin().await?;
        let outcome = work.repositories().mail_outbox().claim_due(&self.new_claim(), 1, except).await;
        Ok(tx::finish(work, outcome.map_err(AppError::from)).await?.pop())
    }

    /// Tries to hand over a message that was taken. Answers whether it worked.
    pub async fn attempt(&self, mail: QueuedMail, on_failure: OnFailure) -> Result<bool, AppError> {
        let opened = self.secrets.open(&mail.payload, &place_of(mail.id));
        let variables = opened.ok().and_then(|text| serde_json::from_str::<Map<String, Value>>(&text).ok());
        let (sent, variables) = match variables {
            Some(variables) => (self.send(&mail, &variables).await, Some(variables)),
            None => (Err(Failed::for_good("unknown", "The message cannot be decrypted.")), None),
        };
        let outcome = self.settle(&mail, &sent, variables.as_ref(), on_failure).await;
        self.finished.notify_waiters();
        outcome?;
        Ok(sent.is_ok())
    }

    async fn send(&self, mail: &QueuedMail, variables: &Map<String, Value>) -> Result<String, Failed> {
        let store = self.storage.read();
        let route = self.choose(store, mail.account_id, None).await?;
        let provider = self.name_of(&route);
        let template = self.template_for(store, mail.account_id, &mail.template_type, &mail.locale).await;
        let template = match template {
            Ok(Some(template)) => template,
            Ok(None) => {
                let missing = format!("Email template not found: {}", mail.template_type);
                return Err(Failed::again(&provider, missing));
            }
            Err(error) => return Err(Failed::again(&provider, error.to_string())),
        };
        let all = self.with_settings(store, mail.account_id, variables).await;
        let all = all.map_err(|error| Failed::again(&provider, error.to_string()))?;
        let outgoing = self.fill(mail.id, &mail.recipient, &template, &all);
        let outgoing = outgoing
            .map_err(|fault| Failed::again(&provider, format!("Template rendering failed: {fault}")))?;
        self.hand_over(&route, &outgoing).await
    }

    /// Hands a message over within bounds of time; answers the provider.
    pub async fn hand_over(&self, route: &MailRoute, mail: &OutgoingMail) -> Result<String, Failed> {
        let provider = self.name_of(route);
        match tokio::time::timeout(ATTEMPT_LIMIT, self.mailer.send(route, mail)).await {
            Ok(Ok(())) => Ok(provider),
            Ok(Err(fault)) if fault.permanent => Err(Failed::for_good(&provider, fault.reason)),
            Ok(Err(fault)) => Err(Failed::again(&provider, fault.reason)),
            Err(_) => Err(Failed::again(&provider, "The mail server took too long.")),
        }
    }

    /// Records an attempt, and removes the message or lets go of it until later.
    async fn settle(
        &self,
        mail: &QueuedMail,
        sent: &Result<String, Failed>,
        variables: Option<&Map<String, Value>>,
        on_failure: OnFailure,
    ) -> Result<(), AppError> {
        let log = self.log_of(mail.account_id, &mail.template_type, &mail.recipient, sent, variables);
        let log = EmailLog { mail_id: Some(mail.id), ..log };
        let lease = mail.lease.as_deref().unwrap_or_default();
        let again = match sent {
            Err(failed) if !failed.permanent && on_failure == OnFailure::Retry => self.pause_after(mail),
            _ => None,
        };
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            match again {
                Some(pause) => store.mail_outbox().retry_at(mail.id, lease, log.sent_at + pause).await?,
                None => store.mail_outbox().finish(mail.id, lease).await?,
            };
            store.email_logs().insert(&log).await
        }
        .await;
        match tx::finish(work, outcome.map_err(AppError::from)).await {
            // The account was deleted, and the message with it.
            Err(AppError::Store(StoreError::ForeignKey)) => Ok(()),
            other => other,
        }
    }

    /// What the log keeps of an attempt.
    pub fn log_of(
        &self,
        account_id: AccountId,
        template_type: &str,
        recipient: &str,
        sent: &Result<String, Failed>,
        variables: Option<&Map<String, Value>>,
    ) -> EmailLog {
        let hide = |text: &str| variables.map_or_else(|| text.to_owned(), |known| without_token(text, known));
        let (provider, error) = match sent {
            Ok(provider) => (provider.clone(), None),
            Err(failed) => (failed.provider.clone(), Some(hide(&failed.reason))),
        };
        if let Some(error) = &error {
            tracing::warn!(account = %account_id, template_type, provider, error, "a mail was not sent");
        }
        EmailLog {
            id: EmailLogId::new(self.ids.new_id()),
            account_id,
            mail_id: None,
            template_type: template_type.to_owned(),
            recipient: recipient.to_owned(),
            provider,
            status: if error.is_none() { EmailStatus::Sent } else { EmailStatus::Failed },
            error,
            variables: variables.map(without_secrets),
            sent_at: self.clock.now(),
        }
    }

    /// How long to wait after another failure; `None` when it was the last
    /// attempt. A fifth more or less, so that many do not come back at once.
    fn pause_after(&self, mail: &QueuedMail) -> Option<TimeDelta> {
        let failed = usize::try_from(mail.attempts).ok()?.checked_sub(1)?;
        let seconds = PAUSES.get(failed)?;
        let random = self.ids.new_id().into_bytes()[0];
        let per_mille = 800 + i64::from(random) * 400 / 255;
        Some(TimeDelta::milliseconds(seconds * per_mille))
    }
}
