//! DELETE /records/{collection}/{id}

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use snackbase_application::records::Records;
use snackbase_domain::RecordId;

use crate::http::error::ApiResult;
use crate::http::etag;
use crate::http::extract::Anybody;

/// Deletes a record.
#[utoipa::path(delete, path = "/api/v1/records/{collection}/{id}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("id" = String, Path, description = "Id of the record"),
        ("If-Match" = Option<String>, Header, description = "ETags: only if the record was not changed since"),
    ),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 412)))]
pub async fn delete(
    Anybody(caller): Anybody,
    http: HttpRequest,
    path: Path<(String, String)>,
    records: Data<Records>,
) -> ApiResult {
    let (collection, id) = path.into_inner();
    records.delete_if(&caller, &collection, &RecordId::new(id), &etag::precondition(&http)).await?;
    Ok(HttpResponse::NoContent().finish())
}
