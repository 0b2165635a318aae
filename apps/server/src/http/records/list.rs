//! GET /records/{collection}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::records::{ListReply, ListRequest, Records, WalkReply, WalkRequest};
use snackbase_domain::limits::{DEFAULT_PAGE, MAX_PAGE};

use super::json;
use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::Query;

/// Parameters with a meaning of their own; others name fields.
const PARAMETERS: [&str; 11] = [
    "skip",
    "limit",
    "sort",
    "fields",
    "filter",
    "search",
    "expand",
    "cursor",
    "cursor_before",
    "include_count",
    "skip_total",
];

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
        ("filter" = Option<String>, Query, description = "An expression, e.g. `views > 10 && author.name = \"Ada\"`"),
        ("search" = Option<String>, Query, description = "Words that searchable fields must have, all of them: `wine gla* \"red wine\"`. The most relevant first, unless `sort` is given"),
        ("expand" = Option<String>, Query, description = "References to replace by their records, e.g. `author.city`"),
        ("cursor" = Option<String>, Query, description = "Walks on after the record of this cursor; empty: from the beginning. `skip` is ignored"),
        ("cursor_before" = Option<String>, Query, description = "The records right before that of this cursor"),
        ("include_count" = Option<bool>, Query, description = "With a cursor: counts all that match"),
        ("skip_total" = Option<bool>, Query, description = "Leaves out how many match in all, which is then null: counting many takes longer than listing some"),
        ("X-Account-ID" = Option<String>, Header, description = "Slug or code of the account, for anonymous callers"),
    ),
    responses((status = 200, body = RecordList), (status = 400), (status = 401), (status = 403)))]
pub async fn list(
    Anybody(caller): Anybody,
    collection: Path<String>,
    query: Query,
    records: Data<Records>,
) -> ApiResult {
    let mut fields = query.fields();
    let skip = fields.int("skip").ge(0).default(0);
    let limit = fields.int("limit").ge(1).le(MAX_PAGE.cast_signed()).default(DEFAULT_PAGE.cast_signed());
    let count = fields.boolean("include_count").default(false);
    let skip_total = fields.boolean("skip_total").default(false);
    fields.finish()?;
    let text = |name| query.get(name).map(str::to_owned);
    let others = query.pairs()?.iter().filter(|(name, _)| !PARAMETERS.contains(&name.as_str()));
    let request = ListRequest {
        skip: skip.unsigned_abs(),
        limit: limit.unsigned_abs(),
        sort: text("sort"),
        fields: text("fields"),
        filter: text("filter"),
        search: text("search"),
        expand: text("expand"),
        skip_total,
        equals: others.cloned().collect(),
    };
    let walk = WalkRequest { after: text("cursor"), before: text("cursor_before"), count };
    if walk.after.is_some() || walk.before.is_some() {
        let reply = records.walk(&caller, &collection, &request, &walk).await?;
        return Ok(json(HttpResponse::Ok(), walk_text(&reply)));
    }
    let ListReply { items, total, skip, limit } = records.list(&caller, &collection, &request).await?;
    let mut text = Vec::with_capacity(items.len() + 64);
    text.extend_from_slice(b"{\"items\":[");
    text.extend_from_slice(&items);
    let total = total_text(total);
    text.extend_from_slice(format!("],\"total\":{total},\"skip\":{skip},\"limit\":{limit}}}").as_bytes());
    Ok(json(HttpResponse::Ok(), text))
}

fn total_text(total: Option<u64>) -> String {
    total.map_or("null".to_owned(), |total| total.to_string())
}

fn walk_text(reply: &WalkReply) -> Vec<u8> {
    let mut text = Vec::with_capacity(reply.items.len() + 512);
    text.extend_from_slice(b"{\"items\":[");
    text.extend_from_slice(&reply.items);
    // Cursors are base64url, so there is nothing to escape.
    let cursor = |cursor: &Option<String>| cursor.as_ref().map_or("null".to_owned(), |c| format!("\"{c}\""));
    let total = total_text(reply.total);
    let (next, previous) = (cursor(&reply.next), cursor(&reply.previous));
    let rest = format!(
        "],\"next_cursor\":{next},\"prev_cursor\":{previous},\"has_more\":{},\"total\":{total}}}",
        reply.more
    );
    text.extend_from_slice(rest.as_bytes());
    text
}

/// Records next to a cursor: the reply where `cursor` or `cursor_before` is given.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct RecordWalk {
    items: Vec<super::Record>,
    /// Stands at the last record; null where there is none.
    #[schema(required)]
    next_cursor: Option<String>,
    /// Stands at the first record.
    #[schema(required)]
    prev_cursor: Option<String>,
    /// Whether there are more in the direction of the walk.
    has_more: bool,
    /// How many match in all, with `include_count=true`.
    #[schema(required)]
    total: Option<u64>,
}

/// Either form of a list.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what is written straight from rows")]
pub enum RecordList {
    Page(RecordPage),
    Walk(RecordWalk),
}

/// A page of records.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct RecordPage {
    items: Vec<super::Record>,
    /// How many match in all; null with `skip_total=true`.
    #[schema(required)]
    total: Option<u64>,
    skip: u64,
    limit: u64,
}
