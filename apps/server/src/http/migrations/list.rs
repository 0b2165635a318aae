//! GET /migrations

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::migrations::{History, Migrations};
use utoipa::ToSchema;

use super::reply;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// A step of the schema.
#[derive(Serialize, ToSchema)]
pub struct Revision {
    revision: String,
    description: String,
    /// The one before it.
    #[schema(required)]
    down_revision: Option<String>,
    /// `core` for the system's tables, `dynamic` for collections.
    branch_labels: [&'static str; 1],
    is_applied: bool,
    is_head: bool,
    is_dynamic: bool,
    /// When it was applied.
    #[schema(required)]
    created_at: Option<DateTime<Utc>>,
}

/// All steps of the schema.
#[derive(Serialize, ToSchema)]
pub struct RevisionList {
    revisions: Vec<Revision>,
    total: usize,
    #[schema(required)]
    current_revision: Option<String>,
}

impl From<&History> for RevisionList {
    fn from(history: &History) -> Self {
        let current = history.current().map(|revision| revision.id.clone());
        let mut before = None;
        let mut revisions = Vec::with_capacity(history.revisions.len());
        for revision in &history.revisions {
            revisions.push(Revision {
                revision: revision.id.clone(),
                description: revision.description.clone(),
                down_revision: before.replace(revision.id.clone()),
                branch_labels: [if revision.dynamic { "dynamic" } else { "core" }],
                is_applied: revision.applied_at.is_some(),
                is_head: current.as_ref() == Some(&revision.id),
                is_dynamic: revision.dynamic,
                created_at: revision.applied_at,
            });
        }
        revisions.reverse();
        Self { total: revisions.len(), revisions, current_revision: current }
    }
}

/// Lists all revisions of the schema, newest first.
#[utoipa::path(get, path = "/api/v1/migrations", tag = "migrations",
    responses((status = 200, body = RevisionList), (status = 304), (status = 401), (status = 403)))]
pub async fn list(
    _: Superadmin,
    request: HttpRequest,
    migrations: Data<Migrations>,
) -> ApiResult<HttpResponse> {
    let history = migrations.history().await?;
    Ok(reply(&request, &history, RevisionList::from(&history)))
}
