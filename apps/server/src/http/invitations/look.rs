//! GET /invitations/{token}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::invitations::Invitations;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Whoever;

/// A pending invitation, as those see it who have its token.
#[derive(Serialize, ToSchema)]
pub struct PublicInvitation {
    email: String,
    account_name: String,
    /// E-mail address of who invited.
    invited_by_name: String,
    expires_at: DateTime<Utc>,
    is_valid: bool,
}

/// Shows the invitation of a token; looking does not use it up.
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "invitations", security(()),
    params(("token" = String, Path, description = "What the mailed link carries")),
    responses((status = 200, body = PublicInvitation), (status = 400), (status = 404), (status = 429)))]
pub async fn look(
    Whoever(caller): Whoever,
    token: Path<String>,
    invitations: Data<Invitations>,
) -> ApiResult {
    let invitation = invitations.look(&caller, &token).await?;
    Ok(HttpResponse::Ok().json(PublicInvitation {
        email: invitation.email.to_string(),
        account_name: invitation.account_name,
        invited_by_name: invitation.invited_by,
        expires_at: invitation.expires_at,
        is_valid: true,
    }))
}
