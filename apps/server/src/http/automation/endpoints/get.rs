//! GET /endpoints/{endpoint_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::endpoints::Endpoints;

use super::EndpointRow;
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;

/// Reads an endpoint.
#[utoipa::path(get, path = "/api/v1/endpoints/{endpoint_id}", tag = "endpoints",
    params(
        ("endpoint_id" = String, Path, description = "Id of the endpoint"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = EndpointRow), (status = 401), (status = 403), (status = 404)))]
pub async fn get(caller: AutomationCaller, path: Path<String>, endpoints: Data<Endpoints>) -> ApiResult {
    Ok(HttpResponse::Ok().json(EndpointRow::from(endpoints.get(caller.account, &path).await?)))
}
