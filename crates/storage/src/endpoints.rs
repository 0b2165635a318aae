//! Custom endpoints that accounts define, and what came of calls.

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use serde_json::Value as Json;
use snackbase_application::ports::{
    EndpointExecutionPage, EndpointPage, EndpointQuery, EndpointRepository, StoreError,
};
use snackbase_domain::endpoint::{Endpoint, EndpointExecution, EndpointMethod, KEPT_EXECUTIONS};
use snackbase_domain::hook::ExecutionStatus;
use snackbase_domain::{AccountId, EndpointId};

use crate::accounts::of_visible_accounts;
use crate::driver::error::from_orm;
use crate::entity::endpoint::{ActiveModel, Column, Entity, Model};
use crate::entity::endpoint_execution as execution;
use crate::store::Session;

/// How many executions are removed at a time.
const REMOVED_AT_ONCE: u64 = 1000;

fn from_model(model: Model) -> Result<Endpoint, StoreError> {
    let broken = || StoreError::Inconsistent(format!("endpoint '{}' cannot be read", model.id));
    let template = model.response_template.as_deref().map(serde_json::from_str).transpose();
    Ok(Endpoint {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        method: EndpointMethod::parse(&model.method).ok_or_else(broken)?,
        actions: serde_json::from_str(&model.actions).map_err(|_| broken())?,
        response_template: template.map_err(|_| broken())?,
        created_by: model.created_by.parse().map_err(|_| broken())?,
        name: model.name,
        description: model.description,
        path: model.path,
        auth_required: model.auth_required,
        condition: model.condition,
        enabled: model.enabled,
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

/// What may change of an endpoint.
fn state(endpoint: &Endpoint) -> ActiveModel {
    let actions = endpoint.actions.iter().cloned().map(Json::Object).collect();
    let template = endpoint.response_template.clone();
    ActiveModel {
        name: Set(endpoint.name.clone()),
        description: Set(endpoint.description.clone()),
        path: Set(endpoint.path.clone()),
        method: Set(endpoint.method.as_str().to_owned()),
        auth_required: Set(endpoint.auth_required),
        condition: Set(endpoint.condition.clone()),
        actions: Set(Json::Array(actions).to_string()),
        response_template: Set(template.map(|template| Json::Object(template).to_string())),
        enabled: Set(endpoint.enabled),
        updated_at: Set(endpoint.updated_at),
        ..Default::default()
    }
}

fn from_execution(model: execution::Model) -> Result<EndpointExecution, StoreError> {
    let broken = || StoreError::Inconsistent(format!("endpoint execution '{}' cannot be read", model.id));
    Ok(EndpointExecution {
        id: model.id.parse().map_err(|_| broken())?,
        endpoint_id: model.endpoint_id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        status: ExecutionStatus::parse(&model.status).ok_or_else(broken)?,
        http_status: model.http_status.try_into().map_err(|_| broken())?,
        duration_ms: model.duration_ms.try_into().map_err(|_| broken())?,
        request: serde_json::from_str(&model.request).map_err(|_| broken())?,
        response: serde_json::from_str(&model.response).map_err(|_| broken())?,
        error: model.error,
        executed_at: model.executed_at,
    })
}

/// Executions of an endpoint, newest first.
fn newest(id: EndpointId) -> Select<execution::Entity> {
    execution::Entity::find()
        .filter(execution::Column::EndpointId.eq(id.to_string()))
        .order_by_desc(execution::Column::ExecutedAt)
        .order_by_desc(execution::Column::Id)
}

#[async_trait]
impl EndpointRepository for Session {
    async fn insert(&self, endpoint: &Endpoint) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(endpoint.id.to_string()),
            account_id: Set(endpoint.account_id.to_string()),
            created_at: Set(endpoint.created_at),
            created_by: Set(endpoint.created_by.to_string()),
            ..state(endpoint)
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn find(&self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        let find = Entity::find_by_id(id.to_string()).filter(of_visible_accounts(Column::AccountId));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn page(&self, account: AccountId, query: &EndpointQuery) -> Result<EndpointPage, StoreError> {
        let mut find = Entity::find().filter(Column::AccountId.eq(account.to_string()));
        if let Some(method) = &query.method {
            find = find.filter(Column::Method.eq(method));
        }
        if let Some(enabled) = query.enabled {
            find = find.filter(Column::Enabled.eq(enabled));
        }
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let find = find.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
        let models = find.offset(query.offset).limit(query.limit).all(self.orm()).await.map_err(from_orm)?;
        Ok(EndpointPage { items: models.into_iter().map(from_model).collect::<Result<_, _>>()?, total })
    }

    async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        let all = Entity::find().filter(Column::AccountId.eq(account.to_string()));
        all.count(self.orm()).await.map_err(from_orm)
    }

    async fn enabled(&self, account: AccountId) -> Result<Vec<Endpoint>, StoreError> {
        let find = Entity::find()
            .filter(Column::AccountId.eq(account.to_string()))
            .filter(Column::Enabled.eq(true))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn update(&self, endpoint: &Endpoint) -> Result<bool, StoreError> {
        let update =
            Entity::update_many().set(state(endpoint)).filter(Column::Id.eq(endpoint.id.to_string()));
        Ok(update.exec(self.orm()).await.map_err(from_orm)?.rows_affected > 0)
    }

    async fn delete(&self, id: EndpointId) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }

    async fn insert_execution(&self, run: &EndpointExecution) -> Result<(), StoreError> {
        let model = execution::ActiveModel {
            id: Set(run.id.to_string()),
            endpoint_id: Set(run.endpoint_id.to_string()),
            account_id: Set(run.account_id.to_string()),
            status: Set(run.status.as_str().to_owned()),
            http_status: Set(run.http_status.into()),
            duration_ms: Set(i64::try_from(run.duration_ms).unwrap_or(i64::MAX)),
            request: Set(Json::Object(run.request.clone()).to_string()),
            response: Set(run.response.to_string()),
            error: Set(run.error.clone()),
            executed_at: Set(run.executed_at),
        };
        execution::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn trim_executions(&self, id: EndpointId) -> Result<(), StoreError> {
        let old = newest(id).select_only().column(execution::Column::Id);
        let old = old.offset(KEPT_EXECUTIONS).limit(REMOVED_AT_ONCE).into_query();
        let delete = execution::Entity::delete_many().filter(execution::Column::Id.in_subquery(old));
        delete.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn executions(
        &self,
        id: EndpointId,
        offset: u64,
        limit: u64,
    ) -> Result<EndpointExecutionPage, StoreError> {
        // Some more may be there until they are removed.
        let limit = limit.min(KEPT_EXECUTIONS.saturating_sub(offset));
        let of = execution::Entity::find().filter(execution::Column::EndpointId.eq(id.to_string()));
        let total = of.count(self.orm()).await.map_err(from_orm)?.min(KEPT_EXECUTIONS);
        let models = newest(id).offset(offset).limit(limit).all(self.orm()).await.map_err(from_orm)?;
        let items = models.into_iter().map(from_execution).collect::<Result<_, _>>()?;
        Ok(EndpointExecutionPage { items, total })
    }
}
