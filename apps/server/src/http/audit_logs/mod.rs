//! The audit log: reading, exporting and verifying it. Nothing changes it.

mod export;
mod get;
mod list;
mod pdf;
mod verify;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::ports::{AuditEntry, AuditFilter};
use utoipa::{OpenApi, ToSchema};

use super::input::Fields;
use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(list::list, get::get, export::export, verify::verify))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/audit-logs", [(Method::GET, web::to(list::list))]))
        .service(resource("/audit-logs/export", [(Method::GET, web::to(export::export))]))
        .service(resource("/audit-logs/verify", [(Method::GET, web::to(verify::verify))]))
        .service(resource("/audit-logs/{log_id}", [(Method::GET, web::to(get::get))]));
}

/// How the user had shown who he is.
#[derive(Serialize, ToSchema)]
pub struct Metadata {
    /// `jwt`, `api_key` or `anonymous`.
    auth_method: String,
}

/// A column of a changed row.
#[derive(Serialize, ToSchema)]
pub struct AuditLogEntry {
    id: i64,
    account_id: String,
    /// `CREATE`, `UPDATE` or `DELETE`.
    operation: &'static str,
    table_name: String,
    record_id: String,
    column_name: String,
    #[schema(required)]
    old_value: Option<String>,
    #[schema(required)]
    new_value: Option<String>,
    user_id: String,
    user_email: String,
    user_name: String,
    #[schema(required)]
    es_username: Option<String>,
    #[schema(required)]
    es_reason: Option<String>,
    #[schema(required)]
    es_timestamp: Option<DateTime<Utc>>,
    #[schema(required)]
    ip_address: Option<String>,
    #[schema(required)]
    user_agent: Option<String>,
    #[schema(required)]
    request_id: Option<String>,
    occurred_at: DateTime<Utc>,
    /// SHA-256 in hex over the content and `previous_hash`.
    checksum: String,
    /// Checksum of the entry before; null for the first.
    #[schema(required)]
    previous_hash: Option<String>,
    extra_metadata: Metadata,
}

impl From<AuditEntry> for AuditLogEntry {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { change, cell, previous_hash } = entry;
        let (username, reason, at) = match change.signature {
            Some(signature) => (Some(signature.username), signature.reason, Some(signature.at)),
            None => (None, None, None),
        };
        Self {
            id: cell.id,
            account_id: change.account_id.to_string(),
            operation: change.operation.name(),
            table_name: change.table_name,
            record_id: change.record_id,
            column_name: cell.column_name,
            old_value: cell.old_value,
            new_value: cell.new_value,
            user_id: change.user_id.to_string(),
            user_name: change.user_email.clone(),
            user_email: change.user_email,
            es_username: username,
            es_reason: reason,
            es_timestamp: at,
            ip_address: change.ip_address,
            user_agent: change.user_agent,
            request_id: change.request_id,
            occurred_at: change.occurred_at,
            checksum: cell.checksum,
            previous_hash,
            extra_metadata: Metadata { auth_method: change.auth_method },
        }
    }
}

/// The filters that list and export share.
fn read_filter(fields: &mut Fields<'_>) -> AuditFilter {
    AuditFilter {
        account_id: fields.string("account_id").optional(),
        table_name: fields.string("table_name").optional(),
        record_id: fields.string("record_id").optional(),
        user_id: fields.string("user_id").optional(),
        operation: fields.string("operation").optional(),
        from: fields.time("from_date").optional(),
        to: fields.time("to_date").optional(),
    }
}
