//! PATCH /admin/configuration/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use snackbase_application::configuration::Configurations;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// Whether a configuration is to be used.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct EnableConfiguration {
    enabled: bool,
}

/// Whether a configuration is used.
#[derive(Serialize, ToSchema)]
pub struct EnabledConfiguration {
    /// `success`
    status: &'static str,
    enabled: bool,
    is_default: bool,
}

/// Switches a configuration on or off; what is off is no default any more.
#[utoipa::path(patch, path = "/api/v1/admin/configuration/{id}", tag = "configuration",
    params(("id" = String, Path, description = "Id of the configuration")),
    request_body = EnableConfiguration,
    responses((status = 200, body = EnabledConfiguration), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub async fn enable(
    Superadmin(by): Superadmin,
    id: Path<String>,
    body: Result<JsonBody, Faults>,
    configurations: Data<Configurations>,
) -> ApiResult {
    let body = body?;
    let mut fields = body.fields()?;
    let enabled = fields.boolean("enabled").required();
    fields.finish()?;
    let changed = configurations.set_enabled(&by, &id, enabled).await?;
    Ok(HttpResponse::Ok().json(EnabledConfiguration {
        status: "success",
        enabled: changed.enabled,
        is_default: changed.is_default,
    }))
}
