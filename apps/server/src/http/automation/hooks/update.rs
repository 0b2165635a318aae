//! PATCH /hooks/{hook_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde_json::{Map, Value};
use snackbase_application::hooks::{HookChanges, Hooks};
use snackbase_domain::hook::MAX_NAME_CHARS;
use utoipa::ToSchema;

use super::HookRow;
use crate::http::automation::AutomationCaller;
use crate::http::automation::trigger::TriggerField;
use crate::http::error::ApiResult;
use crate::http::input::JsonBody;

/// What to change of a hook; what is absent or null stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct HookChangeBody {
    name: Option<String>,
    description: Option<String>,
    #[schema(value_type = Option<Object>)]
    trigger: Option<Map<String, Value>>,
    /// Empty: none.
    condition: Option<String>,
    #[schema(value_type = Option<Vec<Object>>)]
    actions: Option<Vec<Map<String, Value>>>,
    enabled: Option<bool>,
}

/// Changes a hook.
#[utoipa::path(patch, path = "/api/v1/hooks/{hook_id}", tag = "hooks", request_body = HookChangeBody,
    params(
        ("hook_id" = String, Path, description = "Id of the hook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = HookRow), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn update(
    body: JsonBody,
    caller: AutomationCaller,
    path: Path<String>,
    hooks: Data<Hooks>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let name = fields.string("name").len(1, MAX_NAME_CHARS).optional();
    let description = fields.string("description").optional();
    let trigger = fields.field("trigger", TriggerField::OF_HOOKS).optional();
    let condition = fields.string("condition").optional();
    let actions = fields.objects("actions").optional();
    let enabled = fields.boolean("enabled").optional();
    fields.finish()?;
    let trigger = trigger.map(|trigger| trigger.trigger(String::new)).transpose()?;
    let changes = HookChanges { name, description, trigger, condition, actions, enabled };
    let changed = hooks.update(&caller.by, caller.account, &path, changes).await?;
    Ok(HttpResponse::Ok().json(HookRow::from(changed)))
}
