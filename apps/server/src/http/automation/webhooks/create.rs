//! POST /webhooks

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::webhooks::{NewWebhook, Webhooks};
use snackbase_domain::webhook::MAX_SECRET;
use utoipa::ToSchema;

use super::{WebhookWithSecret, describe};
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;
use crate::http::input::JsonBody;

/// A webhook to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct NewWebhookBody {
    /// `http` or `https`; public, unless the installation allows others.
    url: String,
    /// A collection's name; there need not be one.
    collection: String,
    /// At least one of `create`, `update`, `delete`.
    events: Vec<String>,
    /// At most 100 characters; made up when absent or empty.
    secret: Option<String>,
    /// A condition that the record must meet.
    filter: Option<String>,
    /// True if absent.
    enabled: Option<bool>,
    /// Headers that are sent besides ours. Those named `X-SnackBase-*`, `webhook-*`, `Host` and the like are
    /// left out.
    headers: Option<BTreeMap<String, String>>,
}

/// Makes a webhook. The secret is shown here only.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = NewWebhookBody,
    params(("account_id" = Option<String>, Query, description = "The account that a superadmin acts in")),
    responses((status = 201, body = WebhookWithSecret), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn create(body: JsonBody, caller: AutomationCaller, webhooks: Data<Webhooks>) -> ApiResult {
    let mut fields = body.fields()?;
    let described = describe(&mut fields, true);
    let secret = fields.string("secret").max_len(MAX_SECRET).optional();
    let enabled = fields.boolean("enabled").default(true);
    fields.finish()?;
    let new = NewWebhook {
        url: described.url.unwrap_or_default(),
        collection: described.collection.unwrap_or_default(),
        events: described.events.unwrap_or_default(),
        secret,
        filter: described.filter,
        enabled,
        headers: described.headers,
    };
    let made = webhooks.create(&caller.by, caller.account, new).await?;
    Ok(HttpResponse::Created().json(WebhookWithSecret::from(made)))
}
