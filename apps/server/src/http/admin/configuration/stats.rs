//! GET /admin/configuration/stats

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::configuration::Configurations;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Numbers of enabled configurations.
#[derive(Serialize, ToSchema)]
pub struct ConfigurationStats {
    system_configs: ConfigurationCounts,
    /// Of all accounts together.
    account_configs: ConfigurationCounts,
}

/// How many there are.
#[derive(Serialize, ToSchema)]
pub struct ConfigurationCounts {
    total: u64,
    by_category: BTreeMap<String, u64>,
}

impl From<BTreeMap<String, u64>> for ConfigurationCounts {
    fn from(by_category: BTreeMap<String, u64>) -> Self {
        Self { total: by_category.values().sum(), by_category }
    }
}

/// Counts enabled configurations.
#[utoipa::path(get, path = "/api/v1/admin/configuration/stats", tag = "configuration",
    responses((status = 200, body = ConfigurationStats), (status = 401), (status = 403)))]
pub async fn stats(Superadmin(_): Superadmin, configurations: Data<Configurations>) -> ApiResult {
    let stats = configurations.stats().await?;
    Ok(HttpResponse::Ok().json(ConfigurationStats {
        system_configs: stats.system.into(),
        account_configs: stats.accounts.into(),
    }))
}
