//! POST /collections/import

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Payload, block};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::AppError;
use snackbase_application::collections::{
    Collections, EXPORT_VERSION, ImportEntry, ImportStatus, ImportStrategy,
};
use utoipa::ToSchema;

use super::rules::{UpdateRules, read_change};
use super::schema::{FieldInput, IndexInput, read_indexes, read_schema};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Fields, JsonBody, received};
use crate::http::records::import::ImportLimit;

/// An exported file, and what to do with collections that are there already.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ImportCollections {
    data: ImportedFile,
    /// error (if absent), skip or update.
    strategy: Option<String>,
}

/// What an export holds.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ImportedFile {
    version: Option<String>,
    exported_at: String,
    exported_by: String,
    collections: Vec<CollectionToImport>,
}

/// A collection of the file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct CollectionToImport {
    name: String,
    schema: Vec<FieldInput>,
    /// If absent, a collection that is updated keeps its own.
    indexes: Option<Vec<IndexInput>>,
    rules: UpdateRules,
    /// Inserted when the collection is new.
    records: Option<Vec<Map<String, Value>>>,
}

/// What became of the collections.
#[derive(Serialize, ToSchema)]
pub struct ImportResult {
    /// Whether none failed.
    success: bool,
    imported_count: usize,
    skipped_count: usize,
    updated_count: usize,
    failed_count: usize,
    /// In the order in which they were handled: referenced ones first.
    collections: Vec<CollectionResult>,
    /// Twelve hex digits for each change of the schema.
    migrations_created: Vec<String>,
}

/// What became of a collection.
#[derive(Serialize, ToSchema)]
pub struct CollectionResult {
    name: String,
    /// imported, skipped, updated or error.
    status: &'static str,
    message: String,
}

const STRATEGIES: [(&str, ImportStrategy); 3] =
    [("error", ImportStrategy::Error), ("skip", ImportStrategy::Skip), ("update", ImportStrategy::Update)];

fn read_entry(item: &mut Fields<'_>) -> ImportEntry {
    ImportEntry {
        name: item.string("name").required(),
        fields: read_schema(item),
        indexes: read_indexes(item),
        rules: item.nested("rules", read_change).required(),
        records: item.objects("records").default(Vec::new()),
    }
}

fn read_file(data: &mut Fields<'_>) -> (String, Vec<ImportEntry>) {
    let version = data.string("version").default(EXPORT_VERSION.to_owned());
    data.string("exported_at").required();
    data.string("exported_by").required();
    (version, data.items("collections", read_entry).required())
}

/// Takes the records out of the file, by collection, so that they are in memory once. Those that are
/// no objects stay, to be refused with the rest.
fn take_records(body: &mut JsonBody) -> Vec<Vec<Map<String, Value>>> {
    let JsonBody::Json(file) = body else { return Vec::new() };
    let collections = file.get_mut("data").and_then(|data| data.get_mut("collections"));
    let collections = collections.and_then(Value::as_array_mut).into_iter().flatten();
    let records = collections.map(|collection| match collection.get_mut("records") {
        Some(Value::Array(records)) if records.iter().all(Value::is_object) => {
            let object = |record| match record {
                Value::Object(record) => Some(record),
                _ => None,
            };
            std::mem::take(records).into_iter().filter_map(object).collect()
        }
        _ => Vec::new(),
    });
    records.collect()
}

/// Imports collections from a file that an export made. Each is a change of its own; one that fails
/// stops no other. The file may be as large as one of records.
#[utoipa::path(post, path = "/api/v1/collections/import", tag = "collections", request_body = ImportCollections,
    responses((status = 200, body = ImportResult), (status = 400), (status = 401), (status = 403), (status = 408), (status = 413), (status = 422)))]
pub async fn import(
    http: HttpRequest,
    Superadmin(by): Superadmin,
    payload: Payload,
    limit: Data<ImportLimit>,
    collections: Data<Collections>,
) -> ApiResult {
    let file = match received(payload, limit.0).await? {
        Ok(file) => file,
        Err(refusal) => return Ok(refusal),
    };
    let content_type = http.headers().get(CONTENT_TYPE);
    let content_type = content_type.map(|value| value.to_str().unwrap_or("unreadable").to_owned());
    let lost = |why: String| AppError::Internal(format!("cannot read an import: {why}"));
    let body = block(move || JsonBody::read(file, content_type.as_deref())).await;
    let body = body.map_err(|e| lost(e.to_string()))?.map_err(|e| lost(e.to_string()))?;
    let mut body = body?;
    let records = take_records(&mut body);
    let mut fields = body.fields()?;
    let (version, mut entries) = fields.nested("data", read_file).required();
    let strategy = fields.choice("strategy", &STRATEGIES).default(ImportStrategy::Error);
    fields.finish()?;
    for (entry, records) in entries.iter_mut().zip(records) {
        entry.records = records;
    }
    let done = collections.import(&by, &version, entries, strategy).await?;
    Ok(HttpResponse::Ok().json(ImportResult {
        success: done.count(ImportStatus::Error) == 0,
        imported_count: done.count(ImportStatus::Imported),
        skipped_count: done.count(ImportStatus::Skipped),
        updated_count: done.count(ImportStatus::Updated),
        failed_count: done.count(ImportStatus::Error),
        migrations_created: done.revisions,
        collections: done
            .entries
            .into_iter()
            .map(|entry| CollectionResult {
                name: entry.name,
                status: entry.status.as_str(),
                message: entry.message,
            })
            .collect(),
    }))
}
