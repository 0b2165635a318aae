//! POST /records/{collection}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::records::Records;

use super::json;
use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::JsonBody;

/// Creates a record.
#[utoipa::path(post, path = "/api/v1/records/{collection}", tag = "records",
    params(("collection" = String, Path, description = "Name of the collection")),
    request_body = super::RecordValues,
    responses((status = 201, body = super::Record), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn create(
    body: JsonBody,
    Anybody(caller): Anybody,
    collection: Path<String>,
    records: Data<Records>,
) -> ApiResult {
    let record = records.create(&caller, &collection, body.object()?).await?;
    Ok(json(HttpResponse::Created(), record))
}
