//! GET /admin/jobs/stats

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::jobs::Jobs;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// How jobs fare.
#[derive(Serialize, ToSchema)]
pub struct JobStats {
    pending: u64,
    running: u64,
    completed: u64,
    /// Always 0: a job that failed waits for another attempt, or is dead.
    failed: u64,
    retrying: u64,
    dead: u64,
    /// Of the jobs completed within 24 hours; null without any.
    #[schema(required)]
    avg_duration_seconds: Option<f64>,
    /// Which part of the jobs that ended is dead, from 0 to 1; null without any.
    #[schema(required)]
    failure_rate: Option<f64>,
}

/// Counts jobs by status.
#[utoipa::path(get, path = "/api/v1/admin/jobs/stats", tag = "jobs",
    responses((status = 200, body = JobStats), (status = 401), (status = 403)))]
pub async fn stats(Superadmin(_): Superadmin, jobs: Data<Jobs>) -> ApiResult {
    let stats = jobs.stats().await?;
    let counts = stats.counts;
    Ok(HttpResponse::Ok().json(JobStats {
        pending: counts.pending,
        running: counts.running,
        completed: counts.completed,
        failed: 0,
        retrying: counts.retrying,
        dead: counts.dead,
        avg_duration_seconds: stats.average_seconds,
        failure_rate: stats.failure_rate,
    }))
}
