//! Outbound webhooks.

mod create;
mod delete;
mod deliveries;
mod get;
mod list;
mod redeliver;
mod rotate_secret;
mod test;
mod update;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;
use snackbase_application::AppError;
use snackbase_application::webhooks::WithSecret;
use snackbase_domain::webhook::{Delivery, MAX_COLLECTION, MAX_URL, Webhook, WebhookEvent};
use utoipa::{OpenApi, ToSchema};

use crate::http::input::Fields;
use crate::http::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    get::get,
    update::update,
    delete::delete,
    deliveries::deliveries,
    redeliver::redeliver,
    test::test,
    rotate_secret::rotate_secret
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/webhooks",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/webhooks/{webhook_id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PUT, web::to(update::update)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ))
        .service(resource(
            "/webhooks/{webhook_id}/deliveries",
            [(Method::GET, web::to(deliveries::deliveries))],
        ))
        .service(resource(
            "/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
            [(Method::POST, web::to(redeliver::redeliver))],
        ))
        .service(resource("/webhooks/{webhook_id}/test", [(Method::POST, web::to(test::test))]))
        .service(resource(
            "/webhooks/{webhook_id}/rotate-secret",
            [(Method::POST, web::to(rotate_secret::rotate_secret))],
        ));
}

/// A webhook.
#[derive(Serialize, ToSchema)]
pub struct WebhookRow {
    id: String,
    account_id: String,
    url: String,
    collection: String,
    /// `create`, `update`, `delete`
    events: Vec<&'static str>,
    /// A condition that the record must meet.
    #[schema(required)]
    filter: Option<String>,
    /// False also when deliveries have failed for long: at least five in a row, over at least a day.
    enabled: bool,
    /// Headers that are sent besides ours.
    #[schema(required)]
    headers: Option<BTreeMap<String, String>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: String,
}

impl From<Webhook> for WebhookRow {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id.to_string(),
            account_id: webhook.account_id.to_string(),
            url: webhook.url,
            collection: webhook.collection,
            events: webhook.events.into_iter().map(WebhookEvent::as_str).collect(),
            filter: webhook.filter,
            enabled: webhook.enabled,
            headers: webhook.headers,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
            created_by: webhook.created_by.to_string(),
        }
    }
}

/// A webhook with its secret.
#[derive(Serialize, ToSchema)]
pub struct WebhookWithSecret {
    #[serde(flatten)]
    webhook: WebhookRow,
    /// What deliveries are signed with; it is shown here only.
    secret: String,
}

impl From<WithSecret> for WebhookWithSecret {
    fn from(made: WithSecret) -> Self {
        Self { webhook: made.webhook.into(), secret: made.secret }
    }
}

/// What became of telling a webhook of a change.
#[derive(Serialize, ToSchema)]
pub struct DeliveryRow {
    /// Also in the header `X-SnackBase-Delivery`, the same for all attempts.
    id: String,
    webhook_id: String,
    /// `records.create`, `records.update` or `records.delete`
    event: &'static str,
    /// The body.
    #[schema(value_type = Object)]
    payload: Box<RawValue>,
    /// The status of the last answer.
    #[schema(required)]
    response_status: Option<u16>,
    /// The beginning of the last answer, or why there was none.
    #[schema(required)]
    response_body: Option<String>,
    /// How often it has been tried.
    attempt_number: u32,
    #[schema(required)]
    delivered_at: Option<DateTime<Utc>>,
    #[schema(required)]
    next_retry_at: Option<DateTime<Utc>>,
    /// `pending`, `delivered`, `retrying` or `failed`
    status: &'static str,
    created_at: DateTime<Utc>,
}

impl TryFrom<Delivery> for DeliveryRow {
    type Error = AppError;

    fn try_from(delivery: Delivery) -> Result<Self, AppError> {
        let broken =
            |_| AppError::inconsistent(format!("the payload of delivery {} is no JSON", delivery.id));
        Ok(Self {
            id: delivery.id.to_string(),
            webhook_id: delivery.webhook_id.to_string(),
            event: delivery.event.as_str(),
            payload: RawValue::from_string(delivery.payload).map_err(broken)?,
            response_status: delivery.response_status,
            response_body: delivery.response_body,
            attempt_number: delivery.attempts,
            delivered_at: delivery.delivered_at,
            next_retry_at: delivery.next_retry_at,
            status: delivery.status.as_str(),
            created_at: delivery.created_at,
        })
    }
}

/// What is wrong with the words for events.
fn check_events(words: &[String]) -> Result<(), String> {
    words.iter().try_for_each(|word| WebhookEvent::parse(word).map(drop))
}

/// The events of words that were checked; of two of one word one is left.
fn events(words: &[String]) -> BTreeSet<WebhookEvent> {
    words.iter().filter_map(|word| WebhookEvent::parse(word).ok()).collect()
}

/// Fields that are the same when a webhook is made and when it is changed.
struct Described {
    url: Option<String>,
    collection: Option<String>,
    events: Option<BTreeSet<WebhookEvent>>,
    filter: Option<String>,
    headers: Option<BTreeMap<String, String>>,
}

/// Reads these; with `needed`, those that a webhook cannot do without must be there.
fn describe(fields: &mut Fields<'_>, needed: bool) -> Described {
    let url = fields.string("url").len(1, MAX_URL);
    let url = if needed { Some(url.required()) } else { url.optional() };
    let collection = fields.string("collection").len(1, MAX_COLLECTION);
    let collection = if needed { Some(collection.required()) } else { collection.optional() };
    let words = fields.strings("events").min_items(1).check(|words| check_events(words));
    let words = if needed { Some(words.required()) } else { words.optional() };
    let filter = fields.string("filter").optional();
    let headers = fields.string_map("headers").optional();
    Described {
        url,
        collection,
        events: words.as_deref().map(events),
        filter,
        headers: headers.map(|headers| headers.into_iter().collect()),
    }
}
