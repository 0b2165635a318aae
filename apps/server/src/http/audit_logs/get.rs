//! GET /audit-logs/{log_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::audit::Audit;

use super::AuditLogEntry;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::path_int;

/// Gives an entry of the audit log.
#[utoipa::path(get, path = "/api/v1/audit-logs/{log_id}", tag = "audit",
    params(("log_id" = i64, Path, description = "Id of the entry")),
    responses((status = 200, body = AuditLogEntry), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn get(SignedIn(caller): SignedIn, id: Path<String>, audit: Data<Audit>) -> ApiResult {
    audit.admit(&caller)?;
    let id = path_int("log_id", &id)?;
    Ok(HttpResponse::Ok().json(AuditLogEntry::from(audit.get(&caller, id).await?)))
}
