//! GET /hooks

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::hooks::Hooks;
use snackbase_application::ports::HookQuery;
use utoipa::ToSchema;

use super::HookRow;
use crate::http::automation::{AutomationCaller, Part};
use crate::http::error::ApiResult;
use crate::http::input::Query;

/// A part of an account's hooks.
#[derive(Serialize, ToSchema)]
pub struct HookList {
    items: Vec<HookRow>,
    /// How many match in all.
    total: u64,
}

/// Lists the hooks of the account, newest first.
#[utoipa::path(get, path = "/api/v1/hooks", tag = "hooks",
    params(
        ("trigger_type" = Option<String>, Query, description = "`event`, `schedule` or `manual`"),
        ("enabled" = Option<bool>, Query, description = "Whether they are enabled"),
        ("limit" = Option<u64>, Query, description = "1 to 200; 50 if absent"),
        ("offset" = Option<u64>, Query, description = "How many to leave out"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = HookList), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn list(caller: AutomationCaller, query: Query, hooks: Data<Hooks>) -> ApiResult {
    let mut fields = query.fields();
    let trigger_type = fields.string("trigger_type").optional();
    let enabled = fields.boolean("enabled").optional();
    let Part { offset, limit } = Part::read(&mut fields);
    fields.finish()?;
    let found = hooks.list(caller.account, &HookQuery { trigger_type, enabled, offset, limit }).await?;
    let items = found.items.into_iter().map(HookRow::from).collect();
    Ok(HttpResponse::Ok().json(HookList { items, total: found.total }))
}
