//! GET /audit-logs/verify

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::audit::{Audit, Problem, Verdict};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// A place where the log does not hold.
#[derive(Serialize, ToSchema)]
pub struct AuditProblem {
    /// Id of the entry.
    id: i64,
    #[schema(required)]
    account_id: Option<String>,
    /// `altered`, `missing`, `unsealed` or `truncated`.
    kind: &'static str,
    message: String,
}

/// The end of the log. Kept elsewhere, it can show later that the log was not cut back since.
#[derive(Serialize, ToSchema)]
pub struct AuditHead {
    /// Id of the last entry.
    id: i64,
    checksum: String,
    seal: String,
}

/// What a verification found.
#[derive(Serialize, ToSchema)]
pub struct AuditVerification {
    valid: bool,
    /// Entries looked at.
    checked: u64,
    /// At most 100.
    problems: Vec<AuditProblem>,
    #[schema(required)]
    head: Option<AuditHead>,
}

impl From<Problem> for AuditProblem {
    fn from(problem: Problem) -> Self {
        Self {
            id: problem.id,
            account_id: problem.account_id.map(|account| account.to_string()),
            kind: problem.kind.name(),
            message: problem.message,
        }
    }
}

impl From<Verdict> for AuditVerification {
    fn from(verdict: Verdict) -> Self {
        Self {
            valid: verdict.is_valid(),
            checked: verdict.checked,
            head: verdict.head.map(|head| AuditHead {
                id: head.entries,
                checksum: head.checksum,
                seal: head.seal,
            }),
            problems: verdict.problems.into_iter().map(AuditProblem::from).collect(),
        }
    }
}

/// Checks every checksum and seal of the audit log, and that nothing is missing.
#[utoipa::path(get, path = "/api/v1/audit-logs/verify", tag = "audit",
    responses((status = 200, body = AuditVerification), (status = 401), (status = 403)))]
pub async fn verify(_: Superadmin, audit: Data<Audit>) -> ApiResult {
    Ok(HttpResponse::Ok().json(AuditVerification::from(audit.verify().await?)))
}
