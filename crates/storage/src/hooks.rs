//! Hooks that accounts define, and what came of them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_query::{Condition, Expr};
use serde_json::{Map, Value as Json};
use snackbase_application::ports::{HookExecutionPage, HookPage, HookQuery, HookRepository, StoreError};
use snackbase_domain::automation::{EventKind, Trigger};
use snackbase_domain::hook::{ExecutionStatus, Hook, HookExecution, KEPT_EXECUTIONS, Occasion};
use snackbase_domain::{AccountId, HookId, JobId};

use crate::accounts::of_visible_accounts;
use crate::driver::error::from_orm;
use crate::entity::hook::{ActiveModel, Column, Entity, Model};
use crate::entity::hook_execution as execution;
use crate::store::Session;

fn from_model(model: Model) -> Result<Hook, StoreError> {
    let broken = || StoreError::Inconsistent(format!("hook '{}' cannot be read", model.id));
    let trigger: Map<String, Json> = serde_json::from_str(&model.trigger).map_err(|_| broken())?;
    Ok(Hook {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        trigger: Trigger::from_stored(&trigger).ok_or_else(broken)?,
        actions: serde_json::from_str(&model.actions).map_err(|_| broken())?,
        created_by: model.created_by.parse().map_err(|_| broken())?,
        name: model.name,
        description: model.description,
        condition: model.condition,
        enabled: model.enabled,
        last_run_at: model.last_run_at,
        next_run_at: model.next_run_at,
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

/// What may change of a hook.
fn state(hook: &Hook) -> ActiveModel {
    let (event, collection) = match &hook.trigger {
        Trigger::Event { kind, collection, .. } => (Some(kind.as_str().to_owned()), collection.clone()),
        _ => (None, None),
    };
    let actions = hook.actions.iter().cloned().map(Json::Object).collect();
    ActiveModel {
        name: Set(hook.name.clone()),
        description: Set(hook.description.clone()),
        trigger_type: Set(hook.trigger.type_name().to_owned()),
        trigger: Set(Json::Object(hook.trigger.to_stored()).to_string()),
        event: Set(event),
        collection: Set(collection),
        condition: Set(hook.condition.clone()),
        actions: Set(Json::Array(actions).to_string()),
        enabled: Set(hook.enabled),
        next_run_at: Set(hook.next_run_at),
        updated_at: Set(hook.updated_at),
        ..Default::default()
    }
}

fn from_execution(model: execution::Model) -> Result<HookExecution, StoreError> {
    let broken = || StoreError::Inconsistent(format!("hook execution '{}' cannot be read", model.id));
    Ok(HookExecution {
        id: model.id.parse().map_err(|_| broken())?,
        hook_id: model.hook_id.parse().map_err(|_| broken())?,
        occasion: Occasion::parse(&model.occasion).ok_or_else(broken)?,
        status: ExecutionStatus::parse(&model.status).ok_or_else(broken)?,
        actions_executed: model.actions_executed.try_into().map_err(|_| broken())?,
        duration_ms: model.duration_ms.try_into().map_err(|_| broken())?,
        context: serde_json::from_str(&model.context).map_err(|_| broken())?,
        job_id: model.job_id.as_deref().map(str::parse).transpose().map_err(|_| broken())?,
        error: model.error,
        executed_at: model.executed_at,
    })
}

#[async_trait]
impl HookRepository for Session {
    async fn insert(&self, hook: &Hook) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(hook.id.to_string()),
            account_id: Set(hook.account_id.to_string()),
            last_run_at: Set(hook.last_run_at),
            created_at: Set(hook.created_at),
            created_by: Set(hook.created_by.to_string()),
            ..state(hook)
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn find(&self, id: HookId) -> Result<Option<Hook>, StoreError> {
        let find = Entity::find_by_id(id.to_string()).filter(of_visible_accounts(Column::AccountId));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn page(&self, account: AccountId, query: &HookQuery) -> Result<HookPage, StoreError> {
        let mut find = Entity::find().filter(Column::AccountId.eq(account.to_string()));
        if let Some(of) = &query.trigger_type {
            find = find.filter(Column::TriggerType.eq(of));
        }
        if let Some(enabled) = query.enabled {
            find = find.filter(Column::Enabled.eq(enabled));
        }
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let find = find.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
        let models = find.offset(query.offset).limit(query.limit).all(self.orm()).await.map_err(from_orm)?;
        Ok(HookPage { items: models.into_iter().map(from_model).collect::<Result<_, _>>()?, total })
    }

    async fn count(&self, account: AccountId) -> Result<(u64, u64), StoreError> {
        let all = Entity::find().filter(Column::AccountId.eq(account.to_string()));
        let scheduled = all.clone().filter(Column::TriggerType.eq("schedule"));
        let all = all.count(self.orm()).await.map_err(from_orm)?;
        Ok((all, scheduled.count(self.orm()).await.map_err(from_orm)?))
    }

    async fn update(&self, hook: &Hook) -> Result<bool, StoreError> {
        let update = Entity::update_many().set(state(hook)).filter(Column::Id.eq(hook.id.to_string()));
        Ok(update.exec(self.orm()).await.map_err(from_orm)?.rows_affected > 0)
    }

    async fn delete(&self, id: HookId) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }

    async fn waiting_for(
        &self,
        account: AccountId,
        kind: EventKind,
        collection: Option<&str>,
    ) -> Result<Vec<Hook>, StoreError> {
        let mut of = Condition::any().add(Column::Collection.is_null());
        if let Some(collection) = collection {
            of = of.add(Column::Collection.eq(collection));
        }
        let find = Entity::find()
            .filter(Column::AccountId.eq(account.to_string()))
            .filter(Column::Event.eq(kind.as_str()))
            .filter(Column::Enabled.eq(true))
            .filter(of)
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn scheduled(
        &self,
        due: Option<DateTime<Utc>>,
        after: Option<HookId>,
        limit: u64,
    ) -> Result<Vec<Hook>, StoreError> {
        let mut find = Entity::find()
            .filter(Column::TriggerType.eq("schedule"))
            .filter(Column::Enabled.eq(true))
            .filter(of_visible_accounts(Column::AccountId));
        if let Some(due) = due {
            find = find.filter(Column::NextRunAt.lte(due));
        }
        if let Some(after) = after {
            find = find.filter(Column::Id.gt(after.to_string()));
        }
        let find = find.order_by_asc(Column::Id).limit(limit);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn reschedule(
        &self,
        id: HookId,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        ran: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        let mut update = Entity::update_many()
            .col_expr(Column::NextRunAt, Expr::val(next))
            .filter(Column::Id.eq(id.to_string()))
            .filter(match due {
                Some(due) => Column::NextRunAt.eq(due),
                None => Column::NextRunAt.is_null(),
            });
        if let Some(ran) = ran {
            update = update.col_expr(Column::LastRunAt, Expr::val(ran));
        }
        Ok(update.exec(self.orm()).await.map_err(from_orm)?.rows_affected > 0)
    }

    async fn insert_execution(&self, run: &HookExecution) -> Result<(), StoreError> {
        let model = execution::ActiveModel {
            id: Set(run.id.to_string()),
            hook_id: Set(run.hook_id.to_string()),
            occasion: Set(run.occasion.as_str().to_owned()),
            status: Set(run.status.as_str().to_owned()),
            actions_executed: Set(run.actions_executed.into()),
            error: Set(run.error.clone()),
            duration_ms: Set(i64::try_from(run.duration_ms).unwrap_or(i64::MAX)),
            context: Set(Json::Object(run.context.clone()).to_string()),
            executed_at: Set(run.executed_at),
            job_id: Set(run.job_id.map(|id| id.to_string())),
        };
        execution::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Entity::update_many()
            .col_expr(Column::LastRunAt, Expr::val(run.executed_at))
            .filter(Column::Id.eq(run.hook_id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        // One more than are kept is there at most, unless several came at once.
        let of_hook =
            || execution::Entity::find().filter(execution::Column::HookId.eq(run.hook_id.to_string()));
        let eldest = of_hook()
            .order_by_desc(execution::Column::ExecutedAt)
            .order_by_desc(execution::Column::Id)
            .offset(KEPT_EXECUTIONS)
            .limit(100);
        let eldest = eldest.all(self.orm()).await.map_err(from_orm)?;
        if !eldest.is_empty() {
            let ids = eldest.into_iter().map(|model| model.id);
            let delete = execution::Entity::delete_many().filter(execution::Column::Id.is_in(ids));
            delete.exec(self.orm()).await.map_err(from_orm)?;
        }
        Ok(())
    }

    async fn was_run_by(&self, id: HookId, job: JobId) -> Result<bool, StoreError> {
        let find = execution::Entity::find()
            .filter(execution::Column::HookId.eq(id.to_string()))
            .filter(execution::Column::JobId.eq(job.to_string()));
        Ok(find.count(self.orm()).await.map_err(from_orm)? > 0)
    }

    async fn executions(&self, id: HookId, offset: u64, limit: u64) -> Result<HookExecutionPage, StoreError> {
        let find = execution::Entity::find().filter(execution::Column::HookId.eq(id.to_string()));
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let find = find
            .order_by_desc(execution::Column::ExecutedAt)
            .order_by_desc(execution::Column::Id)
            .offset(offset)
            .limit(limit);
        let models = find.all(self.orm()).await.map_err(from_orm)?;
        let items = models.into_iter().map(from_execution).collect::<Result<_, _>>()?;
        Ok(HookExecutionPage { items, total })
    }
}
