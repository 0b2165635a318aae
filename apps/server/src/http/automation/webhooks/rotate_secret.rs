//! POST /webhooks/{webhook_id}/rotate-secret

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::webhooks::Webhooks;

use super::WebhookWithSecret;
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Gives a webhook a new secret. What is sent from now on is signed with it.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook_id}/rotate-secret", tag = "webhooks",
    params(
        ("webhook_id" = String, Path, description = "Id of the webhook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = WebhookWithSecret), (status = 401), (status = 403), (status = 404)))]
pub async fn rotate_secret(
    caller: AutomationCaller,
    path: Path<String>,
    webhooks: Data<Webhooks>,
) -> ApiResult {
    let made = webhooks.rotate_secret(&caller.by, caller.account, &path).await?;
    Ok(HttpResponse::Ok().json(WebhookWithSecret::from(made)))
}
