//! The mail templates.

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_query::Expr;
use snackbase_application::ports::{EmailTemplateQuery, EmailTemplateRepository, StoreError};
use snackbase_domain::EmailTemplateId;
use snackbase_domain::mail::EmailTemplate;

use crate::driver::error::from_orm;
use crate::entity::email_template::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<EmailTemplate, StoreError> {
    let broken = |_| StoreError::Inconsistent(format!("e-mail template '{}' cannot be read", model.id));
    Ok(EmailTemplate {
        id: model.id.parse().map_err(broken)?,
        account_id: model.account_id.parse().map_err(broken)?,
        template_type: model.template_type,
        locale: model.locale,
        subject: model.subject,
        html_body: model.html_body,
        text_body: model.text_body,
        enabled: model.enabled,
        is_builtin: model.is_builtin,
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

#[async_trait]
impl EmailTemplateRepository for Session {
    async fn find(&self, id: EmailTemplateId) -> Result<Option<EmailTemplate>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn lock(&self, id: EmailTemplateId) -> Result<Option<EmailTemplate>, StoreError> {
        let find = Entity::find_by_id(id.to_string()).lock_exclusive();
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn list(&self, query: &EmailTemplateQuery) -> Result<Vec<EmailTemplate>, StoreError> {
        let mut find = Entity::find();
        if let Some(account) = query.account_id {
            find = find.filter(Column::AccountId.eq(account.to_string()));
        }
        if let Some(template_type) = &query.template_type {
            find = find.filter(Column::TemplateType.eq(template_type));
        }
        if let Some(locale) = &query.locale {
            find = find.filter(Column::Locale.eq(locale));
        }
        if let Some(enabled) = query.enabled {
            find = find.filter(Column::Enabled.eq(enabled));
        }
        let dialect = self.dialect();
        let by_code_point = |column: Column| dialect.ordered_text(Expr::col(column));
        let find = find
            .order_by_asc(by_code_point(Column::AccountId))
            .order_by_asc(by_code_point(Column::TemplateType))
            .order_by_asc(by_code_point(Column::Locale));
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn insert(&self, template: &EmailTemplate) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(template.id.to_string()),
            account_id: Set(template.account_id.to_string()),
            template_type: Set(template.template_type.clone()),
            locale: Set(template.locale.clone()),
            subject: Set(template.subject.clone()),
            html_body: Set(template.html_body.clone()),
            text_body: Set(template.text_body.clone()),
            enabled: Set(template.enabled),
            is_builtin: Set(template.is_builtin),
            created_at: Set(template.created_at),
            updated_at: Set(template.updated_at),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn update(&self, template: &EmailTemplate) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::Subject, Expr::val(template.subject.clone()))
            .col_expr(Column::HtmlBody, Expr::val(template.html_body.clone()))
            .col_expr(Column::TextBody, Expr::val(template.text_body.clone()))
            .col_expr(Column::Enabled, Expr::val(template.enabled))
            .col_expr(Column::UpdatedAt, Expr::val(template.updated_at))
            .filter(Column::Id.eq(template.id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }

    async fn delete(&self, id: EmailTemplateId) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }
}
