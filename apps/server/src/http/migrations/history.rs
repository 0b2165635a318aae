//! GET /migrations/history

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::migrations::Migrations;
use utoipa::ToSchema;

use super::reply;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// A step that was taken.
#[derive(Serialize, ToSchema)]
pub struct AppliedRevision {
    revision: String,
    description: String,
    is_dynamic: bool,
    created_at: Option<DateTime<Utc>>,
}

/// The steps that were taken.
#[derive(Serialize, ToSchema)]
pub struct RevisionHistory {
    history: Vec<AppliedRevision>,
    total: usize,
}

/// Lists the revisions that are applied, oldest first.
#[utoipa::path(get, path = "/api/v1/migrations/history", tag = "migrations",
    responses((status = 200, body = RevisionHistory), (status = 304), (status = 401), (status = 403)))]
pub async fn history(
    _: Superadmin,
    request: HttpRequest,
    migrations: Data<Migrations>,
) -> ApiResult<HttpResponse> {
    let history = migrations.history().await?;
    let applied = history.applied().map(|revision| AppliedRevision {
        revision: revision.id.clone(),
        description: revision.description.clone(),
        is_dynamic: revision.dynamic,
        created_at: revision.applied_at,
    });
    let applied: Vec<_> = applied.collect();
    Ok(reply(&request, &history, RevisionHistory { total: applied.len(), history: applied }))
}
