//! GET /records/{collection}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::records::{ListReply, ListRequest, Records};
use snackbase_domain::limits::{DEFAULT_PAGE, MAX_PAGE};

use super::json;
use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::Query;

/// Parameters with a meaning of their own; others name fields.
const PARAMETERS: [&str; 9] =
    ["skip", "limit", "sort", "fields", "filter", "expand", "cursor", "cursor_before", "include_count"];

/// Lists records.
///
/// Other parameters are fields and the values they must have, e.g. `?status=draft`.
#[utoipa::path(get, path = "/api/v1/records/{collection}", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("skip" = Option<u64>, Query, description = "How many to leave out"),
        ("limit" = Option<u64>, Query, description = "How many at most, 1 to 100; 30 if absent"),
        ("sort" = Option<String>, Query, description = "Fields, comma separated: `-f` descending, `+f` ascending"),
        ("fields" = Option<String>, Query, description = "Fields wanted, comma separated"),
        ("filter" = Option<String>, Query, description = "An expression, e.g. `views > 10 && status = \"live\"`"),
        ("expand" = Option<String>, Query, description = "References to replace by their records, e.g. `author.city`"),
        ("X-Account-ID" = Option<String>, Header, description = "Slug or code of the account, for anonymous callers"),
    ),
    responses((status = 200, body = RecordPage), (status = 400), (status = 401), (status = 403)))]
pub async fn list(
    Anybody(caller): Anybody,
    collection: Path<String>,
    query: Query,
    records: Data<Records>,
) -> ApiResult {
    let mut fields = query.fields();
    let skip = fields.int("skip").ge(0).default(0);
    let limit = fields.int("limit").ge(1).le(MAX_PAGE.cast_signed()).default(DEFAULT_PAGE.cast_signed());
    fields.boolean("include_count").optional();
    fields.finish()?;
    let text = |name| query.get(name).map(str::to_owned);
    let others = query.pairs()?.iter().filter(|(name, _)| !PARAMETERS.contains(&name.as_str()));
    let request = ListRequest {
        skip: skip.unsigned_abs(),
        limit: limit.unsigned_abs(),
        sort: text("sort"),
        fields: text("fields"),
        filter: text("filter"),
        expand: text("expand"),
        equals: others.cloned().collect(),
    };
    let ListReply { items, total, skip, limit } = records.list(&caller, &collection, &request).await?;
    let mut text = Vec::with_capacity(items.len() + 64);
    text.extend_from_slice(b"{\"items\":[");
    text.extend_from_slice(&items);
    text.extend_from_slice(format!("],\"total\":{total},\"skip\":{skip},\"limit\":{limit}}}").as_bytes());
    Ok(json(HttpResponse::Ok(), text))
}

/// A page of records.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct RecordPage {
    items: Vec<super::Record>,
    /// How many match in all.
    total: u64,
    skip: u64,
    limit: u64,
}
