//! Hooks that accounts define.

mod create;
mod delete;
mod executions;
mod get;
mod list;
mod toggle;
mod trigger;
mod update;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_domain::automation::Trigger;
use snackbase_domain::automation::cron::Cron;
use snackbase_domain::hook::{Hook, HookExecution};
use utoipa::{OpenApi, ToSchema};

use crate::http::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    get::get,
    update::update,
    delete::delete,
    toggle::toggle,
    trigger::trigger,
    executions::executions
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/hooks",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/hooks/{hook_id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PATCH, web::to(update::update)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ))
        .service(resource("/hooks/{hook_id}/toggle", [(Method::PATCH, web::to(toggle::toggle))]))
        .service(resource("/hooks/{hook_id}/trigger", [(Method::POST, web::to(trigger::trigger))]))
        .service(resource("/hooks/{hook_id}/executions", [(Method::GET, web::to(executions::executions))]));
}

/// A hook.
#[derive(Serialize, ToSchema)]
pub struct HookRow {
    id: String,
    account_id: String,
    name: String,
    #[schema(required)]
    description: Option<String>,
    /// `{"type": "event", "event": …, "collection": …}`, `{"type": "schedule", "cron": …}` or
    /// `{"type": "manual"}`
    #[schema(value_type = Object)]
    trigger: Map<String, Value>,
    /// What must hold of the event's record.
    #[schema(required)]
    condition: Option<String>,
    /// Done one after another.
    #[schema(value_type = Vec<Object>)]
    actions: Vec<Map<String, Value>>,
    enabled: bool,
    #[schema(required)]
    last_run_at: Option<DateTime<Utc>>,
    /// When it is due next, of enabled hooks with a schedule.
    #[schema(required)]
    next_run_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: String,
    #[schema(required)]
    cron: Option<String>,
    /// The schedule in words.
    #[schema(required)]
    cron_description: Option<String>,
}

impl From<Hook> for HookRow {
    fn from(hook: Hook) -> Self {
        let cron = match &hook.trigger {
            Trigger::Schedule { cron } => Some(cron.clone()),
            _ => None,
        };
        let described = cron.as_deref().and_then(|cron| Cron::parse(cron).ok());
        Self {
            id: hook.id.to_string(),
            account_id: hook.account_id.to_string(),
            name: hook.name,
            description: hook.description,
            trigger: hook.trigger.to_stored(),
            condition: hook.condition,
            actions: hook.actions,
            enabled: hook.enabled,
            last_run_at: hook.last_run_at,
            next_run_at: hook.next_run_at,
            created_at: hook.created_at,
            updated_at: hook.updated_at,
            created_by: hook.created_by.to_string(),
            cron,
            cron_description: described.map(|cron| cron.description()),
        }
    }
}

/// A run of a hook.
#[derive(Serialize, ToSchema)]
pub struct HookExecutionRow {
    id: String,
    hook_id: String,
    /// `event`, `manual` or `schedule`
    trigger_type: &'static str,
    /// `success`; `partial`, when an action failed after at least one was done; `failed`
    status: &'static str,
    actions_executed: u32,
    #[schema(required)]
    error_message: Option<String>,
    /// In milliseconds.
    duration_ms: u64,
    /// What set it off.
    #[schema(value_type = Object)]
    execution_context: Map<String, Value>,
    executed_at: DateTime<Utc>,
}

impl From<HookExecution> for HookExecutionRow {
    fn from(execution: HookExecution) -> Self {
        Self {
            id: execution.id.to_string(),
            hook_id: execution.hook_id.to_string(),
            trigger_type: execution.occasion.as_str(),
            status: execution.status.as_str(),
            actions_executed: execution.actions_executed,
            error_message: execution.error,
            duration_ms: execution.duration_ms,
            execution_context: execution.context,
            executed_at: execution.executed_at,
        }
    }
}
