//! POST /admin/configuration/test-connection

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::configuration::Configurations;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// Settings to try.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct TestConnection {
    category: String,
    provider_name: String,
    config: Map<String, Value>,
}

/// How it went.
#[derive(Serialize, ToSchema)]
pub struct TestedConnection {
    success: bool,
    message: String,
}

/// Connects to a provider as settings say; nothing is stored.
#[utoipa::path(post, path = "/api/v1/admin/configuration/test-connection", tag = "configuration",
    request_body = TestConnection,
    responses((status = 200, body = TestedConnection), (status = 401), (status = 403), (status = 422)))]
pub async fn test_connection(
    Superadmin(_): Superadmin,
    body: Result<JsonBody, Faults>,
    configurations: Data<Configurations>,
) -> ApiResult {
    let body = body?;
    let mut fields = body.fields()?;
    let category = fields.string("category").optional().filter(|word| !word.is_empty());
    let provider = fields.string("provider_name").optional().filter(|word| !word.is_empty());
    let config = fields.object("config").optional();
    fields.finish()?;
    let tested = match (category, provider, config) {
        (Some(category), Some(provider), Some(values)) => {
            configurations.test(&category, &provider, &values).await
        }
        _ => Err("Missing required fields".to_owned()),
    };
    let (success, message) = match tested {
        Ok(message) => (true, message),
        Err(message) => (false, message),
    };
    Ok(HttpResponse::Ok().json(TestedConnection { success, message }))
}
