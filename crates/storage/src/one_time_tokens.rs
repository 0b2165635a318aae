//! The one-time tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use sea_query::{Expr, ExprTrait, OnConflict};
use snackbase_application::ports::{OneTimeTokenRepository, StoreError};
use snackbase_domain::UserId;
use snackbase_domain::email::Email;
use snackbase_domain::one_time_token::{OneTimeToken, Purpose};

use crate::driver::error::from_orm;
use crate::entity::one_time_token::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<OneTimeToken, StoreError> {
    let broken = || StoreError::Inconsistent("a one-time token cannot be read".to_owned());
    Ok(OneTimeToken {
        user_id: model.user_id.parse().map_err(|_| broken())?,
        email: Email::new(model.email),
        purpose: Purpose::parse(&model.purpose).ok_or_else(broken)?,
        digest: model.digest,
        created_at: model.created_at,
        expires_at: model.expires_at,
        mail_id: model.mail_id.map(|id| id.parse()).transpose().map_err(|_| broken())?,
    })
}

#[async_trait]
impl OneTimeTokenRepository for Session {
    async fn replace(
        &self,
        token: &OneTimeToken,
        unless_after: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        let model = ActiveModel {
            user_id: Set(token.user_id.to_string()),
            email_key: Set(token.email.key()),
            purpose: Set(token.purpose.name().to_owned()),
            email: Set(token.email.as_str().to_owned()),
            digest: Set(token.digest.clone()),
            created_at: Set(token.created_at),
            expires_at: Set(token.expires_at),
            mail_id: Set(token.mail_id.map(|id| id.to_string())),
        };
        let mut former = OnConflict::columns([Column::UserId, Column::EmailKey, Column::Purpose]);
        former.update_columns([
            Column::Email,
            Column::Digest,
            Column::CreatedAt,
            Column::ExpiresAt,
            Column::MailId,
        ]);
        if let Some(moment) = unless_after {
            former.action_and_where(Expr::col((Entity, Column::CreatedAt)).lte(moment));
        }
        let insert = Entity::insert(model).on_conflict(former).exec_without_returning(self.orm());
        Ok(insert.await.map_err(from_orm)? > 0)
    }

    async fn of_user(
        &self,
        user: UserId,
        email: &Email,
        purpose: Purpose,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let key = (user.to_string(), email.key(), purpose.name().to_owned());
        let found = Entity::find_by_id(key).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn find(&self, purpose: Purpose, digest: &str) -> Result<Option<OneTimeToken>, StoreError> {
        let find =
            Entity::find().filter(Column::Digest.eq(digest)).filter(Column::Purpose.eq(purpose.name()));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn take(&self, purpose: Purpose, digest: &str) -> Result<bool, StoreError> {
        let taken = Entity::delete_many()
            .filter(Column::Digest.eq(digest))
            .filter(Column::Purpose.eq(purpose.name()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(taken.rows_affected == 1)
    }

    async fn remove_of_user(&self, user: UserId, purpose: Option<Purpose>) -> Result<(), StoreError> {
        let mut remove = Entity::delete_many().filter(Column::UserId.eq(user.to_string()));
        if let Some(purpose) = purpose {
            remove = remove.filter(Column::Purpose.eq(purpose.name()));
        }
        remove.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let removed = Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(self.orm()).await;
        Ok(removed.map_err(from_orm)?.rows_affected)
    }
}
