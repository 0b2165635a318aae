//! POST /admin/api-keys

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::api_keys::{ApiKeyFormat, ApiKeys};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::JsonBody;

/// A key to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct CreateApiKey {
    name: String,
    expires_at: Option<DateTime<Utc>>,
    /// `sb_ak` (signed, the default) or `sb_sk` (random).
    format: Option<String>,
}

/// A key that was just made: the only time that it is shown.
#[derive(Serialize, ToSchema)]
pub struct CreatedApiKey {
    name: String,
    id: String,
    key: String,
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

/// Makes an API key of the caller's.
#[utoipa::path(post, path = "/api/v1/admin/api-keys", tag = "api keys", request_body = CreateApiKey,
    responses((status = 201, body = CreatedApiKey), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub async fn create(body: JsonBody, Superadmin(caller): Superadmin, keys: Data<ApiKeys>) -> ApiResult {
    let mut fields = body.fields()?;
    let name = fields.string("name").len(3, 100).required();
    let expires_at = fields.time("expires_at").optional();
    let format = fields.one_of("format", &["sb_ak", "sb_sk"]).default("sb_ak");
    fields.finish()?;
    let format = if format == "sb_sk" { ApiKeyFormat::Random } else { ApiKeyFormat::Signed };
    let (made, key) = keys.create(&caller, &name, expires_at, format).await?;
    Ok(HttpResponse::Created().json(CreatedApiKey {
        name: made.name,
        id: made.id.to_string(),
        key,
        expires_at: made.expires_at,
        created_at: made.created_at,
    }))
}
