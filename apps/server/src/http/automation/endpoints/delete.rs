//! DELETE /endpoints/{endpoint_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::endpoints::Endpoints;

use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Deletes an endpoint with its executions.
#[utoipa::path(delete, path = "/api/v1/endpoints/{endpoint_id}", tag = "endpoints",
    params(
        ("endpoint_id" = String, Path, description = "Id of the endpoint"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(caller: AutomationCaller, path: Path<String>, endpoints: Data<Endpoints>) -> ApiResult {
    endpoints.delete(&caller.by, caller.account, &path).await?;
    Ok(HttpResponse::NoContent().finish())
}
