//! GET /records/{collection}/export

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use futures_util::stream;
use snackbase_application::AppError;
use snackbase_application::ports::Clock;
use snackbase_application::records::{ExportFormat, ListRequest, Records};

use crate::http::error::ApiResult;
use crate::http::extract::Anybody;
use crate::http::input::Query;

/// An export as JSON.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct RecordExport {
    collection: String,
    exported_at: chrono::DateTime<chrono::Utc>,
    records: Vec<super::Record>,
    /// Comes last: who has it has all.
    count: u64,
}

/// Gives all records of a list, as of one moment, as a file.
///
/// It is sent while it is read; one that is not fetched for half a minute is broken off.
#[utoipa::path(get, path = "/api/v1/records/{collection}/export", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("format" = Option<String>, Query, description = "`json` (if absent) or `csv`, where cells that could be formulas begin with an apostrophe, an empty cell is null and one that is empty in quotes is an empty text"),
        ("sort" = Option<String>, Query, description = "Fields, comma separated: `-f` descending, `+f` ascending"),
        ("fields" = Option<String>, Query, description = "Fields wanted, comma separated"),
        ("filter" = Option<String>, Query, description = "An expression, e.g. `views > 10`"),
        ("search" = Option<String>, Query, description = "Words that searchable fields must have, all of them: `wine gla* \"red wine\"`. The most relevant first, unless `sort` is given"),
        ("X-Account-ID" = Option<String>, Header, description = "Slug or code of the account, for anonymous callers"),
    ),
    responses((status = 200, body = RecordExport), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422), (status = 429)))]
pub async fn export(
    Anybody(caller): Anybody,
    collection: Path<String>,
    query: Query,
    records: Data<Records>,
    clock: Data<Arc<dyn Clock>>,
) -> ApiResult {
    let mut fields = query.fields();
    let format = fields.one_of("format", &["json", "csv"]).default("json");
    fields.finish()?;
    let text = |name| query.get(name).map(str::to_owned);
    let request = ListRequest {
        sort: text("sort"),
        fields: text("fields"),
        filter: text("filter"),
        search: text("search"),
        ..ListRequest::default()
    };
    let (kind, media_type) = match format {
        "csv" => (ExportFormat::Csv, "text/csv; charset=utf-8"),
        _ => (ExportFormat::Json, "application/json"),
    };
    let export = records.export(&caller, &collection, &request, kind).await?;
    // Names of collections are identifiers: nothing to escape.
    let name = format!("{collection}_export_{}.{format}", clock.now().format("%Y%m%d_%H%M%S"));
    let pieces = stream::try_unfold(export, |mut export| async {
        let piece =
            export.next().await.inspect_err(|error| tracing::warn!(%error, "an export was broken off"));
        Ok::<_, AppError>(piece?.map(|piece| (piece, export)))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename={name}")))
        .streaming(Box::pin(pieces)))
}
