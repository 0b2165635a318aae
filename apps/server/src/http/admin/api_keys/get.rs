//! GET /admin/api-keys/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::api_keys::ApiKeys;

use super::ApiKey;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Reads one of the caller's keys.
#[utoipa::path(get, path = "/api/v1/admin/api-keys/{id}", tag = "api keys",
    params(("id" = String, Path, description = "Id of the key")),
    responses((status = 200, body = ApiKey), (status = 401), (status = 403), (status = 404)))]
pub async fn get(Superadmin(caller): Superadmin, id: Path<String>, keys: Data<ApiKeys>) -> ApiResult {
    Ok(HttpResponse::Ok().json(ApiKey::from(keys.get(&caller, &id).await?)))
}
