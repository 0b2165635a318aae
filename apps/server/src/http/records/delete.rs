//! DELETE /records/{collection}/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::records::Records;
use snackbase_domain::RecordId;

use crate::http::error::ApiResult;
use crate::http::extract::Anybody;

/// Deletes a record.
#[utoipa::path(delete, path = "/api/v1/records/{collection}/{id}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("id" = String, Path, description = "Id of the record"),
    ),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn delete(
    Anybody(caller): Anybody,
    path: Path<(String, String)>,
    records: Data<Records>,
) -> ApiResult {
    let (collection, id) = path.into_inner();
    records.delete(&caller, &collection, &RecordId::new(id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
