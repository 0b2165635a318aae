//! GET /webhooks

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::webhooks::Webhooks;
use utoipa::ToSchema;

use super::WebhookRow;
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// An account's webhooks.
#[derive(Serialize, ToSchema)]
pub struct WebhookList {
    items: Vec<WebhookRow>,
    total: usize,
}

/// Lists all webhooks of the account, newest first.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks",
    params(("account_id" = Option<String>, Query, description = "The account that a superadmin acts in")),
    responses((status = 200, body = WebhookList), (status = 401), (status = 403), (status = 404)))]
pub async fn list(caller: AutomationCaller, webhooks: Data<Webhooks>) -> ApiResult {
    let items: Vec<_> = webhooks.list(caller.account).await?.into_iter().map(WebhookRow::from).collect();
    Ok(HttpResponse::Ok().json(WebhookList { total: items.len(), items }))
}
