//! GET /admin/configuration/system and /admin/configuration/account

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

/// A configuration that holds for all accounts without one of their own.
#[derive(Serialize, ToSchema)]
pub struct SystemConfiguration {
    id: String,
    display_name: String,
    provider_name: String,
    category: String,
    enabled: bool,
    is_builtin: bool,
    is_default: bool,
    priority: i32,
    updated_at: DateTime<Utc>,
    #[schema(required)]
    logo_url: Option<String>,
}

impl From<Configuration> for SystemConfiguration {
    fn from(configuration: Configuration) -> Self {
        Self {
            id: configuration.id.to_string(),
            display_name: configuration.display_name,
            provider_name: configuration.provider_name,
            category: configuration.category,
            enabled: configuration.enabled,
            is_builtin: configuration.is_builtin,
            is_default: configuration.is_default,
            priority: configuration.priority,
            updated_at: configuration.updated_at,
            logo_url: configuration.logo_url,
        }
    }
}

/// A configuration of an account.
#[derive(Serialize, ToSchema)]
pub struct AccountConfiguration {
    id: String,
    display_name: String,
    provider_name: String,
    category: String,
    enabled: bool,
    is_default: bool,
    priority: i32,
    updated_at: DateTime<Utc>,
    #[schema(required)]
    logo_url: Option<String>,
    account_id: String,
}

impl From<Configuration> for AccountConfiguration {
    fn from(configuration: Configuration) -> Self {
        Self {
            id: configuration.id.to_string(),
            account_id: configuration.account_id.to_string(),
            display_name: configuration.display_name,
            provider_name: configuration.provider_name,
            category: configuration.category,
            enabled: configuration.enabled,
            is_default: configuration.is_default,
            priority: configuration.priority,
            updated_at: configuration.updated_at,
            logo_url: configuration.logo_url,
        }
    }
}

/// Lists the configurations of the system, by priority, then newest.
#[utoipa::path(get, path = "/api/v1/admin/configuration/system", tag = "configuration",
    params(("category" = Option<String>, Query, description = "Only those of this category")),
    responses((status = 200, body = Vec<SystemConfiguration>), (status = 401), (status = 403)))]
pub async fn of_system(
    Superadmin(_): Superadmin,
    query: Query,
    configurations: Data<Configurations>,
) -> ApiResult {
    let mut fields = query.fields();
    let category = fields.string("category").optional();
    fields.finish()?;
    let found = configurations.of_system(category).await?;
    Ok(HttpResponse::Ok().json(found.into_iter().map(SystemConfiguration::from).collect::<Vec<_>>()))
}

/// Lists the configurations of an account, by priority, then newest.
#[utoipa::path(get, path = "/api/v1/admin/configuration/account", tag = "configuration",
    params(
        ("account_id" = String, Query, description = "Id of the account"),
        ("category" = Option<String>, Query, description = "Only those of this category"),
    ),
    responses((status = 200, body = Vec<AccountConfiguration>), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub async fn of_account(
    Superadmin(_): Superadmin,
    query: Query,
    configurations: Data<Configurations>,
) -> ApiResult {
    let mut fields = query.fields();
    let account = fields.string("account_id").required();
    let category = fields.string("category").optional();
    fields.finish()?;
    let found = configurations.of_account(&account, category).await?;
    Ok(HttpResponse::Ok().json(found.into_iter().map(AccountConfiguration::from).collect::<Vec<_>>()))
}
