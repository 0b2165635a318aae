//! Messages that wait to be sent.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use snackbase_application::ports::{MailClaim, MailOutbox, StoreError};
use snackbase_domain::mail::QueuedMail;
use snackbase_domain::{AccountId, MailId};

use crate::driver::error::from_orm;
use crate::entity::mail_outbox::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<QueuedMail, StoreError> {
    let broken = || StoreError::Inconsistent(format!("mail '{}' cannot be read", model.id));
    Ok(QueuedMail {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        attempts: model.attempts.try_into().map_err(|_| broken())?,
        template_type: model.template_type,
        locale: model.locale,
        recipient: model.recipient,
        payload: model.payload,
        due_at: model.due_at,
        leased_until: model.leased_until,
        lease: model.lease,
        created_at: model.created_at,
    })
}

/// What nobody holds.
fn free(now: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::LeasedUntil.is_null()).add(Column::LeasedUntil.lte(now))
}

impl Session {
    /// Claims what a query finds. On PostgreSQL others do not wait for the rows,
    /// they pass them by; on SQLite there is one writer.
    async fn claim_found(
        &self,
        find: Select<Entity>,
        claim: &MailClaim,
    ) -> Result<Vec<QueuedMail>, StoreError> {
        let find =
            find.filter(free(claim.now)).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let models = find.all(self.orm()).await.map_err(from_orm)?;
        if models.is_empty() {
            return Ok(Vec::new());
        }
        Entity::update_many()
            .col_expr(Column::Lease, Expr::val(claim.lease.clone()))
            .col_expr(Column::LeasedUntil, Expr::val(claim.until))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.is_in(models.iter().map(|model| model.id.clone())))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        let claimed = |model| {
            let mail = from_model(model)?;
            Ok(QueuedMail {
                attempts: mail.attempts + 1,
                leased_until: Some(claim.until),
                lease: Some(claim.lease.clone()),
                ..mail
            })
        };
        models.into_iter().map(claimed).collect()
    }
}

#[async_trait]
impl MailOutbox for Session {
    async fn insert(&self, mail: &QueuedMail) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(mail.id.to_string()),
            account_id: Set(mail.account_id.to_string()),
            template_type: Set(mail.template_type.clone()),
            locale: Set(mail.locale.clone()),
            recipient: Set(mail.recipient.clone()),
            payload: Set(mail.payload.clone()),
            attempts: Set(mail.attempts.into()),
            due_at: Set(mail.due_at),
            leased_until: Set(mail.leased_until),
            lease: Set(mail.lease.clone()),
            created_at: Set(mail.created_at),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn find(&self, id: MailId) -> Result<Option<QueuedMail>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn claim_due(
        &self,
        claim: &MailClaim,
        limit: u64,
        except: &[AccountId],
    ) -> Result<Vec<QueuedMail>, StoreError> {
        let mut find = Entity::find().filter(Column::DueAt.lte(claim.now));
        if !except.is_empty() {
            find = find.filter(Column::AccountId.is_not_in(except.iter().map(AccountId::to_string)));
        }
        let find = find.order_by_asc(Column::DueAt).order_by_asc(Column::Id).limit(limit);
        self.claim_found(find, claim).await
    }

    async fn claim(&self, id: MailId, claim: &MailClaim) -> Result<Option<QueuedMail>, StoreError> {
        Ok(self.claim_found(Entity::find_by_id(id.to_string()), claim).await?.pop())
    }

    async fn retry_at(&self, id: MailId, lease: &str, due_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let changed = Entity::update_many()
            .col_expr(Column::DueAt, Expr::val(due_at))
            .col_expr(Column::Lease, Expr::val(None::<String>))
            .col_expr(Column::LeasedUntil, Expr::val(None::<DateTime<Utc>>))
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::Lease.eq(lease))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(changed.rows_affected > 0)
    }

    async fn finish(&self, id: MailId, lease: &str) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::Lease.eq(lease))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(deleted.rows_affected > 0)
    }

    async fn withdraw(&self, id: MailId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::Id.eq(id.to_string()))
            .filter(free(now))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(deleted.rows_affected > 0)
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let waiting = Entity::find().filter(Column::LeasedUntil.is_null()).order_by_asc(Column::DueAt);
        let held = Entity::find().filter(Column::LeasedUntil.is_not_null()).order_by_asc(Column::LeasedUntil);
        let waiting = waiting.one(self.orm()).await.map_err(from_orm)?.map(|model| model.due_at);
        let held = held.one(self.orm()).await.map_err(from_orm)?;
        let held = held.and_then(|model| model.leased_until.map(|until| std::cmp::max(until, model.due_at)));
        Ok(waiting.into_iter().chain(held).min())
    }
}
