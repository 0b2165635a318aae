//! DELETE /admin/api-keys/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::api_keys::ApiKeys;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Revokes one of the caller's keys.
#[utoipa::path(delete, path = "/api/v1/admin/api-keys/{id}", tag = "api keys",
    params(("id" = String, Path, description = "Id of the key")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(Superadmin(caller): Superadmin, id: Path<String>, keys: Data<ApiKeys>) -> ApiResult {
    keys.revoke(&caller, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
