//! GET /collections/names

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::collections::Collections;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// The names of all collections, sorted.
#[derive(Serialize, ToSchema)]
pub struct CollectionNames {
    names: Vec<String>,
    total: usize,
}

/// Lists the names of all collections.
#[utoipa::path(get, path = "/api/v1/collections/names", tag = "collections",
    responses((status = 200, body = CollectionNames), (status = 401), (status = 403)))]
pub async fn names(_: Superadmin, collections: Data<Collections>) -> ApiResult {
    let names = collections.names().await?;
    Ok(HttpResponse::Ok().json(CollectionNames { total: names.len(), names }))
}
