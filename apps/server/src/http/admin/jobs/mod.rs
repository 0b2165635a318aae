//! Jobs: what waits, what runs and what became of the rest.

mod cancel;
mod get;
mod list;
mod retry;
mod stats;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_domain::job::Job;
use snackbase_domain::secrets::without_secrets;
use utoipa::{OpenApi, ToSchema};

use crate::http::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(list::list, stats::stats, get::get, cancel::cancel, retry::retry))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/admin/jobs", [(Method::GET, web::to(list::list))]))
        .service(resource("/admin/jobs/stats", [(Method::GET, web::to(stats::stats))]))
        .service(resource("/admin/jobs/{id}/retry", [(Method::POST, web::to(retry::retry))]))
        .service(resource(
            "/admin/jobs/{id}",
            [(Method::GET, web::to(get::get)), (Method::DELETE, web::to(cancel::cancel))],
        ));
}

/// A job.
#[derive(Serialize, ToSchema)]
pub struct JobRow {
    id: String,
    queue: String,
    /// The name of who does it.
    handler: String,
    /// What it is told; `********` for values under keys like `secret`, `token` or `password`.
    payload: Map<String, Value>,
    /// `pending`, `running`, `completed`, `retrying` or `dead`
    status: &'static str,
    /// The lowest comes first.
    priority: i32,
    /// Not before this; null for at once.
    #[schema(required)]
    run_at: Option<DateTime<Utc>>,
    /// When the last attempt began.
    #[schema(required)]
    started_at: Option<DateTime<Utc>>,
    #[schema(required)]
    completed_at: Option<DateTime<Utc>>,
    /// When the last attempt failed that did.
    #[schema(required)]
    failed_at: Option<DateTime<Utc>>,
    #[schema(required)]
    error_message: Option<String>,
    /// How many attempts failed.
    attempt_number: u32,
    /// How many may fail; after the last one the job is dead.
    max_retries: u32,
    /// The pause after the first failure; it doubles with each.
    retry_delay_seconds: u32,
    created_at: DateTime<Utc>,
    #[schema(required)]
    created_by: Option<String>,
    /// Null for jobs of the system.
    #[schema(required)]
    account_id: Option<String>,
}

impl From<Job> for JobRow {
    fn from(job: Job) -> Self {
        Self {
            id: job.id.to_string(),
            queue: job.queue,
            handler: job.handler,
            payload: without_secrets(&job.payload),
            status: job.status.as_str(),
            priority: job.priority,
            run_at: job.run_at,
            started_at: job.started_at,
            completed_at: job.completed_at,
            failed_at: job.failed_at,
            error_message: job.error,
            attempt_number: job.attempts,
            max_retries: job.max_attempts,
            retry_delay_seconds: job.retry_delay,
            created_at: job.created_at,
            created_by: job.created_by.map(|id| id.to_string()),
            account_id: job.account_id.map(|id| id.to_string()),
        }
    }
}
