//! POST, PATCH and DELETE /records/{collection}/batch

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::records::{BatchRecords, RecordChange, Records, ViewRequest};
use snackbase_domain::RecordId;
use utoipa::ToSchema;

use super::idempotency::{IdempotencyKey, told};
use super::json;
use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::{JsonBody, Loc};

/// Records to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct CreateBatch {
    records: Vec<Map<String, Value>>,
}

/// A change of a record.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct Change {
    id: String,
    data: Map<String, Value>,
}

/// Changes of records.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct UpdateBatch {
    records: Vec<Change>,
}

/// Records to be deleted.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct DeleteBatch {
    ids: Vec<String>,
}

/// The records that a batch made.
#[derive(Serialize, ToSchema)]
pub struct Created {
    created: Vec<super::Record>,
    count: usize,
}

/// The records that a batch changed.
#[derive(Serialize, ToSchema)]
pub struct Updated {
    updated: Vec<super::Record>,
    count: usize,
}

/// The ids of the records that a batch deleted.
#[derive(Serialize, ToSchema)]
pub struct Deleted {
    deleted: Vec<String>,
    count: usize,
}

/// How long the place of a record is: `body`, `records`, its index. What it holds is judged with
/// the collection's schema.
const RECORD: usize = 3;

fn reply(key: &str, BatchRecords { items, count }: &BatchRecords) -> Vec<u8> {
    let mut text = Vec::with_capacity(items.len() + 40);
    text.extend_from_slice(format!("{{\"{key}\":[").as_bytes());
    text.extend_from_slice(items);
    text.extend_from_slice(format!("],\"count\":{count}}}").as_bytes());
    text
}

/// Creates records, all or none.
#[utoipa::path(post, path = "/api/v1/records/{collection}/batch", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of the caller's own: within 24 hours, the same request is carried out once, and answered alike"),
    ),
    request_body = CreateBatch,
    responses((status = 201, body = Created), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    body: JsonBody,
    Anybody(caller): Anybody,
    collection: Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    records: Data<Records>,
) -> ApiResult {
    let mut fields = body.fields_around(|at| at.len() >= RECORD)?;
    let bodies = fields.objects("records").min_items(1).required();
    fields.finish()?;
    let Some(key) = key else {
        let made = records.create_batch(&caller, &collection, &bodies).await?;
        return Ok(json(HttpResponse::Created(), reply("created", &made)));
    };
    let made = records.create_batch_keyed(&caller, &collection, &key, &bodies).await?;
    Ok(told(json(HttpResponse::Created(), reply("created", &made.reply)), made.replayed))
}

/// Changes records, all or none.
#[utoipa::path(patch, path = "/api/v1/records/{collection}/batch", tag = "records",
    params(("collection" = String, Path, description = "Name of the collection")),
    request_body = UpdateBatch,
    responses((status = 200, body = Updated), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn update(
    body: JsonBody,
    Anybody(caller): Anybody,
    collection: Path<String>,
    records: Data<Records>,
) -> ApiResult {
    let in_data = |at: &[Loc]| at.get(RECORD) == Some(&Loc::from("data"));
    let mut fields = body.fields_around(in_data)?;
    let change = |item: &mut crate::http::input::Fields<'_>| RecordChange {
        id: RecordId::new(item.string("id").required()),
        data: item.object("data").required(),
    };
    let changes = fields.items("records", change).min_items(1).required();
    fields.finish()?;
    let changed = records.update_batch(&caller, &collection, &changes).await?;
    Ok(json(HttpResponse::Ok(), reply("updated", &changed)))
}

/// Deletes records, all or none.
#[utoipa::path(delete, path = "/api/v1/records/{collection}/batch", tag = "records",
    params(("collection" = String, Path, description = "Name of the collection")),
    request_body = DeleteBatch,
    responses((status = 200, body = Deleted), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn delete(
    body: JsonBody,
    Anybody(caller): Anybody,
    collection: Path<String>,
    records: Data<Records>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let ids = fields.strings("ids").min_items(1).required();
    fields.finish()?;
    let ids: Vec<_> = ids.into_iter().map(RecordId::new).collect();
    let gone = records.delete_batch(&caller, &collection, &ids).await?;
    let deleted: Vec<_> = gone.ids.iter().map(ToString::to_string).collect();
    Ok(HttpResponse::Ok().json(Deleted { count: deleted.len(), deleted }))
}

/// Other methods take `batch` for an id, which no record has.
pub async fn no_record(
    Anybody(caller): Anybody,
    collection: Path<String>,
    records: Data<Records>,
) -> ApiResult {
    let id = RecordId::new("batch");
    let record = records.view(&caller, &collection, &id, &ViewRequest::default()).await?;
    Ok(json(HttpResponse::Ok(), record))
}
