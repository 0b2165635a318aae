//! PUT /webhooks/{webhook_id}

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::webhooks::{WebhookChange, Webhooks};
use utoipa::ToSchema;

use super::{WebhookRow, describe};
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;
use crate::http::input::JsonBody;

/// What to change of a webhook; what is absent or null stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct WebhookChangeBody {
    url: Option<String>,
    collection: Option<String>,
    events: Option<Vec<String>>,
    /// Empty: all records.
    filter: Option<String>,
    enabled: Option<bool>,
    /// In place of all there were.
    headers: Option<BTreeMap<String, String>>,
}

/// Changes what is sent. The secret is changed by `rotate-secret`.
#[utoipa::path(put, path = "/api/v1/webhooks/{webhook_id}", tag = "webhooks", request_body = WebhookChangeBody,
    params(
        ("webhook_id" = String, Path, description = "Id of the webhook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = WebhookRow), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn update(
    body: JsonBody,
    caller: AutomationCaller,
    path: Path<String>,
    webhooks: Data<Webhooks>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let described = describe(&mut fields, false);
    let enabled = fields.boolean("enabled").optional();
    fields.finish()?;
    let change = WebhookChange {
        url: described.url,
        collection: described.collection,
        events: described.events,
        filter: described.filter,
        enabled,
        headers: described.headers,
    };
    let changed = webhooks.update(&caller.by, caller.account, &path, change).await?;
    Ok(HttpResponse::Ok().json(WebhookRow::from(changed)))
}
