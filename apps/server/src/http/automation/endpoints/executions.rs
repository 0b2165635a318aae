//! GET /endpoints/{endpoint_id}/executions

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use snackbase_application::endpoints::Endpoints;
use utoipa::ToSchema;

use super::EndpointExecutionRow;
use crate::http::automation::{AutomationCaller, Part};
use crate::http::error::ApiResult;
use crate::http::input::Query;

/// A part of an endpoint's executions.
#[derive(Serialize, ToSchema)]
pub struct EndpointExecutionList {
    items: Vec<EndpointExecutionRow>,
    /// How many there are in all.
    total: u64,
}

/// Lists what came of an endpoint, newest first; the newest 1000 executions are kept.
#[utoipa::path(get, path = "/api/v1/endpoints/{endpoint_id}/executions", tag = "endpoints",
    params(
        ("endpoint_id" = String, Path, description = "Id of the endpoint"),
        ("limit" = Option<u64>, Query, description = "1 to 200; 50 if absent"),
        ("offset" = Option<u64>, Query, description = "How many to leave out"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = EndpointExecutionList), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn executions(
    caller: AutomationCaller,
    path: Path<String>,
    query: Query,
    endpoints: Data<Endpoints>,
) -> ApiResult {
    let mut fields = query.fields();
    let part = Part::read(&mut fields);
    fields.finish()?;
    let found = endpoints.executions(caller.account, &path, part.offset, part.limit).await?;
    let items = found.items.into_iter().map(EndpointExecutionRow::from).collect();
    Ok(HttpResponse::Ok().json(EndpointExecutionList { items, total: found.total }))
}
