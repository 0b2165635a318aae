//! GET /audit-logs

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::audit::Audit;
use snackbase_application::ports::{AuditQuery, AuditSort};
use utoipa::ToSchema;

use super::{AuditLogEntry, read_filter};
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::health::About;
use crate::http::input::Query;

/// A page of the audit log.
#[derive(Serialize, ToSchema)]
pub struct AuditLogPage {
    items: Vec<AuditLogEntry>,
    total: u64,
    skip: u64,
    limit: u64,
    audit_logging_enabled: bool,
}

/// Other names sort by time.
fn sort(name: &str) -> AuditSort {
    match name {
        "id" => AuditSort::Id,
        "account_id" => AuditSort::AccountId,
        "operation" => AuditSort::Operation,
        "table_name" => AuditSort::TableName,
        "record_id" => AuditSort::RecordId,
        "column_name" => AuditSort::ColumnName,
        "user_id" => AuditSort::UserId,
        "user_email" | "user_name" => AuditSort::UserEmail,
        _ => AuditSort::OccurredAt,
    }
}

/// Lists entries of the audit log. Superadmins see all; account admins see those of their account,
/// with personal data masked.
#[utoipa::path(get, path = "/api/v1/audit-logs", tag = "audit",
    params(
        ("account_id" = Option<String>, Query, description = "Of this account; for superadmins"),
        ("table_name" = Option<String>, Query, description = "Of this table, e.g. `users` or `col_posts`"),
        ("record_id" = Option<String>, Query, description = "Of this row"),
        ("user_id" = Option<String>, Query, description = "Made by this user"),
        ("operation" = Option<String>, Query, description = "`CREATE`, `UPDATE` or `DELETE`"),
        ("from_date" = Option<String>, Query, description = "At this time or later; a date is its midnight in UTC"),
        ("to_date" = Option<String>, Query, description = "At this time or before"),
        ("skip" = Option<u64>, Query, description = "How many to leave out"),
        ("limit" = Option<u64>, Query, description = "1 to 500; 50 if absent"),
        ("sort_by" = Option<String>, Query, description = "A column; `occurred_at` if absent or unknown"),
        ("sort_order" = Option<String>, Query, description = "`asc` or `desc` (if absent)"),
    ),
    responses((status = 200, body = AuditLogPage), (status = 401), (status = 403), (status = 422)))]
pub async fn list(
    SignedIn(caller): SignedIn,
    query: Query,
    audit: Data<Audit>,
    about: Data<About>,
) -> ApiResult {
    audit.admit(&caller)?;
    let mut fields = query.fields();
    let filter = read_filter(&mut fields);
    let skip = fields.int("skip").ge(0).default(0).unsigned_abs();
    let limit = fields.int("limit").ge(1).le(500).default(50).unsigned_abs();
    let sort_by = fields.string("sort_by").optional();
    let order = fields.string("sort_order").pattern("^(asc|desc)$", |word| matches!(word, "asc" | "desc"));
    let descending = order.optional().is_none_or(|word| word == "desc");
    fields.finish()?;
    let sort = sort_by.as_deref().map_or(AuditSort::OccurredAt, sort);
    let page = audit.list(&caller, AuditQuery { filter, skip, limit, sort, descending }).await?;
    Ok(HttpResponse::Ok().json(AuditLogPage {
        items: page.items.into_iter().map(AuditLogEntry::from).collect(),
        total: page.total,
        skip,
        limit,
        audit_logging_enabled: about.audit_logging_enabled,
    }))
}
