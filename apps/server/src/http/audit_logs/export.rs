//! GET /audit-logs/export

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, block};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use snackbase_application::AppError;
use snackbase_application::audit::Audit;
use snackbase_application::ports::{AuditEntry, Clock};
use std::sync::Arc;
use utoipa::ToSchema;

use super::{pdf, read_filter};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::SignedIn;
use crate::http::input::Query;

/// The columns of tables.
pub(super) const COLUMNS: [&str; 11] = [
    "ID",
    "Timestamp",
    "Operation",
    "Table",
    "Record ID",
    "Column",
    "Old Value",
    "New Value",
    "User",
    "IP Address",
    "Checksum",
];

/// An entry as JSON exports hold it.
#[derive(Serialize, ToSchema)]
pub struct ExportedEntry {
    id: i64,
    occurred_at: DateTime<Utc>,
    operation: &'static str,
    table_name: String,
    record_id: String,
    column_name: String,
    #[schema(required)]
    old_value: Option<String>,
    #[schema(required)]
    new_value: Option<String>,
    user_email: String,
    #[schema(required)]
    ip_address: Option<String>,
    checksum: String,
}

impl From<AuditEntry> for ExportedEntry {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { change, cell, .. } = entry;
        Self {
            id: cell.id,
            occurred_at: change.occurred_at,
            operation: change.operation.name(),
            table_name: change.table_name,
            record_id: change.record_id,
            column_name: cell.column_name,
            old_value: cell.old_value,
            new_value: cell.new_value,
            user_email: change.user_email,
            ip_address: change.ip_address,
            checksum: cell.checksum,
        }
    }
}

/// The cells of a table's row.
pub(super) fn cells(entry: &AuditEntry) -> [String; 11] {
    let AuditEntry { change, cell, .. } = entry;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        cell.id.to_string(),
        change.occurred_at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        change.operation.name().to_owned(),
        change.table_name.clone(),
        change.record_id.clone(),
        cell.column_name.clone(),
        text(&cell.old_value),
        text(&cell.new_value),
        change.user_email.clone(),
        text(&change.ip_address),
        cell.checksum.clone(),
    ]
}

/// A table as CSV (RFC 4180).
fn csv(entries: &[AuditEntry]) -> String {
    let mut out = COLUMNS.join(",");
    out.push_str("\r\n");
    for entry in entries {
        let cells = cells(entry).map(|cell| csv_cell(&cell));
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell, in quotes where needed. What spreadsheets would take for a formula gets
/// an apostrophe before it.
fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    match text.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

/// Gives the newest entries that match, at most 10 000, as a file.
#[utoipa::path(get, path = "/api/v1/audit-logs/export", tag = "audit",
    params(
        ("format" = Option<String>, Query, description = "`csv` (if absent), `json` or `pdf`"),
        ("account_id" = Option<String>, Query, description = "Of this account; for superadmins"),
        ("table_name" = Option<String>, Query, description = "Of this table"),
        ("record_id" = Option<String>, Query, description = "Of this row"),
        ("user_id" = Option<String>, Query, description = "Made by this user"),
        ("operation" = Option<String>, Query, description = "`CREATE`, `UPDATE` or `DELETE`"),
        ("from_date" = Option<String>, Query, description = "At this time or later"),
        ("to_date" = Option<String>, Query, description = "At this time or before"),
    ),
    responses((status = 200, body = Vec<ExportedEntry>), (status = 401), (status = 403), (status = 422)))]
pub async fn export(
    SignedIn(caller): SignedIn,
    query: Query,
    audit: Data<Audit>,
    clock: Data<Arc<dyn Clock>>,
) -> ApiResult {
    audit.admit(&caller)?;
    let mut fields = query.fields();
    let format = fields.one_of("format", &["csv", "json", "pdf"]).default("csv");
    let filter = read_filter(&mut fields);
    fields.finish()?;
    let entries = audit.export(&caller, filter).await?;
    let now = clock.now();
    let (media_type, body) = match format {
        "json" => {
            let entries: Vec<_> = entries.into_iter().map(ExportedEntry::from).collect();
            let text = serde_json::to_vec(&entries).map_err(|e| AppError::Internal(e.to_string()))?;
            ("application/json", text)
        }
        "pdf" => {
            let made = block(move || pdf::document(&entries, now)).await;
            let lost = |_| ApiError::App(AppError::Internal("a worker thread is gone".into()));
            ("application/pdf", made.map_err(lost)?)
        }
        _ => ("text/csv; charset=utf-8", csv(&entries).into_bytes()),
    };
    let name = format!("audit_logs_{}.{format}", now.format("%Y%m%d_%H%M%S"));
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(body))
}

#[cfg(test)]
mod tests {
    use super::csv_cell;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(csv_cell("plain"), "plain");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("@x,y"), "\"'@x,y\"");
        assert_eq!(csv_cell("two\nlines"), "\"two\nlines\"");
    }
}
