//! The refresh tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use sea_query::Expr;
use snackbase_application::ports::{SessionRepository, StoreError};
use snackbase_domain::session::RefreshToken;
use snackbase_domain::{SessionId, UserId};

use crate::driver::error::from_orm;
use crate::entity::refresh_token::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<RefreshToken, StoreError> {
    let broken = |_| StoreError::Inconsistent(format!("refresh token '{}' cannot be read", model.id));
    Ok(RefreshToken {
        session_id: model.session_id.parse().map_err(broken)?,
        user_id: model.user_id.parse().map_err(broken)?,
        account_id: model.account_id.parse().map_err(broken)?,
        id: model.id,
        digest: model.digest,
        created_at: model.created_at,
        expires_at: model.expires_at,
        revoked_at: model.revoked_at,
        rotated: model.rotated,
    })
}

/// Ends tokens that have not ended yet.
fn end(at: DateTime<Utc>) -> UpdateMany<Entity> {
    Entity::update_many().col_expr(Column::RevokedAt, Expr::val(at)).filter(Column::RevokedAt.is_null())
}

#[async_trait]
impl SessionRepository for Session {
    async fn insert(&self, token: &RefreshToken) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(token.id.clone()),
            session_id: Set(token.session_id.to_string()),
            user_id: Set(token.user_id.to_string()),
            account_id: Set(token.account_id.to_string()),
            digest: Set(token.digest.clone()),
            created_at: Set(token.created_at),
            expires_at: Set(token.expires_at),
            revoked_at: Set(token.revoked_at),
            rotated: Set(token.rotated),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn find(&self, id: &str) -> Result<Option<RefreshToken>, StoreError> {
        let found = Entity::find_by_id(id).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn rotate(&self, id: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let ended = end(at)
            .col_expr(Column::Rotated, Expr::val(true))
            .filter(Column::Id.eq(id))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(ended.rows_affected == 1)
    }

    async fn revoke_session(&self, session: SessionId, at: DateTime<Utc>) -> Result<(), StoreError> {
        let end = end(at).filter(Column::SessionId.eq(session.to_string()));
        end.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn revoke_user(&self, user: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
        let end = end(at).filter(Column::UserId.eq(user.to_string()));
        end.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let removed = Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(self.orm()).await;
        Ok(removed.map_err(from_orm)?.rows_affected)
    }
}
