//! The refresh tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, UpdateMany};
use sea_query::{Expr, ExprTrait};
use snackbase_application::ports::{SessionRepository, StoreError};
use snackbase_domain::session::{RefreshToken, SignIn};
use snackbase_domain::{SessionId, UserId};

use crate::driver::error::from_orm;
use crate::entity::refresh_token::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<RefreshToken, StoreError> {
    let broken = |_| StoreError::Inconsistent(format!("refresh token '{}' cannot be read", model.id));
    Ok(RefreshToken {
        sign_in: SignIn {
            id: model.session_id.parse().map_err(broken)?,
            at: model.signed_in_at.unwrap_or(model.created_at),
            ip_address: model.ip_address,
            user_agent: model.user_agent,
        },
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

/// Tokens that have neither ended nor expired.
fn live(now: DateTime<Utc>) -> Select<Entity> {
    Entity::find().filter(Column::RevokedAt.is_null()).filter(Column::ExpiresAt.gt(now))
}

#[async_trait]
impl SessionRepository for Session {
    async fn insert(&self, token: &RefreshToken) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(token.id.clone()),
            session_id: Set(token.sign_in.id.to_string()),
            user_id: Set(token.user_id.to_string()),
            account_id: Set(token.account_id.to_string()),
            digest: Set(token.digest.clone()),
            created_at: Set(token.created_at),
            expires_at: Set(token.expires_at),
            revoked_at: Set(token.revoked_at),
            rotated: Set(token.rotated),
            signed_in_at: Set(Some(token.sign_in.at)),
            ip_address: Set(token.sign_in.ip_address.clone()),
            user_agent: Set(token.sign_in.user_agent.clone()),
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

    async fn revoke_session(
        &self,
        user: UserId,
        session: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let own = Column::SessionId.eq(session.to_string()).and(Column::UserId.eq(user.to_string()));
        let end = end(at).filter(own);
        end.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn is_live(&self, session: SessionId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let find = live(now).filter(Column::SessionId.eq(session.to_string()));
        Ok(find.one(self.orm()).await.map_err(from_orm)?.is_some())
    }

    async fn live_of_user(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<RefreshToken>, StoreError> {
        let find = live(now)
            .filter(Column::UserId.eq(user.to_string()))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn revoke_others(
        &self,
        user: UserId,
        kept: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let others = Column::UserId.eq(user.to_string()).and(Column::SessionId.ne(kept.to_string()));
        end(at).filter(others).exec(self.orm()).await.map_err(from_orm)?;
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
