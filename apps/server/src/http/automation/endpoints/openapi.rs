//! GET /endpoints/openapi.json

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use snackbase_application::endpoints::Endpoints;

use super::document::document;
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Describes the account's endpoints that can be called, as an OpenAPI document (3.1).
#[utoipa::path(get, path = "/api/v1/endpoints/openapi.json", tag = "endpoints",
    params(("account_id" = Option<String>, Query, description = "The account that a superadmin acts in")),
    responses((status = 200, body = serde_json::Value), (status = 401), (status = 403), (status = 404)))]
pub async fn openapi(
    request: HttpRequest,
    caller: AutomationCaller,
    endpoints: Data<Endpoints>,
) -> ApiResult {
    let (account, endpoints) = endpoints.described(caller.account).await?;
    let prefix = request.path().strip_suffix("/endpoints/openapi.json").unwrap_or_default();
    Ok(HttpResponse::Ok().json(document(&account, &endpoints, prefix)))
}
