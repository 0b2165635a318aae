//! GET /dashboard/stats

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::dashboard::{Dashboard, Overview};
use snackbase_application::users::UserDetail;
use utoipa::ToSchema;

use crate::http::audit_logs::AuditLogEntry;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// A user who registered lately.
#[derive(Serialize, ToSchema)]
pub struct RecentRegistration {
    id: String,
    email: String,
    account_id: String,
    account_code: String,
    account_name: String,
    created_at: DateTime<Utc>,
}

impl From<UserDetail> for RecentRegistration {
    fn from(detail: UserDetail) -> Self {
        Self {
            id: detail.user.id.to_string(),
            email: detail.user.email.as_str().to_owned(),
            account_id: detail.user.account_id.to_string(),
            account_code: detail.account_code,
            account_name: detail.account_name,
            created_at: detail.user.created_at,
        }
    }
}

/// How the parts of the server are.
#[derive(Serialize, ToSchema)]
pub struct SystemHealth {
    database_status: &'static str,
    /// Size of the stored files in MiB.
    storage_usage_mb: f64,
}

/// The installation at a glance.
#[derive(Serialize, ToSchema)]
pub struct DashboardStats {
    total_accounts: u64,
    total_users: u64,
    total_collections: u64,
    total_records: u64,
    new_accounts_7d: u64,
    new_users_7d: u64,
    /// At most ten, newest first.
    recent_registrations: Vec<RecentRegistration>,
    system_health: SystemHealth,
    active_sessions: u64,
    public_collections_count: u64,
    /// At most twenty entries of the audit log, newest first.
    recent_audit_logs: Vec<AuditLogEntry>,
}

impl From<Overview> for DashboardStats {
    fn from(overview: Overview) -> Self {
        // Exact up to some petabytes.
        #[expect(clippy::cast_precision_loss, reason = "two decimals are shown")]
        let megabytes = overview.storage_bytes as f64 / f64::from(1 << 20);
        Self {
            total_accounts: overview.counts.accounts,
            total_users: overview.counts.users,
            total_collections: overview.collections,
            total_records: overview.records,
            new_accounts_7d: overview.counts.new_accounts,
            new_users_7d: overview.counts.new_users,
            recent_registrations: overview.recent_registrations.into_iter().map(From::from).collect(),
            system_health: SystemHealth {
                database_status: "connected",
                storage_usage_mb: (megabytes * 100.0).round() / 100.0,
            },
            active_sessions: overview.counts.active_sessions,
            public_collections_count: overview.public_collections,
            recent_audit_logs: overview.recent_changes.into_iter().map(From::from).collect(),
        }
    }
}

/// Counts what there is.
#[utoipa::path(get, path = "/api/v1/dashboard/stats", tag = "dashboard",
    responses((status = 200, body = DashboardStats), (status = 401), (status = 403)))]
pub async fn stats(_: Superadmin, dashboard: Data<Dashboard>) -> ApiResult {
    Ok(HttpResponse::Ok().json(DashboardStats::from(dashboard.overview().await?)))
}
