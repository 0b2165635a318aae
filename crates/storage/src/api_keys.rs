//! The API keys.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sea_query::Expr;
use snackbase_application::ports::{ApiKeyRepository, StoreError};
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::{ApiKeyId, UserId};

use crate::driver::error::from_orm;
use crate::entity::api_key::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<ApiKey, StoreError> {
    let broken = |_| StoreError::Inconsistent(format!("API key '{}' cannot be read", model.id));
    Ok(ApiKey {
        id: model.id.parse().map_err(broken)?,
        user_id: model.user_id.parse().map_err(broken)?,
        account_id: model.account_id.parse().map_err(broken)?,
        name: model.name,
        digest: model.digest,
        expires_at: model.expires_at,
        last_used_at: model.last_used_at,
        is_active: model.is_active,
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

#[async_trait]
impl ApiKeyRepository for Session {
    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn find_by_digest(&self, digest: &str) -> Result<Option<ApiKey>, StoreError> {
        let find = Entity::find().filter(Column::Digest.eq(digest));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn of_user(&self, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        let find = Entity::find()
            .filter(Column::UserId.eq(user.to_string()))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn insert(&self, key: &ApiKey) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(key.id.to_string()),
            name: Set(key.name.clone()),
            user_id: Set(key.user_id.to_string()),
            account_id: Set(key.account_id.to_string()),
            digest: Set(key.digest.clone()),
            expires_at: Set(key.expires_at),
            last_used_at: Set(key.last_used_at),
            is_active: Set(key.is_active),
            created_at: Set(key.created_at),
            updated_at: Set(key.updated_at),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn revoke(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::IsActive, Expr::val(false))
            .col_expr(Column::UpdatedAt, Expr::val(at))
            .filter(Column::Id.eq(id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }

    async fn touch(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::val(at))
            .filter(Column::Id.eq(id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }
}
