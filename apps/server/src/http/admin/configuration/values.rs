//! GET and PATCH /admin/configuration/{id}/values

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::configuration::Configurations;

use super::Done;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// Reads the settings, with `••••••••` for each secret.
#[utoipa::path(get, path = "/api/v1/admin/configuration/{id}/values", tag = "configuration",
    params(("id" = String, Path, description = "Id of the configuration")),
    responses((status = 200, body = Object), (status = 401), (status = 403), (status = 404)))]
pub async fn read(
    Superadmin(_): Superadmin,
    id: Path<String>,
    configurations: Data<Configurations>,
) -> ApiResult {
    Ok(HttpResponse::Ok().json(configurations.values(&id).await?))
}

/// Replaces all settings; a value `••••••••` keeps the stored one in its place.
#[utoipa::path(patch, path = "/api/v1/admin/configuration/{id}/values", tag = "configuration",
    params(("id" = String, Path, description = "Id of the configuration")),
    request_body = Object,
    responses((status = 200, body = Done), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn replace(
    Superadmin(by): Superadmin,
    id: Path<String>,
    body: Result<JsonBody, Faults>,
    configurations: Data<Configurations>,
) -> ApiResult {
    let body = body?;
    let values = body.object()?;
    body.reject_nul()?;
    configurations.set_values(&by, &id, values.clone()).await?;
    Ok(HttpResponse::Ok().json(Done::SUCCESS))
}
