//! GET /admin/health

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::web::{self, Data, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::health::{Health, HealthReport};
use snackbase_application::limits::Refused;
use utoipa::{OpenApi, ToSchema};

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::health::About;
use crate::http::realtime::Enabled;
use crate::http::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(health))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(resource("/admin/health", [(Method::GET, web::to(health))]));
}

/// Which database it is.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum DatabaseKind {
    Sqlite,
    Postgres,
}

/// The database.
#[derive(Serialize, ToSchema)]
pub struct DatabaseHealth {
    #[schema(value_type = DatabaseKind)]
    kind: &'static str,
    status: &'static str,
    size_bytes: u64,
    /// How long it took to answer the simplest question.
    latency_ms: f64,
}

/// Receivers of this node.
#[derive(Serialize, ToSchema)]
pub struct RealtimeHealth {
    enabled: bool,
    connections: usize,
    subscriptions: usize,
}

/// Mails of the last 24 hours.
#[derive(Serialize, ToSchema)]
pub struct MailHealth {
    sent_24h: u64,
    failed_24h: u64,
}

/// The audit log.
#[derive(Serialize, ToSchema)]
pub struct AuditHealth {
    enabled: bool,
    /// Changes that have no place in the chain yet.
    waiting: u64,
}

/// Stored files.
#[derive(Serialize, ToSchema)]
pub struct FilesHealth {
    count: u64,
    bytes: u64,
}

/// A caller who was refused.
#[derive(Serialize, ToSchema)]
pub struct RefusedCaller {
    /// `user:<id>`, `key:<beginning of its digest>` or `ip:<address>`.
    key: String,
    /// The path, where it has a limit of its own.
    #[schema(required)]
    path: Option<String>,
    refused: u64,
    last_refused_at: DateTime<Utc>,
}

impl From<Refused> for RefusedCaller {
    fn from(refused: Refused) -> Self {
        let mut key = refused.key;
        // A few digits tell keys apart; the digest itself is nobody's business.
        if key.starts_with("key:") {
            key.truncate("key:".len() + 12);
        }
        Self { key, path: refused.path, refused: refused.count, last_refused_at: refused.last_at }
    }
}

/// How requests are limited, where they are, and whom this node has refused within the last hour.
#[derive(Serialize, ToSchema)]
pub struct RateLimitHealth {
    enabled: bool,
    per_minute: u32,
    per_hour: u32,
    burst: u32,
    authenticated_per_minute: u32,
    /// Requests a minute for single paths.
    endpoints: BTreeMap<String, u32>,
    refused: Vec<RefusedCaller>,
}

/// How the installation is.
#[derive(Serialize, ToSchema)]
pub struct SystemReport {
    status: &'static str,
    version: String,
    started_at: DateTime<Utc>,
    uptime_seconds: u64,
    /// Of this node's program; null where the system does not tell.
    #[schema(required)]
    memory_bytes: Option<u64>,
    database: DatabaseHealth,
    realtime: RealtimeHealth,
    mail: MailHealth,
    audit: AuditHealth,
    files: FilesHealth,
    rate_limit: RateLimitHealth,
}

fn describe(report: HealthReport, about: &About, realtime_enabled: bool) -> SystemReport {
    let HealthReport { started_at, uptime, memory, latency, work, limited, policy, refused, .. } = report;
    SystemReport {
        status: "healthy",
        version: about.version.clone(),
        started_at,
        uptime_seconds: uptime.as_secs(),
        memory_bytes: memory,
        database: DatabaseHealth {
            kind: work.database,
            status: "connected",
            size_bytes: work.database_bytes,
            latency_ms: latency.as_secs_f64() * 1000.0,
        },
        realtime: RealtimeHealth {
            enabled: realtime_enabled,
            connections: report.connections,
            subscriptions: report.subscriptions,
        },
        mail: MailHealth { sent_24h: work.mails_sent, failed_24h: work.mails_failed },
        audit: AuditHealth { enabled: about.audit_logging_enabled, waiting: work.audit_waiting },
        files: FilesHealth { count: work.files, bytes: work.file_bytes },
        rate_limit: RateLimitHealth {
            enabled: limited,
            per_minute: policy.anonymous.get(),
            per_hour: policy.per_hour.get(),
            burst: policy.burst.get(),
            authenticated_per_minute: policy.user.get(),
            endpoints: policy.paths.into_iter().map(|(path, most)| (path, most.get())).collect(),
            refused: refused.into_iter().map(RefusedCaller::from).collect(),
        },
    }
}

/// Tells how the installation is.
#[utoipa::path(get, path = "/api/v1/admin/health", tag = "health",
    responses((status = 200, body = SystemReport), (status = 401), (status = 403)))]
pub async fn health(
    _: Superadmin,
    health: Data<Health>,
    about: Data<About>,
    realtime: Data<Enabled>,
) -> ApiResult {
    let report = describe(health.report().await?, &about, realtime.0.is_some());
    Ok(HttpResponse::Ok().json(report))
}
