//! GET /webhooks/{webhook_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::webhooks::Webhooks;

use super::WebhookRow;
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Reads a webhook, without its secret.
#[utoipa::path(get, path = "/api/v1/webhooks/{webhook_id}", tag = "webhooks",
    params(
        ("webhook_id" = String, Path, description = "Id of the webhook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = WebhookRow), (status = 401), (status = 403), (status = 404)))]
pub async fn get(caller: AutomationCaller, path: Path<String>, webhooks: Data<Webhooks>) -> ApiResult {
    let found = webhooks.view(caller.account, &path).await?;
    Ok(HttpResponse::Ok().json(WebhookRow::from(found)))
}
