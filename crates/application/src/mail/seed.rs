//! The templates that every installation has.

use snackbase_domain::mail::{DEFAULT_LOCALE, EMAIL_VERIFICATION, EmailTemplate, INVITATION, PASSWORD_RESET};
use snackbase_domain::{AccountId, EmailTemplateId};

use super::Mail;
use crate::ports::{EmailTemplateQuery, Repositories};
use crate::{AppError, tx};

/// Type, subject, HTML and text.
const SEEDS: [(&str, &str, &str, &str); 3] = [
    (
        EMAIL_VERIFICATION,
        "Verify your email address for {{ app_name }}",
        include_str!("templates/email_verification.html"),
        include_str!("templates/email_verification.txt"),
    ),
    (
        PASSWORD_RESET,
        "Reset your {{ app_name }} password",
        include_str!("templates/password_reset.html"),
        include_str!("templates/password_reset.txt"),
    ),
    (
        INVITATION,
        "You've been invited to join {{ account_name }}",
        include_str!("templates/invitation.html"),
        include_str!("templates/invitation.txt"),
    ),
];

impl Mail {
    /// Makes what is missing of the built-in templates; the system account must be
    /// there. Can be repeated.
    pub async fn seed(&self) -> Result<(), AppError> {
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            // Of several nodes that start at once, one seeds.
            store.collections().lock_schema().await?;
            self.seed_in(store).await
        }
        .await;
        tx::finish(work, outcome).await
    }

    async fn seed_in(&self, store: &dyn Repositories) -> Result<(), AppError> {
        let query = EmailTemplateQuery {
            account_id: Some(AccountId::SYSTEM),
            locale: Some(DEFAULT_LOCALE.to_owned()),
            ..Default::default()
        };
        let known = store.email_templates().list(&query).await?;
        for (template_type, subject, html_body, text_body) in SEEDS {
            if known.iter().any(|template| template.template_type == template_type) {
                continue;
            }
            let now = self.clock.now();
            let template = EmailTemplate {
                id: EmailTemplateId::new(self.ids.new_id()),
                account_id: AccountId::SYSTEM,
                template_type: template_type.to_owned(),
                locale: DEFAULT_LOCALE.to_owned(),
                subject: subject.to_owned(),
                html_body: html_body.to_owned(),
                text_body: text_body.to_owned(),
                enabled: true,
                is_builtin: true,
                created_at: now,
                updated_at: now,
            };
            store.email_templates().insert(&template).await?;
        }
        Ok(())
    }
}
