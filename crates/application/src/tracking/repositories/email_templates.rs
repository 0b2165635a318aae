//! Templates of mails.

use async_trait::async_trait;
use snackbase_domain::EmailTemplateId;
use snackbase_domain::mail::EmailTemplate;

use crate::ports::{EmailTemplateQuery, EmailTemplateRepository, StoreError};
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl EmailTemplateRepository for TrackedWork {
    async fn find(&self, id: EmailTemplateId) -> Result<Option<EmailTemplate>, StoreError> {
        self.plain().email_templates().find(id).await
    }

    async fn lock(&self, id: EmailTemplateId) -> Result<Option<EmailTemplate>, StoreError> {
        self.plain().email_templates().lock(id).await
    }

    async fn list(&self, query: &EmailTemplateQuery) -> Result<Vec<EmailTemplate>, StoreError> {
        self.plain().email_templates().list(query).await
    }

    async fn insert(&self, template: &EmailTemplate) -> Result<(), StoreError> {
        self.plain().email_templates().insert(template).await?;
        self.created(template);
        Ok(())
    }

    async fn update(&self, template: &EmailTemplate) -> Result<(), StoreError> {
        let before = self.for_audit(self.plain().email_templates().lock(template.id)).await?;
        self.plain().email_templates().update(template).await?;
        if let Some(before) = before {
            self.updated(&before, template);
        }
        Ok(())
    }

    async fn delete(&self, id: EmailTemplateId) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().email_templates().lock(id)).await?;
        let deleted = self.plain().email_templates().delete(id).await?;
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }
}
