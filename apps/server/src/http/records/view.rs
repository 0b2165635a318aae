//! GET /records/{collection}/{id}

use actix_web::http::header::ETAG;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use snackbase_application::records::{Records, ViewRequest, entity_tag};
use snackbase_domain::RecordId;

use super::record;
use crate::http::error::ApiResult;
use crate::http::etag;
use crate::http::extract::Anybody;
use crate::http::input::Query;

/// Reads a record.
#[utoipa::path(get, path = "/api/v1/records/{collection}/{id}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("id" = String, Path, description = "Id of the record"),
        ("fields" = Option<String>, Query, description = "Fields wanted, comma separated"),
        ("expand" = Option<String>, Query, description = "References to replace by their records"),
        ("If-None-Match" = Option<String>, Header, description = "ETags of what the caller has already"),
    ),
    responses((status = 200, body = super::Record), (status = 304), (status = 401), (status = 403), (status = 404)))]
pub async fn view(
    Anybody(caller): Anybody,
    http: HttpRequest,
    path: Path<(String, String)>,
    query: Query,
    records: Data<Records>,
) -> ApiResult {
    let (collection, id) = path.into_inner();
    let text = |name| query.get(name).map(str::to_owned);
    let request = ViewRequest { fields: text("fields"), expand: text("expand") };
    let found = records.view(&caller, &collection, &RecordId::new(id), &request).await?;
    match entity_tag(&found).filter(|tag| etag::is_known(&http, tag)) {
        Some(tag) => Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish()),
        None => Ok(record(HttpResponse::Ok(), found)),
    }
}
