//! POST /users/{id}/verify and /users/{id}/resend-verification

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::users::Users;
use snackbase_application::verification::EmailVerification;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Marks a user's e-mail address as verified.
#[utoipa::path(post, path = "/api/v1/users/{id}/verify", tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    responses((status = 200, body = Message), (status = 401), (status = 403), (status = 404)))]
pub async fn verify(Superadmin(by): Superadmin, id: Path<String>, users: Data<Users>) -> ApiResult {
    let message = match users.verify(&by, &id).await? {
        true => "User email verified successfully",
        false => "User email is already verified",
    };
    Ok(HttpResponse::Ok().json(Message::new(message)))
}

/// Mails a user who has not verified the e-mail address the link to do so.
#[utoipa::path(post, path = "/api/v1/users/{id}/resend-verification", tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    responses((status = 200, body = Message), (status = 400), (status = 401), (status = 403), (status = 404), (status = 500)))]
pub async fn resend(
    Superadmin(by): Superadmin,
    id: Path<String>,
    verification: Data<EmailVerification>,
) -> ApiResult {
    let sent_to = verification.send_to(&by, &id).await?;
    Ok(HttpResponse::Ok().json(Message::new(format!("Verification email sent to {sent_to}"))))
}
