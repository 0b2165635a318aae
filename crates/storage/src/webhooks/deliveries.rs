//! What webhooks told, and are to tell.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use sea_query::{BinOper, Expr, ExprTrait, OnConflict, Query};
use snackbase_application::ports::{DeliveryPage, StoreError, WebhookDeliveryRepository};
use snackbase_domain::automation::EventKind;
use snackbase_domain::job::JobStatus;
use snackbase_domain::webhook::{Delivery, DeliveryStatus};
use snackbase_domain::{WebhookDeliveryId, WebhookId};

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::entity::job;
use crate::entity::webhook_delivery::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<Delivery, StoreError> {
    let broken = || StoreError::Inconsistent(format!("delivery '{}' cannot be read", model.id));
    Ok(Delivery {
        id: model.id.parse().map_err(|_| broken())?,
        webhook_id: model.webhook_id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        event_id: model.event_id.as_deref().map(str::parse).transpose().map_err(|_| broken())?,
        event: EventKind::parse(&model.event).ok_or_else(broken)?,
        response_status: model.response_status.map(u16::try_from).transpose().map_err(|_| broken())?,
        attempts: model.attempts.try_into().map_err(|_| broken())?,
        status: DeliveryStatus::parse(&model.status).ok_or_else(broken)?,
        payload: model.payload,
        response_body: model.response_body,
        delivered_at: model.delivered_at,
        next_retry_at: model.next_retry_at,
        created_at: model.created_at,
    })
}

/// What changes while it is tried.
fn state(delivery: &Delivery) -> ActiveModel {
    ActiveModel {
        response_status: Set(delivery.response_status.map(i64::from)),
        response_body: Set(delivery.response_body.clone()),
        attempts: Set(delivery.attempts.into()),
        delivered_at: Set(delivery.delivered_at),
        next_retry_at: Set(delivery.next_retry_at),
        status: Set(delivery.status.as_str().to_owned()),
        ..Default::default()
    }
}

fn whole(delivery: &Delivery) -> ActiveModel {
    ActiveModel {
        id: Set(delivery.id.to_string()),
        webhook_id: Set(delivery.webhook_id.to_string()),
        account_id: Set(delivery.account_id.to_string()),
        event_id: Set(delivery.event_id.map(|id| id.to_string())),
        event: Set(delivery.event.as_str().to_owned()),
        payload: Set(delivery.payload.clone()),
        created_at: Set(delivery.created_at),
        ..state(delivery)
    }
}

#[async_trait]
impl WebhookDeliveryRepository for Session {
    async fn insert(&self, delivery: &Delivery) -> Result<bool, StoreError> {
        let mut insert = Entity::insert(whole(delivery)).into_query();
        insert.on_conflict(OnConflict::columns([Column::WebhookId, Column::EventId]).do_nothing().to_owned());
        Ok(self.connection.execute(Stmt::build(self.dialect(), &insert)).await? > 0)
    }

    async fn find(&self, id: WebhookDeliveryId) -> Result<Option<Delivery>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn lock(&self, id: WebhookDeliveryId) -> Result<Option<Delivery>, StoreError> {
        let find = Entity::find_by_id(id.to_string()).lock_exclusive();
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn page(&self, webhook: WebhookId, offset: u64, limit: u64) -> Result<DeliveryPage, StoreError> {
        let find = Entity::find().filter(Column::WebhookId.eq(webhook.to_string()));
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let find = find.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
        let models = find.offset(offset).limit(limit).all(self.orm()).await.map_err(from_orm)?;
        Ok(DeliveryPage { items: models.into_iter().map(from_model).collect::<Result<_, _>>()?, total })
    }

    async fn update(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let update = Entity::update_many().set(state(delivery));
        let update = update.filter(Column::Id.eq(delivery.id.to_string()));
        update.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn abandoned(
        &self,
        prefix: &str,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Delivery>, StoreError> {
        let key = Expr::val(prefix).binary(BinOper::Custom("||"), Expr::col((Entity, Column::Id)));
        let live = [JobStatus::Pending, JobStatus::Retrying, JobStatus::Running].map(JobStatus::as_str);
        let job = Query::select()
            .expr(Expr::val(1))
            .from(job::Entity)
            .and_where(Expr::col((job::Entity, job::Column::UniqueKey)).eq(key))
            .and_where(job::Column::Status.is_in(live))
            .take();
        let open = [DeliveryStatus::Pending, DeliveryStatus::Retrying].map(DeliveryStatus::as_str);
        let find = Entity::find()
            .filter(Column::Status.is_in(open))
            .filter(Column::CreatedAt.lt(before))
            .filter(Expr::exists(job).not());
        let find = find.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(limit);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn remove_before(&self, before: DateTime<Utc>, limit: u64) -> Result<u64, StoreError> {
        let old = Entity::find().select_only().column(Column::Id).filter(Column::CreatedAt.lt(before));
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(old.limit(limit).into_query()));
        Ok(delete.exec(self.orm()).await.map_err(from_orm)?.rows_affected)
    }
}
