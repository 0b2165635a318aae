//! GET /admin/jobs/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::jobs::Jobs;

use super::JobRow;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Reads a job.
#[utoipa::path(get, path = "/api/v1/admin/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, description = "Id of the job")),
    responses((status = 200, body = JobRow), (status = 401), (status = 403), (status = 404)))]
pub async fn get(Superadmin(_): Superadmin, id: Path<String>, jobs: Data<Jobs>) -> ApiResult {
    Ok(HttpResponse::Ok().json(JobRow::from(jobs.view(&id).await?)))
}
