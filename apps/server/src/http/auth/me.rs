//! GET /auth/me

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct Me {
    user_id: String,
    account_id: String,
    email: String,
    /// Name of the role.
    role: String,
}

/// Tells who is signed in.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth",
    responses((status = 200, body = Me), (status = 401)))]
pub async fn me(SignedIn(identity): SignedIn) -> ApiResult {
    Ok(HttpResponse::Ok().json(Me {
        user_id: identity.user_key.clone(),
        account_id: identity.account_key.clone(),
        email: identity.email.clone(),
        role: identity.role.clone(),
    }))
}
