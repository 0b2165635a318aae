//! GET /endpoints

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::endpoints::Endpoints;
use snackbase_application::ports::EndpointQuery;
use utoipa::ToSchema;

use super::EndpointRow;
use crate::http::automation::{AutomationCaller, Part};
use crate::http::error::ApiResult;
use crate::http::input::Query;

/// A part of an account's endpoints.
#[derive(Serialize, ToSchema)]
pub struct EndpointList {
    items: Vec<EndpointRow>,
    /// How many match in all.
    total: u64,
}

/// Lists the endpoints of the account, newest first.
#[utoipa::path(get, path = "/api/v1/endpoints", tag = "endpoints",
    params(
        ("method" = Option<String>, Query, description = "A method, in any case"),
        ("enabled" = Option<bool>, Query, description = "Whether they are enabled"),
        ("limit" = Option<u64>, Query, description = "1 to 200; 50 if absent"),
        ("offset" = Option<u64>, Query, description = "How many to leave out"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = EndpointList), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn list(caller: AutomationCaller, query: Query, endpoints: Data<Endpoints>) -> ApiResult {
    let mut fields = query.fields();
    let method = fields.string("method").optional().map(|method| method.to_ascii_uppercase());
    let enabled = fields.boolean("enabled").optional();
    let Part { offset, limit } = Part::read(&mut fields);
    fields.finish()?;
    let found = endpoints.list(caller.account, &EndpointQuery { method, enabled, offset, limit }).await?;
    let items = found.items.into_iter().map(EndpointRow::from).collect();
    Ok(HttpResponse::Ok().json(EndpointList { items, total: found.total }))
}
