//! GET /admin/configuration/recent

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::configuration::Configurations;
use snackbase_domain::configuration::Configuration;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;

/// A configuration that was changed.
#[derive(Serialize, ToSchema)]
pub struct RecentConfiguration {
    id: String,
    display_name: String,
    provider_name: String,
    category: String,
    updated_at: DateTime<Utc>,
    is_system: bool,
    account_id: String,
    #[schema(required)]
    logo_url: Option<String>,
}

impl From<Configuration> for RecentConfiguration {
    fn from(configuration: Configuration) -> Self {
        Self {
            id: configuration.id.to_string(),
            is_system: configuration.is_system(),
            account_id: configuration.account_id.to_string(),
            display_name: configuration.display_name,
            provider_name: configuration.provider_name,
            category: configuration.category,
            updated_at: configuration.updated_at,
            logo_url: configuration.logo_url,
        }
    }
}

/// Lists the configurations that were changed last, latest first.
#[utoipa::path(get, path = "/api/v1/admin/configuration/recent", tag = "configuration",
    params(("limit" = Option<u64>, Query, description = "How many at most, 0 to 100; 5 by default")),
    responses((status = 200, body = Vec<RecentConfiguration>), (status = 401), (status = 403), (status = 422)))]
pub async fn recent(
    Superadmin(_): Superadmin,
    query: Query,
    configurations: Data<Configurations>,
) -> ApiResult {
    let mut fields = query.fields();
    let limit = fields.int("limit").ge(0).le(100).default(5).unsigned_abs();
    fields.finish()?;
    let found = configurations.recent(limit).await?;
    Ok(HttpResponse::Ok().json(found.into_iter().map(RecentConfiguration::from).collect::<Vec<_>>()))
}
