//! PATCH /hooks/{hook_id}/toggle

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::hooks::Hooks;

use super::HookRow;
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Enables a hook that is disabled, and the other way round.
#[utoipa::path(patch, path = "/api/v1/hooks/{hook_id}/toggle", tag = "hooks",
    params(
        ("hook_id" = String, Path, description = "Id of the hook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = HookRow), (status = 401), (status = 403), (status = 404)))]
pub async fn toggle(caller: AutomationCaller, path: Path<String>, hooks: Data<Hooks>) -> ApiResult {
    let changed = hooks.toggle(&caller.by, caller.account, &path).await?;
    Ok(HttpResponse::Ok().json(HookRow::from(changed)))
}
