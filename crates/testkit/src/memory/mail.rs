//! Mail: templates, the outbox and the log.

use std::cmp::Reverse;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{
    EmailLogPage, EmailLogQuery, EmailLogRepository, EmailTemplateQuery, EmailTemplateRepository, MailClaim,
    MailOutbox, StoreError,
};
use snackbase_domain::mail::{EmailLog, EmailStatus, EmailTemplate, QueuedMail};
use snackbase_domain::{AccountId, EmailLogId, EmailTemplateId, MailId};

use super::Memory;
use super::state::{State, conflict, cut};

fn check_account(state: &State, id: AccountId) -> Result<(), StoreError> {
    if state.accounts.contains_key(&id) { Ok(()) } else { Err(StoreError::ForeignKey) }
}

#[async_trait]
impl EmailTemplateRepository for Memory {
    async fn find(&self, id: EmailTemplateId) -> Result<Option<EmailTemplate>, StoreError> {
        Ok(self.state().email_templates.get(&id).cloned())
    }

    async fn lock(&self, id: EmailTemplateId) -> Result<Option<EmailTemplate>, StoreError> {
        EmailTemplateRepository::find(self, id).await
    }

    async fn list(&self, query: &EmailTemplateQuery) -> Result<Vec<EmailTemplate>, StoreError> {
        let state = self.state();
        let wanted = |known: &&EmailTemplate| {
            query.account_id.is_none_or(|id| known.account_id == id)
                && query.template_type.as_ref().is_none_or(|word| known.template_type == *word)
                && query.locale.as_ref().is_none_or(|locale| known.locale == *locale)
                && query.enabled.is_none_or(|enabled| known.enabled == enabled)
        };
        let mut found: Vec<_> = state.email_templates.values().filter(wanted).cloned().collect();
        found.sort_by_key(|known| (known.account_id, known.template_type.clone(), known.locale.clone()));
        Ok(found)
    }

    async fn insert(&self, template: &EmailTemplate) -> Result<(), StoreError> {
        let mut state = self.state();
        let same = |known: &EmailTemplate| {
            known.account_id == template.account_id
                && known.template_type == template.template_type
                && known.locale == template.locale
        };
        if state.email_templates.values().any(|known| known.id == template.id || same(known)) {
            return conflict("email_templates");
        }
        check_account(&state, template.account_id)?;
        state.email_templates.insert(template.id, template.clone());
        Ok(())
    }

    async fn update(&self, template: &EmailTemplate) -> Result<(), StoreError> {
        if let Some(known) = self.state().email_templates.get_mut(&template.id) {
            known.subject.clone_from(&template.subject);
            known.html_body.clone_from(&template.html_body);
            known.text_body.clone_from(&template.text_body);
            known.enabled = template.enabled;
            known.updated_at = template.updated_at;
        }
        Ok(())
    }

    async fn delete(&self, id: EmailTemplateId) -> Result<bool, StoreError> {
        Ok(self.state().email_templates.remove(&id).is_some())
    }
}

#[async_trait]
impl EmailLogRepository for Memory {
    async fn insert(&self, log: &EmailLog) -> Result<(), StoreError> {
        let mut state = self.state();
        check_account(&state, log.account_id)?;
        state.email_logs.insert(log.id, log.clone());
        Ok(())
    }

    async fn find(&self, id: EmailLogId) -> Result<Option<EmailLog>, StoreError> {
        Ok(self.state().email_logs.get(&id).cloned())
    }

    async fn page(&self, query: &EmailLogQuery) -> Result<EmailLogPage, StoreError> {
        let state = self.state();
        let wanted = |known: &&EmailLog| {
            query.status.is_none_or(|status| known.status == status)
                && query.template_type.as_ref().is_none_or(|word| known.template_type == *word)
                && query.from.is_none_or(|from| known.sent_at >= from)
                && query.until.is_none_or(|until| known.sent_at <= until)
        };
        let mut found: Vec<_> = state.email_logs.values().filter(wanted).cloned().collect();
        found.sort_by_key(|known| Reverse((known.sent_at, known.id)));
        let total = found.len() as u64;
        Ok(EmailLogPage { items: cut(found, query.skip, query.limit), total })
    }

    async fn last_of(&self, mail: MailId) -> Result<Option<EmailStatus>, StoreError> {
        let state = self.state();
        let of_mail = state.email_logs.values().filter(|log| log.mail_id == Some(mail));
        Ok(of_mail.max_by_key(|log| (log.sent_at, log.id)).map(|log| log.status))
    }
}

fn is_free(mail: &QueuedMail, now: DateTime<Utc>) -> bool {
    mail.leased_until.is_none_or(|until| until <= now)
}

/// Marks a message as held.
fn hold(mail: &mut QueuedMail, claim: &MailClaim) -> QueuedMail {
    mail.attempts += 1;
    mail.leased_until = Some(claim.until);
    mail.lease = Some(claim.lease.clone());
    mail.clone()
}

#[async_trait]
impl MailOutbox for Memory {
    async fn insert(&self, mail: &QueuedMail) -> Result<(), StoreError> {
        let mut state = self.state();
        check_account(&state, mail.account_id)?;
        state.mail_outbox.insert(mail.id, mail.clone());
        Ok(())
    }

    async fn find(&self, id: MailId) -> Result<Option<QueuedMail>, StoreError> {
        Ok(self.state().mail_outbox.get(&id).cloned())
    }

    async fn claim_due(
        &self,
        claim: &MailClaim,
        limit: u64,
        except: &[AccountId],
    ) -> Result<Vec<QueuedMail>, StoreError> {
        let mut state = self.state();
        let due = |mail: &&mut QueuedMail| {
            mail.due_at <= claim.now && is_free(mail, claim.now) && !except.contains(&mail.account_id)
        };
        let mut found: Vec<_> = state.mail_outbox.values_mut().filter(due).collect();
        found.sort_by_key(|mail| (mail.due_at, mail.id));
        Ok(cut(found, 0, limit).into_iter().map(|mail| hold(mail, claim)).collect())
    }

    async fn claim(&self, id: MailId, claim: &MailClaim) -> Result<Option<QueuedMail>, StoreError> {
        let mut state = self.state();
        let found = state.mail_outbox.get_mut(&id).filter(|mail| is_free(mail, claim.now));
        Ok(found.map(|mail| hold(mail, claim)))
    }

    async fn retry_at(&self, id: MailId, lease: &str, due_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut state = self.state();
        let held = state.mail_outbox.get_mut(&id).filter(|mail| mail.lease.as_deref() == Some(lease));
        let Some(mail) = held else {
            return Ok(false);
        };
        (mail.lease, mail.leased_until, mail.due_at) = (None, None, due_at);
        Ok(true)
    }

    async fn finish(&self, id: MailId, lease: &str) -> Result<bool, StoreError> {
        let mut state = self.state();
        let held = state.mail_outbox.get(&id).is_some_and(|mail| mail.lease.as_deref() == Some(lease));
        if held {
            state.mail_outbox.remove(&id);
        }
        Ok(held)
    }

    async fn withdraw(&self, id: MailId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut state = self.state();
        let free = state.mail_outbox.get(&id).is_some_and(|mail| is_free(mail, now));
        if free {
            state.mail_outbox.remove(&id);
        }
        Ok(free)
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let at = |mail: &QueuedMail| mail.leased_until.map_or(mail.due_at, |until| until.max(mail.due_at));
        Ok(self.state().mail_outbox.values().map(at).min())
    }
}
