//! GET /webhooks/{webhook_id}/deliveries

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use snackbase_application::webhooks::Webhooks;
use utoipa::ToSchema;

use super::DeliveryRow;
use crate::http::automation::{AutomationCaller, Part};
use crate::http::error::ApiResult;
use crate::http::input::Query;

/// A part of a webhook's deliveries.
#[derive(Serialize, ToSchema)]
pub struct DeliveryList {
    items: Vec<DeliveryRow>,
    /// How many there are in all.
    total: u64,
}

/// Lists the deliveries of the last 30 days, newest first.
#[utoipa::path(get, path = "/api/v1/webhooks/{webhook_id}/deliveries", tag = "webhooks",
    params(
        ("webhook_id" = String, Path, description = "Id of the webhook"),
        ("limit" = Option<u64>, Query, description = "1 to 200; 50 if absent"),
        ("offset" = Option<u64>, Query, description = "How many to leave out"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = DeliveryList), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn deliveries(
    caller: AutomationCaller,
    path: Path<String>,
    query: Query,
    webhooks: Data<Webhooks>,
) -> ApiResult {
    let mut fields = query.fields();
    let part = Part::read(&mut fields);
    fields.finish()?;
    let found = webhooks.deliveries(caller.account, &path, part.offset, part.limit).await?;
    let items = found.items.into_iter().map(DeliveryRow::try_from).collect::<Result<_, _>>()?;
    Ok(HttpResponse::Ok().json(DeliveryList { items, total: found.total }))
}
