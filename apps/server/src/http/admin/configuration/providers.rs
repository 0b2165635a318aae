//! GET /admin/configuration/providers and /admin/configuration/schema/{category}/{provider}

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Serialize;
use snackbase_application::AppError;
use snackbase_domain::configuration::{self, provider, providers};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;

/// A provider that can be configured.
#[derive(Serialize, ToSchema)]
pub struct Provider {
    category: &'static str,
    provider_name: &'static str,
    display_name: &'static str,
    logo_url: &'static str,
    is_builtin: bool,
}

impl From<&configuration::Provider> for Provider {
    fn from(provider: &configuration::Provider) -> Self {
        Self {
            category: provider.category,
            provider_name: provider.name,
            display_name: provider.display_name,
            logo_url: provider.logo_url,
            is_builtin: true,
        }
    }
}

/// Lists the providers that are known.
#[utoipa::path(get, path = "/api/v1/admin/configuration/providers", tag = "configuration",
    params(("category" = Option<String>, Query, description = "Only those of this category")),
    responses((status = 200, body = Vec<Provider>), (status = 401), (status = 403)))]
pub async fn list(Superadmin(_): Superadmin, query: Query) -> ApiResult {
    let mut fields = query.fields();
    let category = fields.string("category").optional();
    fields.finish()?;
    let wanted = |known: &&configuration::Provider| category.as_ref().is_none_or(|c| *c == known.category);
    let found: Vec<_> = providers().iter().filter(wanted).map(Provider::from).collect();
    Ok(HttpResponse::Ok().json(found))
}

/// Describes the settings of a provider as a JSON Schema.
#[utoipa::path(get, path = "/api/v1/admin/configuration/schema/{category}/{provider}", tag = "configuration",
    params(
        ("category" = String, Path, description = "What the provider is for"),
        ("provider" = String, Path, description = "Name of the provider"),
    ),
    responses((status = 200, body = Object), (status = 401), (status = 403), (status = 404)))]
pub async fn schema(Superadmin(_): Superadmin, path: Path<(String, String)>) -> ApiResult {
    let (category, name) = path.into_inner();
    let known = provider(&category, &name).ok_or_else(|| AppError::not_found("Provider not found"))?;
    Ok(HttpResponse::Ok().json(known.schema()))
}
