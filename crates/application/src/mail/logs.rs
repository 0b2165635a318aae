//! Use cases: what became of mails.

use chrono::{DateTime, Utc};
use snackbase_domain::mail::{EmailLog, EmailStatus};

use super::Mail;
use crate::AppError;
use crate::ports::{EmailLogPage, EmailLogQuery};

/// Which attempts to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmailLogFilter {
    /// As the request names it; there is nothing of an unknown one.
    pub status: Option<String>,
    pub template_type: Option<String>,
    /// Not before this.
    pub from: Option<DateTime<Utc>>,
    /// Not after this.
    pub until: Option<DateTime<Utc>>,
}

impl Mail {
    /// Attempts to send mail, newest first.
    pub async fn logs(
        &self,
        filter: EmailLogFilter,
        skip: u64,
        limit: u64,
    ) -> Result<EmailLogPage, AppError> {
        let status = match filter.status.as_deref().map(EmailStatus::parse) {
            Some(None) => return Ok(EmailLogPage { items: Vec::new(), total: 0 }),
            Some(known) => known,
            None => None,
        };
        let EmailLogFilter { template_type, from, until, .. } = filter;
        let query = EmailLogQuery { status, template_type, from, until, skip, limit };
        Ok(self.storage.read().email_logs().page(&query).await?)
    }

    /// One attempt.
    pub async fn log(&self, id: &str) -> Result<EmailLog, AppError> {
        let found = match id.parse() {
            Ok(id) => self.storage.read().email_logs().find(id).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| AppError::not_found(format!("Email log not found: {id}")))
    }
}
