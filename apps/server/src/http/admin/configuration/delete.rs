//! DELETE /admin/configuration/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::configuration::Configurations;

use super::Done;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Deletes a configuration that is not built in.
#[utoipa::path(delete, path = "/api/v1/admin/configuration/{id}", tag = "configuration",
    params(("id" = String, Path, description = "Id of the configuration")),
    responses((status = 200, body = Done), (status = 400), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(
    Superadmin(by): Superadmin,
    id: Path<String>,
    configurations: Data<Configurations>,
) -> ApiResult {
    configurations.delete(&by, &id).await?;
    Ok(HttpResponse::Ok().json(Done::SUCCESS))
}
