//! POST /admin/jobs/{id}/retry

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::jobs::Jobs;

use super::JobRow;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Begins a dead job anew, with all its attempts.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/retry", tag = "jobs",
    params(("id" = String, Path, description = "Id of the job")),
    responses(
        (status = 200, body = JobRow),
        (status = 400, description = "It is not dead"),
        (status = 401),
        (status = 403),
        (status = 404),
        (status = 409, description = "Another job with the same key is waiting"),
    ))]
pub async fn retry(Superadmin(by): Superadmin, id: Path<String>, jobs: Data<Jobs>) -> ApiResult {
    Ok(HttpResponse::Ok().json(JobRow::from(jobs.retry(&by, &id).await?)))
}
