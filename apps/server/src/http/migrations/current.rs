//! GET /migrations/current

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::migrations::Migrations;
use snackbase_application::{AppError, Kind};
use utoipa::ToSchema;

use super::reply;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// The newest step of the schema.
#[derive(Serialize, ToSchema)]
pub struct CurrentRevision {
    revision: String,
    description: String,
    created_at: Option<DateTime<Utc>>,
}

/// Shows the newest revision that is applied.
#[utoipa::path(get, path = "/api/v1/migrations/current", tag = "migrations",
    responses((status = 200, body = CurrentRevision), (status = 304), (status = 401), (status = 403), (status = 404)))]
pub async fn current(
    _: Superadmin,
    request: HttpRequest,
    migrations: Data<Migrations>,
) -> ApiResult<HttpResponse> {
    let history = migrations.history().await?;
    let current = history.current().ok_or_else(|| {
        let message = "No current revision found. Database may not be initialized.";
        AppError::titled(Kind::NotFound, "Not Found", message)
    })?;
    let body = CurrentRevision {
        revision: current.id.clone(),
        description: current.description.clone(),
        created_at: current.applied_at,
    };
    Ok(reply(&request, &history, body))
}
