//! DELETE /hooks/{hook_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::hooks::Hooks;

use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Deletes a hook with its executions.
#[utoipa::path(delete, path = "/api/v1/hooks/{hook_id}", tag = "hooks",
    params(
        ("hook_id" = String, Path, description = "Id of the hook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(caller: AutomationCaller, path: Path<String>, hooks: Data<Hooks>) -> ApiResult {
    hooks.delete(&caller.by, caller.account, &path).await?;
    Ok(HttpResponse::NoContent().finish())
}
