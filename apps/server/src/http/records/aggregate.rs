//! GET /records/{collection}/aggregate

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::records::{AggregateReply, AggregateRequest, Records, ViewRequest};
use snackbase_domain::RecordId;
use utoipa::ToSchema;

use super::json;
use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::Query;

/// Groups of records.
#[derive(Serialize, ToSchema)]
pub struct Groups {
    /// For each group the results by function (`count`, `sum_price`) and the values of its fields.
    results: Vec<Map<String, Value>>,
    total_groups: u64,
}

/// Computes over the records that may be listed.
#[utoipa::path(get, path = "/api/v1/records/{collection}/aggregate", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("functions" = String, Query, description = "What to compute, comma separated: `count()`, `count(f)`, `sum(f)`, `avg(f)`, `min(f)`, `max(f)`; 20 at most"),
        ("group_by" = Option<String>, Query, description = "Fields whose equal values make a group, comma separated; 10 at most"),
        ("filter" = Option<String>, Query, description = "An expression that records must satisfy, e.g. `views > 10`"),
        ("search" = Option<String>, Query, description = "Words that searchable fields of records must have, all of them: `wine gla* \"red wine\"`"),
        ("having" = Option<String>, Query, description = "A condition that groups must satisfy, e.g. `count() > 1 AND sum_price < 50`"),
        ("X-Account-ID" = Option<String>, Header, description = "Slug or code of the account, for anonymous callers"),
    ),
    responses((status = 200, body = Groups), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn aggregate(
    Anybody(caller): Anybody,
    collection: Path<String>,
    query: Query,
    records: Data<Records>,
) -> ApiResult {
    let mut fields = query.fields();
    let functions = fields.string("functions").required();
    fields.finish()?;
    let text = |name| query.get(name).map(str::to_owned);
    let request = AggregateRequest {
        functions,
        group_by: text("group_by"),
        filter: text("filter"),
        search: text("search"),
        having: text("having"),
    };
    let AggregateReply { results, total_groups } = records.aggregate(&caller, &collection, &request).await?;
    let mut text = Vec::with_capacity(results.len() + 40);
    text.extend_from_slice(b"{\"results\":[");
    text.extend_from_slice(&results);
    text.extend_from_slice(format!("],\"total_groups\":{total_groups}}}").as_bytes());
    Ok(json(HttpResponse::Ok(), text))
}

/// Other methods take `aggregate` for an id, which no record has.
pub async fn no_record(
    Anybody(caller): Anybody,
    collection: Path<String>,
    records: Data<Records>,
) -> ApiResult {
    let id = RecordId::new("aggregate");
    let record = records.view(&caller, &collection, &id, &ViewRequest::default()).await?;
    Ok(json(HttpResponse::Ok(), record))
}
