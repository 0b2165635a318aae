//! POST /admin/configuration

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::configuration::{Configurations, NewConfiguration};
use snackbase_application::{AppError, Kind};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// Settings of a provider to be stored.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct CreateConfiguration {
    category: String,
    provider_name: String,
    /// Also accepted as `name`.
    display_name: String,
    /// The settings; also accepted as `values`.
    config: Map<String, Value>,
    /// The system account by default.
    account_id: Option<String>,
    logo_url: Option<String>,
    /// True by default.
    enabled: Option<bool>,
    /// Lower ones come first; 0 by default.
    priority: Option<i32>,
}

/// A configuration that was made.
#[derive(Serialize, ToSchema)]
pub struct CreatedConfiguration {
    id: String,
    /// `success`
    status: &'static str,
}

/// What must be there, with the other name that is accepted.
const REQUIRED: [(&str, &str); 4] = [
    ("category", "category"),
    ("provider_name", "provider_name"),
    ("display_name", "name"),
    ("config", "values"),
];

/// Stores settings of a provider.
#[utoipa::path(post, path = "/api/v1/admin/configuration", tag = "configuration",
    request_body = CreateConfiguration,
    responses((status = 200, body = CreatedConfiguration), (status = 400), (status = 401), (status = 403),
        (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    Superadmin(by): Superadmin,
    body: Result<JsonBody, Faults>,
    configurations: Data<Configurations>,
) -> ApiResult {
    let body = body?;
    let sent = body.object()?;
    let missing =
        REQUIRED.iter().find(|(name, other)| !sent.contains_key(*name) && !sent.contains_key(*other));
    if let Some((name, _)) = missing {
        return Err(AppError::detail(Kind::Invalid, format!("Missing field: {name}")).into());
    }
    let mut fields = body.fields()?;
    let category = fields.string("category").required();
    let provider_name = fields.string("provider_name").required();
    let display_name = fields.string("display_name").alias("name").required();
    let config = fields.json("config").alias("values").required();
    let account = fields.string("account_id").optional();
    let logo_url = fields.string("logo_url").optional();
    let enabled = fields.boolean("enabled").default(true);
    let priority = fields.int("priority").ge(i32::MIN.into()).le(i32::MAX.into()).default(0);
    fields.finish()?;
    let Value::Object(values) = config else {
        return Err(AppError::unprocessable("config must be an object").into());
    };
    let new = NewConfiguration {
        account,
        category,
        provider_name,
        display_name,
        logo_url,
        values,
        enabled,
        priority: i32::try_from(priority).unwrap_or_default(),
    };
    let id = configurations.create(&by, new).await?;
    Ok(HttpResponse::Ok().json(CreatedConfiguration { id: id.to_string(), status: "success" }))
}
