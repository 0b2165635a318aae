//! Webhooks.

mod deliveries;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use snackbase_application::ports::{AuditLog, StoreError, WebhookRepository};
use snackbase_domain::webhook::{Webhook, WebhookEvent};
use snackbase_domain::{AccountId, WebhookId};

use crate::driver::error::from_orm;
use crate::entity::webhook::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<Webhook, StoreError> {
    let broken = || StoreError::Inconsistent(format!("webhook '{}' cannot be read", model.id));
    let events = model.events.split(',').filter(|word| !word.is_empty()).map(WebhookEvent::parse);
    let headers = model.headers.as_deref().map(serde_json::from_str).transpose();
    Ok(Webhook {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        events: events.collect::<Result<_, _>>().map_err(|_| broken())?,
        headers: headers.map_err(|_| broken())?,
        failures: model.failures.try_into().map_err(|_| broken())?,
        created_by: model.created_by.parse().map_err(|_| broken())?,
        url: model.url,
        collection: model.collection,
        filter: model.filter,
        enabled: model.enabled,
        sealed_secret: model.secret,
        failing_since: model.failing_since,
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

/// What may change of a webhook.
fn changeable(webhook: &Webhook) -> Result<ActiveModel, StoreError> {
    let events: Vec<_> = webhook.events.iter().copied().map(WebhookEvent::as_str).collect();
    let headers = webhook.headers.as_ref().map(serde_json::to_string).transpose();
    let headers = headers.map_err(|error| StoreError::Other(error.to_string()))?;
    Ok(ActiveModel {
        url: Set(webhook.url.clone()),
        collection: Set(webhook.collection.clone()),
        events: Set(events.join(",")),
        filter: Set(webhook.filter.clone()),
        enabled: Set(webhook.enabled),
        headers: Set(headers),
        secret: Set(webhook.sealed_secret.clone()),
        failures: Set(webhook.failures.into()),
        failing_since: Set(webhook.failing_since),
        updated_at: Set(webhook.updated_at),
        ..Default::default()
    })
}

impl Session {
    async fn webhooks_of(&self, find: Select<Entity>) -> Result<Vec<Webhook>, StoreError> {
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }
}

#[async_trait]
impl WebhookRepository for Session {
    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn lock(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        let find = Entity::find_by_id(id.to_string()).lock_exclusive();
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn of_account(&self, account: AccountId) -> Result<Vec<Webhook>, StoreError> {
        let find = Entity::find().filter(Column::AccountId.eq(account.to_string()));
        self.webhooks_of(find.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id)).await
    }

    async fn count_locked(&self, account: AccountId) -> Result<u64, StoreError> {
        // A statement of its own: one that waits for the lock does not see what was made meanwhile.
        self.hold_row("accounts", &account.to_string()).await?;
        let find = Entity::find().filter(Column::AccountId.eq(account.to_string()));
        find.count(self.orm()).await.map_err(from_orm)
    }

    async fn listening(
        &self,
        account: AccountId,
        collection: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<Webhook>, StoreError> {
        let find = Entity::find()
            .filter(Column::AccountId.eq(account.to_string()))
            .filter(Column::Collection.eq(collection))
            .filter(Column::Enabled.eq(true))
            .filter(Column::CreatedAt.lte(at));
        self.webhooks_of(find.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id)).await
    }

    async fn all(&self) -> Result<Vec<Webhook>, StoreError> {
        self.webhooks_of(Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id)).await
    }

    async fn insert(&self, webhook: &Webhook) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(webhook.id.to_string()),
            account_id: Set(webhook.account_id.to_string()),
            created_at: Set(webhook.created_at),
            created_by: Set(webhook.created_by.to_string()),
            ..changeable(webhook)?
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn update(&self, webhook: &Webhook) -> Result<(), StoreError> {
        let update = Entity::update_many().set(changeable(webhook)?);
        let update = update.filter(Column::Id.eq(webhook.id.to_string()));
        update.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn delete(&self, id: WebhookId) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }
}
