//! POST /invitations/{id}/resend

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::invitations::Invitations;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;

/// Mails a pending invitation again; for admins of the account.
#[utoipa::path(post, path = "/api/v1/invitations/{id}/resend", tag = "invitations",
    params(("id" = String, Path, description = "Id of the invitation")),
    responses((status = 200, body = Message), (status = 400), (status = 401), (status = 403), (status = 404), (status = 500)))]
pub async fn resend(SignedIn(by): SignedIn, id: Path<String>, invitations: Data<Invitations>) -> ApiResult {
    invitations.resend(&by, &id).await?;
    Ok(HttpResponse::Ok().json(Message::new("Invitation email resent successfully")))
}
