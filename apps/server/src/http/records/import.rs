//! POST /records/{collection}/import

use std::collections::HashMap;

use actix_web::http::header::{ACCEPT, CONTENT_TYPE};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};
use snackbase_application::records::{
    ImportFault, ImportProgress, ImportReply, ImportRequest, ImportSource, Records,
};
use snackbase_application::{AppError, Caller};
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::Anybody;
use crate::http::input::{JsonBody, Query, received};

/// The most bytes of a body that is streamed.
#[derive(Clone, Copy, Debug)]
pub struct ImportLimit(pub u64);

/// How long the place of a record is: `body`, `records`, its index.
const RECORD: usize = 3;

const CSV: &str = "text/csv";
const LINES: &str = "application/x-ndjson";

/// Records to be imported.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ImportBody {
    /// At most 10 000. System keys and `account_name` are ignored.
    records: Vec<Map<String, Value>>,
    /// `error` (if absent): all or none. `skip`: leaves out those that are refused.
    mode: Option<String>,
}

/// What was imported.
#[derive(serde::Serialize, ToSchema)]
pub struct Imported {
    imported: usize,
    skipped: usize,
    /// The records that were refused; of very many the first.
    errors: Vec<RefusedRecord>,
    /// Only there, and true, where nothing was stored.
    dry_run: Option<bool>,
}

/// A record that was refused.
#[derive(serde::Serialize, ToSchema)]
pub struct RefusedRecord {
    /// From 0.
    index: usize,
    details: Vec<Map<String, Value>>,
}

/// Whether the body of a request is a file that the handler reads by itself.
pub fn is_streamed(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case(CSV) || media_type.eq_ignore_ascii_case(LINES)
}

/// Creates many records.
///
/// Takes JSON, or a file of any number of records as `text/csv` with a header row or as
/// `application/x-ndjson`. In CSV an empty field is null, and one that is empty in quotes an empty text; a
/// column that is left out gets the default of its field. With `Accept: application/x-ndjson` lines of progress come before the
/// result, the last line: `{"result":…}` or `{"refused":{"status":…,"body":…}}`.
#[utoipa::path(post, path = "/api/v1/records/{collection}/import", tag = "records",
    params(
        ("collection" = String, Path, description = "Name of the collection"),
        ("mode" = Option<String>, Query, description = "`error` (if absent): all or none; `skip`: leaves out those that are refused. JSON says it in the body"),
        ("dry_run" = Option<bool>, Query, description = "Only tells what would happen"),
        ("map" = Option<String>, Query, description = "CSV: fields of columns, e.g. `Full name:name,Remarks:`; a column without a field is left out"),
        ("X-Account-ID" = Option<String>, Header, description = "Slug or code of the account, for anonymous callers"),
    ),
    request_body = ImportBody,
    responses((status = 200, body = Imported), (status = 400), (status = 401), (status = 403), (status = 404), (status = 408), (status = 413), (status = 422)))]
#[expect(clippy::too_many_arguments, reason = "the body comes in two forms")]
pub async fn import(
    http: HttpRequest,
    body: JsonBody,
    payload: Payload,
    Anybody(caller): Anybody,
    collection: Path<String>,
    query: Query,
    records: Data<Records>,
    limit: Data<ImportLimit>,
) -> ApiResult {
    let header = |name| http.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut fields = query.fields();
    let mode = fields.one_of("mode", &["error", "skip"]).default("error");
    let dry_run = fields.boolean("dry_run").default(false);
    fields.finish()?;
    let mut request = ImportRequest { skip_faulty: mode == "skip", dry_run };
    let content_type = header(CONTENT_TYPE);
    let source = if is_streamed(content_type) {
        records.admit_import(&caller, &collection)?;
        let columns = columns(query.get("map").unwrap_or_default())?;
        let file = match received(payload, limit.0).await? {
            Ok(file) => Box::new(file),
            Err(refusal) => return Ok(refusal),
        };
        match content_type.to_ascii_lowercase().starts_with(CSV) {
            true => ImportSource::Csv { file, columns },
            false => ImportSource::Lines(file),
        }
    } else {
        let mut fields = body.fields_around(|at| at.len() >= RECORD)?;
        let bodies = fields.objects("records").required();
        let mode = fields.one_of("mode", &["error", "skip"]).default(mode);
        fields.finish()?;
        request.skip_faulty = mode == "skip";
        ImportSource::Records(bodies)
    };
    if header(ACCEPT).split(',').any(is_streamed_reply) {
        return Ok(progress_reply(records, caller, collection.into_inner(), source, request));
    }
    let reply = records.import(&caller, &collection, source, request, None).await?;
    Ok(HttpResponse::Ok().json(reply))
}

fn is_streamed_reply(accepted: &str) -> bool {
    accepted.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(LINES)
}

/// Reads `csv_name:field,…`.
fn columns(text: &str) -> Result<HashMap<String, String>, AppError> {
    let pairs = text.split(',').filter(|pair| !pair.trim().is_empty());
    let pair = |pair: &str| {
        let (column, field) = pair.rsplit_once(':').ok_or_else(|| {
            let message = format!("map: '{pair}' has no colon");
            AppError::titled(snackbase_application::Kind::Invalid, "Invalid import", message)
        })?;
        Ok((column.trim().to_owned(), field.trim().to_owned()))
    };
    pairs.map(pair).collect()
}

/// A reply of lines, sent while the import runs. It stops when nobody reads them any more.
fn progress_reply(
    records: Data<Records>,
    caller: Caller,
    collection: String,
    source: ImportSource,
    request: ImportRequest,
) -> HttpResponse {
    let (sender, receiver) = mpsc::channel(16);
    let (result, last) = tokio::sync::oneshot::channel();
    actix_web::rt::spawn(async move {
        let outcome = records.import(&caller, &collection, source, request, Some(sender)).await;
        // Nobody may be there to hear of it.
        let _ = result.send(last_line(outcome));
    });
    let lines = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|progress| (line(&progress_line(&progress)), receiver))
    });
    let last = stream::once(async { last.await.map_or_else(|_| Bytes::new(), |value| line(&value)) });
    let lines = lines.chain(last).map(Ok::<_, std::convert::Infallible>);
    HttpResponse::Ok().content_type(LINES).streaming(Box::pin(lines))
}

fn line(value: &Value) -> Bytes {
    format!("{value}\n").into()
}

fn progress_line(progress: &ImportProgress) -> Value {
    match progress {
        ImportProgress::Done { imported, skipped } => {
            json!({ "progress": { "imported": imported, "skipped": skipped } })
        }
        ImportProgress::Skipped(ImportFault { index, details }) => {
            json!({ "error": { "index": index, "details": details } })
        }
    }
}

/// The end of a reply of lines. Those that were refused have been told.
fn last_line(outcome: Result<ImportReply, AppError>) -> Value {
    match outcome {
        Ok(ImportReply { imported, skipped, dry_run, .. }) => {
            json!({ "result": { "imported": imported, "skipped": skipped, "dry_run": dry_run } })
        }
        Err(error) => {
            let (status, body) = ApiError::App(error).told();
            json!({ "refused": { "status": status.as_u16(), "body": body } })
        }
    }
}
