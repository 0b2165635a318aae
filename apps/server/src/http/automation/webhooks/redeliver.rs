//! POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::webhooks::Webhooks;

use super::DeliveryRow;
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Makes a new delivery with the payload of another one.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", tag = "webhooks",
    params(
        ("webhook_id" = String, Path, description = "Id of the webhook"),
        ("delivery_id" = String, Path, description = "Id of the delivery"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 202, body = DeliveryRow), (status = 401), (status = 403), (status = 404)))]
pub async fn redeliver(
    caller: AutomationCaller,
    path: Path<(String, String)>,
    webhooks: Data<Webhooks>,
) -> ApiResult {
    let (webhook, delivery) = &*path;
    let made = webhooks.redeliver(&caller.by, caller.account, webhook, delivery).await?;
    Ok(HttpResponse::Accepted().json(DeliveryRow::try_from(made)?))
}
