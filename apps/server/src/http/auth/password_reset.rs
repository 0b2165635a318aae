//! POST /auth/forgot-password, GET /auth/verify-reset-token/{token} and POST /auth/reset-password

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::password_reset::PasswordReset;
use snackbase_domain::email::Email;
use utoipa::ToSchema;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::Whoever;
use crate::http::input::JsonBody;

/// Who forgot the password.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ForgotPassword {
    email: String,
    /// Code or slug of the account.
    account: Option<String>,
}

/// Another password, and the token that was mailed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ResetPassword {
    token: String,
    /// Also taken as `newPassword`.
    new_password: String,
}

/// Whether a token can be used, and until when.
#[derive(Serialize, ToSchema)]
pub struct ResetToken {
    valid: bool,
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
}

/// Mails a link to set another password. The reply does not tell whether there is such a user.
#[utoipa::path(post, path = "/api/v1/auth/forgot-password", tag = "auth", request_body = ForgotPassword, security(()),
    responses((status = 200, body = Message), (status = 400), (status = 422), (status = 429)))]
pub async fn forgot(body: JsonBody, Whoever(caller): Whoever, reset: Data<PasswordReset>) -> ApiResult {
    let mut fields = body.fields()?;
    let email = fields.email("email").required();
    let account = fields.string("account").min_len(1).optional();
    fields.finish()?;
    reset.request(&caller, account.as_ref(), Email::new(email.as_str())).await?;
    let text = "If an account with that email exists, a password reset link has been sent.";
    Ok(HttpResponse::Ok().json(Message::new(text)))
}

/// Tells whether a token can still be used; looking does not use it up.
#[utoipa::path(get, path = "/api/v1/auth/verify-reset-token/{token}", tag = "auth", security(()),
    params(("token" = String, Path, description = "What the mailed link carries")),
    responses((status = 200, body = ResetToken), (status = 429)))]
pub async fn look(Whoever(caller): Whoever, token: Path<String>, reset: Data<PasswordReset>) -> ApiResult {
    let expires_at = reset.look(&caller, &token).await?;
    Ok(HttpResponse::Ok().json(ResetToken { valid: expires_at.is_some(), expires_at }))
}

/// Sets another password and ends all sign-ins of the user.
#[utoipa::path(post, path = "/api/v1/auth/reset-password", tag = "auth", request_body = ResetPassword, security(()),
    responses((status = 200, body = Message), (status = 400), (status = 403), (status = 422), (status = 429)))]
pub async fn set(body: JsonBody, Whoever(caller): Whoever, reset: Data<PasswordReset>) -> ApiResult {
    let mut fields = body.fields()?;
    let token = fields.string("token").required();
    let password = fields.string("new_password").alias("newPassword").min_len(8).required();
    fields.finish()?;
    reset.reset(&caller, &token, &password).await?;
    let text = "Password reset successfully. You can now log in with your new password.";
    Ok(HttpResponse::Ok().json(Message::new(text)))
}
