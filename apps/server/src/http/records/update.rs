//! PUT and PATCH /records/{collection}/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::records::Records;
use snackbase_domain::RecordId;

use super::json;
use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::JsonBody;

/// Replaces a record: required fields must be sent, absent optional ones stay.
#[utoipa::path(put, path = "/api/v1/records/{collection}/{id}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("id" = String, Path, description = "Id of the record"),
    ),
    request_body = super::RecordValues,
    responses((status = 200, body = super::Record), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn replace(
    body: JsonBody,
    Anybody(caller): Anybody,
    path: Path<(String, String)>,
    records: Data<Records>,
) -> ApiResult {
    let (collection, id) = path.into_inner();
    let record = records.replace(&caller, &collection, &RecordId::new(id), body.object()?).await?;
    Ok(json(HttpResponse::Ok(), record))
}

/// Changes the fields that are sent.
#[utoipa::path(patch, path = "/api/v1/records/{collection}/{id}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("id" = String, Path, description = "Id of the record"),
    ),
    request_body = super::RecordValues,
    responses((status = 200, body = super::Record), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn patch(
    body: JsonBody,
    Anybody(caller): Anybody,
    path: Path<(String, String)>,
    records: Data<Records>,
) -> ApiResult {
    let (collection, id) = path.into_inner();
    let record = records.patch(&caller, &collection, &RecordId::new(id), body.object()?).await?;
    Ok(json(HttpResponse::Ok(), record))
}
