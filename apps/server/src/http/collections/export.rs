//! GET /collections/export

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use futures_util::stream;
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::AppError;
use snackbase_application::collections::{Collections, ExportRequest};
use utoipa::ToSchema;

use super::schema::{FieldBody, IndexBody};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;

/// Collections in a file.
#[derive(Serialize, ToSchema)]
pub struct CollectionsFile {
    /// 1.0
    version: String,
    exported_at: String,
    /// E-mail address of who exported.
    exported_by: String,
    collections: Vec<ExportedCollection>,
}

/// A collection in a file.
#[derive(Serialize, ToSchema)]
pub struct ExportedCollection {
    name: String,
    schema: Vec<FieldBody>,
    /// Where it has any.
    indexes: Option<Vec<IndexBody>>,
    /// The five rules and the four lists of fields.
    rules: Map<String, Value>,
    /// Records of all accounts with all that is stored of them; only when asked for.
    records: Option<Vec<Map<String, Value>>>,
}

/// Exports collections as a file.
#[utoipa::path(get, path = "/api/v1/collections/export", tag = "collections",
    params(
        ("collection_ids" = Option<String>, Query, description = "Ids, separated by commas; all if absent"),
        ("include_records" = Option<bool>, Query, description = "Whether the records of all accounts come along"),
    ),
    responses((status = 200, body = CollectionsFile), (status = 401), (status = 403), (status = 422)))]
pub async fn export(Superadmin(by): Superadmin, query: Query, collections: Data<Collections>) -> ApiResult {
    let mut fields = query.fields();
    let ids = fields.string("collection_ids").optional().filter(|ids| !ids.trim().is_empty());
    let include_records = fields.boolean("include_records").default(false);
    fields.finish()?;
    let ids = ids.map(|ids| ids.split(',').map(|id| id.trim().to_owned()).collect());
    let export = collections.export(&by, ExportRequest { ids, include_records }).await?;
    let name = export.exported_at.format("collections_export_%Y%m%d_%H%M%S.json");
    let pieces = stream::try_unfold(export, |mut export| async {
        let piece =
            export.next().await.inspect_err(|error| tracing::error!(%error, "an export breaks off"))?;
        Ok::<_, AppError>(piece.map(|piece| (piece, export)))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename={name}")))
        .streaming(pieces))
}
