//! GET /records/{collection}/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::records::{Records, ViewRequest};
use snackbase_domain::RecordId;

use super::json;
use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::Query;

/// Reads a record.
#[utoipa::path(get, path = "/api/v1/records/{collection}/{id}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("id" = String, Path, description = "Id of the record"),
        ("fields" = Option<String>, Query, description = "Fields wanted, comma separated"),
        ("expand" = Option<String>, Query, description = "References to replace by their records"),
    ),
    responses((status = 200, body = super::Record), (status = 401), (status = 403), (status = 404)))]
pub async fn view(
    Anybody(caller): Anybody,
    path: Path<(String, String)>,
    query: Query,
    records: Data<Records>,
) -> ApiResult {
    let (collection, id) = path.into_inner();
    let text = |name| query.get(name).map(str::to_owned);
    let request = ViewRequest { fields: text("fields"), expand: text("expand") };
    let record = records.view(&caller, &collection, &RecordId::new(id), &request).await?;
    Ok(json(HttpResponse::Ok(), record))
}
