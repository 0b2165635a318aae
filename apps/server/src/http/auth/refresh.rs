//! POST /auth/refresh

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::auth::{Auth, TokenPair};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::input::JsonBody;

/// A refresh token to be exchanged.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct Refresh {
    refresh_token: String,
}

/// A new pair of tokens.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    token: String,
    refresh_token: String,
    /// Life of the access token, in seconds.
    expires_in: i64,
}

/// Exchanges a refresh token for a new pair; each can be used once.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = Refresh, security(()),
    responses((status = 200, body = Tokens), (status = 401), (status = 422)))]
pub async fn refresh(body: JsonBody, auth: Data<Auth>) -> ApiResult {
    let mut fields = body.fields()?;
    let token = fields.string("refresh_token").min_len(1).required();
    fields.finish()?;
    let TokenPair { token, refresh_token, expires_in } = auth.refresh(&token).await?;
    Ok(HttpResponse::Ok().json(Tokens { token, refresh_token, expires_in }))
}
