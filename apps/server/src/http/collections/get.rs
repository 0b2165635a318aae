//! GET /collections/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::collections::Collections;

use super::Collection;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Reads a collection.
#[utoipa::path(get, path = "/api/v1/collections/{id}", tag = "collections",
    params(("id" = String, Path, description = "Id of the collection")),
    responses((status = 200, body = Collection), (status = 401), (status = 403), (status = 404)))]
pub async fn get(_: Superadmin, id: Path<String>, collections: Data<Collections>) -> ApiResult {
    Ok(HttpResponse::Ok().json(Collection::from(collections.get(&id).await?)))
}
