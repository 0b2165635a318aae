//! DELETE /webhooks/{webhook_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::webhooks::Webhooks;

use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Deletes a webhook with its deliveries.
#[utoipa::path(delete, path = "/api/v1/webhooks/{webhook_id}", tag = "webhooks",
    params(
        ("webhook_id" = String, Path, description = "Id of the webhook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(caller: AutomationCaller, path: Path<String>, webhooks: Data<Webhooks>) -> ApiResult {
    webhooks.delete(&caller.by, caller.account, &path).await?;
    Ok(HttpResponse::NoContent().finish())
}
