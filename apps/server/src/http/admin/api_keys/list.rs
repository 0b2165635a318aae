//! GET /admin/api-keys

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::api_keys::ApiKeys;
use utoipa::ToSchema;

use super::ApiKey;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// The caller's keys.
#[derive(Serialize, ToSchema)]
pub struct ApiKeyList {
    items: Vec<ApiKey>,
    total: usize,
}

/// Lists the caller's keys, revoked ones too, newest first.
#[utoipa::path(get, path = "/api/v1/admin/api-keys", tag = "api keys",
    responses((status = 200, body = ApiKeyList), (status = 401), (status = 403)))]
pub async fn list(Superadmin(caller): Superadmin, keys: Data<ApiKeys>) -> ApiResult {
    let items: Vec<_> = keys.list(&caller).await?.into_iter().map(ApiKey::from).collect();
    Ok(HttpResponse::Ok().json(ApiKeyList { total: items.len(), items }))
}
