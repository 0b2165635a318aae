//! GET /hooks/{hook_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::hooks::Hooks;

use super::HookRow;
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Reads a hook.
#[utoipa::path(get, path = "/api/v1/hooks/{hook_id}", tag = "hooks",
    params(
        ("hook_id" = String, Path, description = "Id of the hook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = HookRow), (status = 401), (status = 403), (status = 404)))]
pub async fn get(caller: AutomationCaller, path: Path<String>, hooks: Data<Hooks>) -> ApiResult {
    Ok(HttpResponse::Ok().json(HookRow::from(hooks.get(caller.account, &path).await?)))
}
