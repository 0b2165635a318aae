//! DELETE /admin/jobs/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::jobs::Jobs;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Removes a job that has not begun.
#[utoipa::path(delete, path = "/api/v1/admin/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, description = "Id of the job")),
    responses(
        (status = 204),
        (status = 400, description = "It is not pending"),
        (status = 401),
        (status = 403),
        (status = 404),
    ))]
pub async fn cancel(Superadmin(by): Superadmin, id: Path<String>, jobs: Data<Jobs>) -> ApiResult {
    jobs.cancel(&by, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
