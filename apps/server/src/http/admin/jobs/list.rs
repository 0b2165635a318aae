//! GET /admin/jobs

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::jobs::{JobFilter, Jobs};
use utoipa::ToSchema;

use super::JobRow;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;

/// A part of the jobs.
#[derive(Serialize, ToSchema)]
pub struct JobList {
    items: Vec<JobRow>,
    /// How many match in all.
    total: u64,
}

/// Lists jobs, newest first. There is nothing of an unknown status, queue or handler.
#[utoipa::path(get, path = "/api/v1/admin/jobs", tag = "jobs",
    params(
        ("status" = Option<String>, Query, description = "`pending`, `running`, `completed`, `retrying` or `dead`"),
        ("queue" = Option<String>, Query, description = "Only jobs of this queue"),
        ("handler" = Option<String>, Query, description = "Only jobs of this handler"),
        ("limit" = Option<u64>, Query, description = "1 to 200; 50 if absent"),
        ("offset" = Option<u64>, Query, description = "How many to leave out"),
    ),
    responses((status = 200, body = JobList), (status = 401), (status = 403), (status = 422)))]
pub async fn list(Superadmin(_): Superadmin, query: Query, jobs: Data<Jobs>) -> ApiResult {
    let mut fields = query.fields();
    let status = fields.string("status").optional();
    let queue = fields.string("queue").optional();
    let handler = fields.string("handler").optional();
    let limit = fields.int("limit").ge(1).le(200).default(50).unsigned_abs();
    let offset = fields.int("offset").ge(0).default(0).unsigned_abs();
    fields.finish()?;
    let found = jobs.list(JobFilter { status, queue, handler }, offset, limit).await?;
    let items = found.items.into_iter().map(JobRow::from).collect();
    Ok(HttpResponse::Ok().json(JobList { items, total: found.total }))
}
