//! The invitations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sea_query::Expr;
use snackbase_application::ports::{InvitationRepository, StoreError};
use snackbase_domain::email::Email;
use snackbase_domain::invitation::{Invitation, Status};
use snackbase_domain::{AccountId, InvitationId};

use crate::driver::error::from_orm;
use crate::entity::invitation::{ActiveModel, Column, Entity, Model};
use crate::roles::role_id;
use crate::store::Session;

fn from_model(model: Model) -> Result<Invitation, StoreError> {
    let broken = || StoreError::Inconsistent(format!("invitation '{}' cannot be read", model.id));
    Ok(Invitation {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        email: Email::new(model.email),
        role_id: model.role_id.map(role_id).transpose()?,
        group_ids: serde_json::from_value(model.group_ids).map_err(|_| broken())?,
        invited_by: model.invited_by.parse().map_err(|_| broken())?,
        digest: model.digest,
        sealed_token: model.sealed_token,
        created_at: model.created_at,
        expires_at: model.expires_at,
        accepted_at: model.accepted_at,
        email_sent_at: model.email_sent_at,
    })
}

#[async_trait]
impl InvitationRepository for Session {
    async fn find(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn find_by_digest(&self, digest: &str) -> Result<Option<Invitation>, StoreError> {
        let find = Entity::find().filter(Column::Digest.eq(digest));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn list(
        &self,
        account: Option<AccountId>,
        status: Option<Status>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError> {
        let mut find = Entity::find();
        if let Some(account) = account {
            find = find.filter(Column::AccountId.eq(account.to_string()));
        }
        find = match status {
            None => find,
            Some(Status::Accepted) => find.filter(Column::AcceptedAt.is_not_null()),
            Some(Status::Pending) => {
                find.filter(Column::AcceptedAt.is_null()).filter(Column::ExpiresAt.gt(now))
            }
            Some(Status::Expired) => {
                find.filter(Column::AcceptedAt.is_null()).filter(Column::ExpiresAt.lte(now))
            }
        };
        let find = find.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn insert(&self, invitation: &Invitation) -> Result<(), StoreError> {
        let groups: Vec<_> = invitation.group_ids.iter().map(ToString::to_string).collect();
        let model = ActiveModel {
            id: Set(invitation.id.to_string()),
            account_id: Set(invitation.account_id.to_string()),
            email: Set(invitation.email.as_str().to_owned()),
            email_key: Set(invitation.email.key()),
            role_id: Set(invitation.role_id.map(|role| role.0.into())),
            group_ids: Set(groups.into()),
            invited_by: Set(invitation.invited_by.to_string()),
            digest: Set(invitation.digest.clone()),
            sealed_token: Set(invitation.sealed_token.clone()),
            created_at: Set(invitation.created_at),
            expires_at: Set(invitation.expires_at),
            accepted_at: Set(invitation.accepted_at),
            email_sent_at: Set(invitation.email_sent_at),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn remove_expired(
        &self,
        account: AccountId,
        email: &Email,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        Entity::delete_many()
            .filter(Column::AccountId.eq(account.to_string()))
            .filter(Column::EmailKey.eq(email.key()))
            .filter(Column::AcceptedAt.is_null())
            .filter(Column::ExpiresAt.lte(now))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }

    async fn set_sealed_token(&self, id: InvitationId, sealed: &str) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::SealedToken, Expr::val(sealed))
            .filter(Column::Id.eq(id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }

    async fn set_sent(&self, id: InvitationId, at: DateTime<Utc>) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::EmailSentAt, Expr::val(at))
            .filter(Column::Id.eq(id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }

    async fn accept(&self, id: InvitationId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let accepted = Entity::update_many()
            .col_expr(Column::AcceptedAt, Expr::val(at))
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::AcceptedAt.is_null())
            .filter(Column::ExpiresAt.gt(at))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(accepted.rows_affected == 1)
    }

    async fn delete(&self, id: InvitationId) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }
}
