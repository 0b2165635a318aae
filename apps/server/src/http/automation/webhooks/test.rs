//! POST /webhooks/{webhook_id}/test

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use snackbase_application::webhooks::Webhooks;
use utoipa::ToSchema;

use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// What came of trying a webhook out.
#[derive(Serialize, ToSchema)]
pub struct WebhookTestResult {
    /// Whether the receiver answered with 2xx.
    success: bool,
    #[schema(required)]
    status_code: Option<u16>,
    /// The beginning of the answer.
    #[schema(required)]
    response_body: Option<String>,
    /// Why there was no answer.
    #[schema(required)]
    error: Option<String>,
}

/// Sends an event `test` at once, also where the webhook is disabled.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook_id}/test", tag = "webhooks",
    params(
        ("webhook_id" = String, Path, description = "Id of the webhook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = WebhookTestResult), (status = 401), (status = 403), (status = 404)))]
pub async fn test(caller: AutomationCaller, path: Path<String>, webhooks: Data<Webhooks>) -> ApiResult {
    let result = webhooks.test(caller.account, &path).await?;
    Ok(HttpResponse::Ok().json(WebhookTestResult {
        success: result.success,
        status_code: result.status_code,
        response_body: result.response_body,
        error: result.error,
    }))
}
