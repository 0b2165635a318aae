//! POST /hooks

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::{Map, Value};
use snackbase_application::hooks::{Hooks, NewHook};
use snackbase_domain::hook::MAX_NAME_CHARS;
use utoipa::ToSchema;

use super::HookRow;
use crate::http::automation::AutomationCaller;
use crate::http::automation::trigger::TriggerField;
use crate::http::error::ApiResult;
use crate::http::input::JsonBody;

/// A hook to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct NewHookBody {
    /// 1 to 200 characters.
    name: String,
    description: Option<String>,
    /// `{"type": "event", "event": "records.create", "collection": "posts"}` (the collection may be
    /// absent; also `records.update`, `records.delete`, `auth.login`, `auth.register`),
    /// `{"type": "schedule", "cron": "*/5 * * * *"}` or `{"type": "manual"}`
    #[schema(value_type = Object)]
    trigger: Map<String, Value>,
    /// What must hold of the event's record.
    condition: Option<String>,
    /// `{"type": "send_webhook", "url": …}` and others, done one after another.
    #[schema(value_type = Option<Vec<Object>>)]
    actions: Option<Vec<Map<String, Value>>>,
    /// True if absent.
    enabled: Option<bool>,
}

/// Makes a hook.
#[utoipa::path(post, path = "/api/v1/hooks", tag = "hooks", request_body = NewHookBody,
    params(("account_id" = Option<String>, Query, description = "The account that a superadmin acts in")),
    responses((status = 201, body = HookRow), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn create(body: JsonBody, caller: AutomationCaller, hooks: Data<Hooks>) -> ApiResult {
    let mut fields = body.fields()?;
    let name = fields.string("name").len(1, MAX_NAME_CHARS).required();
    let description = fields.string("description").optional();
    let trigger = fields.field("trigger", TriggerField::OF_HOOKS).required();
    let condition = fields.string("condition").optional();
    let actions = fields.objects("actions").default(Vec::new());
    let enabled = fields.boolean("enabled").default(true);
    fields.finish()?;
    let trigger = trigger.trigger(String::new)?;
    let new = NewHook { name, description, trigger, condition, actions, enabled };
    let made = hooks.create(&caller.by, caller.account, new).await?;
    Ok(HttpResponse::Created().json(HookRow::from(made)))
}
