//! The log of attempts to send mail.

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use snackbase_application::ports::{EmailLogPage, EmailLogQuery, EmailLogRepository, StoreError};
use snackbase_domain::mail::{EmailLog, EmailStatus};
use snackbase_domain::{EmailLogId, MailId};

use crate::driver::error::from_orm;
use crate::entity::email_log::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<EmailLog, StoreError> {
    let broken = || StoreError::Inconsistent(format!("e-mail log '{}' cannot be read", model.id));
    let mail_id = model.mail_id.as_deref().map(str::parse).transpose();
    Ok(EmailLog {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        mail_id: mail_id.map_err(|_| broken())?,
        status: EmailStatus::parse(&model.status).ok_or_else(broken)?,
        variables: match model.variables {
            None | Some(Value::Null) => None,
            Some(Value::Object(variables)) => Some(variables),
            Some(_) => return Err(broken()),
        },
        template_type: model.template_type,
        recipient: model.recipient,
        provider: model.provider,
        error: model.error,
        sent_at: model.sent_at,
    })
}

#[async_trait]
impl EmailLogRepository for Session {
    async fn insert(&self, log: &EmailLog) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(log.id.to_string()),
            account_id: Set(log.account_id.to_string()),
            mail_id: Set(log.mail_id.map(|id| id.to_string())),
            template_type: Set(log.template_type.clone()),
            recipient: Set(log.recipient.clone()),
            provider: Set(log.provider.clone()),
            status: Set(log.status.to_string()),
            error: Set(log.error.clone()),
            variables: Set(log.variables.clone().map(Value::Object)),
            sent_at: Set(log.sent_at),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn find(&self, id: EmailLogId) -> Result<Option<EmailLog>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn page(&self, query: &EmailLogQuery) -> Result<EmailLogPage, StoreError> {
        let mut find = Entity::find();
        if let Some(status) = query.status {
            find = find.filter(Column::Status.eq(status.as_str()));
        }
        if let Some(template_type) = &query.template_type {
            find = find.filter(Column::TemplateType.eq(template_type));
        }
        if let Some(from) = query.from {
            find = find.filter(Column::SentAt.gte(from));
        }
        if let Some(until) = query.until {
            find = find.filter(Column::SentAt.lte(until));
        }
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let find = find
            .order_by_desc(Column::SentAt)
            .order_by_desc(Column::Id)
            .offset(query.skip)
            .limit(query.limit);
        let models = find.all(self.orm()).await.map_err(from_orm)?;
        let items = models.into_iter().map(from_model).collect::<Result<_, _>>()?;
        Ok(EmailLogPage { items, total })
    }

    async fn last_of(&self, mail: MailId) -> Result<Option<EmailStatus>, StoreError> {
        let find = Entity::find()
            .filter(Column::MailId.eq(mail.to_string()))
            .order_by_desc(Column::SentAt)
            .order_by_desc(Column::Id);
        let last = find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()?;
        Ok(last.map(|log| log.status))
    }
}
