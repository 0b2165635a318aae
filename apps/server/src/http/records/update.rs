//! PUT and PATCH /records/{collection}/{id}

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use snackbase_application::records::Records;
use snackbase_domain::RecordId;

use super::record;
use crate::http::error::ApiResult;
use crate::http::etag;
use crate::http::extract::Anybody;
use crate::http::input::JsonBody;

/// Replaces a record: required fields must be sent, absent optional ones stay.
#[utoipa::path(put, path = "/api/v1/records/{collection}/{id}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("id" = String, Path, description = "Id of the record"),
        ("If-Match" = Option<String>, Header, description = "ETags: only if the record was not changed since"),
    ),
    request_body = super::RecordValues,
    responses((status = 200, body = super::Record), (status = 400), (status = 401), (status = 403), (status = 404), (status = 412), (status = 422)))]
pub async fn replace(
    body: JsonBody,
    Anybody(caller): Anybody,
    http: HttpRequest,
    path: Path<(String, String)>,
    records: Data<Records>,
) -> ApiResult {
    let (collection, id) = path.into_inner();
    let (id, precondition) = (RecordId::new(id), etag::precondition(&http));
    let changed = records.replace_if(&caller, &collection, &id, body.object()?, &precondition).await?;
    Ok(record(HttpResponse::Ok(), changed))
}

/// Changes the fields that are sent.
#[utoipa::path(patch, path = "/api/v1/records/{collection}/{id}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("id" = String, Path, description = "Id of the record"),
        ("If-Match" = Option<String>, Header, description = "ETags: only if the record was not changed since"),
    ),
    request_body = super::RecordValues,
    responses((status = 200, body = super::Record), (status = 400), (status = 401), (status = 403), (status = 404), (status = 412), (status = 422)))]
pub async fn patch(
    body: JsonBody,
    Anybody(caller): Anybody,
    http: HttpRequest,
    path: Path<(String, String)>,
    records: Data<Records>,
) -> ApiResult {
    let (collection, id) = path.into_inner();
    let (id, precondition) = (RecordId::new(id), etag::precondition(&http));
    let changed = records.patch_if(&caller, &collection, &id, body.object()?, &precondition).await?;
    Ok(record(HttpResponse::Ok(), changed))
}
