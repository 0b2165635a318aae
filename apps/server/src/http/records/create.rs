//! POST /records/{collection}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::records::Records;

use super::idempotency::{IdempotencyKey, told};
use super::record;
use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::JsonBody;

/// Creates a record.
#[utoipa::path(post, path = "/api/v1/records/{collection}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of the caller's own: within 24 hours, the same request is carried out once, and answered alike"),
    ),
    request_body = super::RecordValues,
    responses((status = 201, body = super::Record), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    body: JsonBody,
    Anybody(caller): Anybody,
    collection: Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    records: Data<Records>,
) -> ApiResult {
    let body = body.object()?;
    let Some(key) = key else {
        let made = records.create(&caller, &collection, body).await?;
        return Ok(record(HttpResponse::Created(), made));
    };
    let made = records.create_keyed(&caller, &collection, &key, body).await?;
    Ok(told(record(HttpResponse::Created(), made.reply), made.replayed))
}
