//! GET and DELETE /auth/sessions, DELETE /auth/sessions/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::auth::Auth;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::Query;

/// A sign-in that goes on.
#[derive(Serialize, ToSchema)]
pub struct SessionItem {
    id: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was prolonged last.
    last_used_at: DateTime<Utc>,
    /// When it ends unless it is prolonged.
    expires_at: DateTime<Utc>,
    /// Where it was made from.
    #[schema(required)]
    ip_address: Option<String>,
    #[schema(required)]
    user_agent: Option<String>,
    /// Whether the call came by it.
    current: bool,
}

/// The sign-ins of the caller.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    items: Vec<SessionItem>,
    total: usize,
}

/// Lists the caller's sign-ins that go on, the one used last first.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "auth",
    responses((status = 200, body = SessionList), (status = 401)))]
pub async fn list(SignedIn(by): SignedIn, auth: Data<Auth>) -> ApiResult {
    let tokens = auth.sessions(&by).await?;
    let items: Vec<_> = tokens
        .into_iter()
        .map(|token| SessionItem {
            id: token.sign_in.id.to_string(),
            created_at: token.sign_in.at,
            last_used_at: token.created_at,
            expires_at: token.expires_at,
            ip_address: token.sign_in.ip_address,
            user_agent: token.sign_in.user_agent,
            current: by.session == Some(token.sign_in.id),
        })
        .collect();
    Ok(HttpResponse::Ok().json(SessionList { total: items.len(), items }))
}

/// Ends one of the caller's sign-ins; its tokens stop at once.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{id}", tag = "auth",
    params(("id" = String, Path, description = "Id of the sign-in")),
    responses((status = 204), (status = 401), (status = 404)))]
pub async fn end(SignedIn(by): SignedIn, id: Path<String>, auth: Data<Auth>) -> ApiResult {
    auth.end_session(&by, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Signs the caller out everywhere.
#[utoipa::path(delete, path = "/api/v1/auth/sessions", tag = "auth",
    params(("keep_current" = Option<bool>, Query, description = "Whether the sign-in of this call goes on")),
    responses((status = 204), (status = 401), (status = 422)))]
pub async fn end_all(SignedIn(by): SignedIn, query: Query, auth: Data<Auth>) -> ApiResult {
    let mut fields = query.fields();
    let keep_current = fields.boolean("keep_current").default(false);
    fields.finish()?;
    auth.end_sessions(&by, keep_current).await?;
    Ok(HttpResponse::NoContent().finish())
}
