//! POST and DELETE /admin/configuration/{id}/set-default

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use snackbase_application::configuration::Configurations;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// A configuration that is the default now.
#[derive(Serialize, ToSchema)]
pub struct DefaultConfiguration {
    /// `success`
    status: &'static str,
    is_default: bool,
    provider_name: String,
    display_name: String,
}

/// A configuration that is not the default any more.
#[derive(Serialize, ToSchema)]
pub struct OrdinaryConfiguration {
    /// `success`
    status: &'static str,
    is_default: bool,
}

/// Makes a configuration the only default of its category in its account.
#[utoipa::path(post, path = "/api/v1/admin/configuration/{id}/set-default", tag = "configuration",
    params(("id" = String, Path, description = "Id of the configuration")),
    responses((status = 200, body = DefaultConfiguration), (status = 400), (status = 401), (status = 403),
        (status = 404), (status = 409)))]
pub async fn set(
    Superadmin(by): Superadmin,
    id: Path<String>,
    configurations: Data<Configurations>,
) -> ApiResult {
    let changed = configurations.set_default(&by, &id).await?;
    Ok(HttpResponse::Ok().json(DefaultConfiguration {
        status: "success",
        is_default: changed.is_default,
        provider_name: changed.provider_name,
        display_name: changed.display_name,
    }))
}

/// Makes a configuration an ordinary one again.
#[utoipa::path(delete, path = "/api/v1/admin/configuration/{id}/set-default", tag = "configuration",
    params(("id" = String, Path, description = "Id of the configuration")),
    responses((status = 200, body = OrdinaryConfiguration), (status = 401), (status = 403), (status = 404)))]
pub async fn unset(
    Superadmin(by): Superadmin,
    id: Path<String>,
    configurations: Data<Configurations>,
) -> ApiResult {
    let changed = configurations.unset_default(&by, &id).await?;
    Ok(HttpResponse::Ok().json(OrdinaryConfiguration { status: "success", is_default: changed.is_default }))
}
