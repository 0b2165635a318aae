//! POST /auth/send-verification, /auth/resend-verification and /auth/verify-email

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::verification::EmailVerification;
use snackbase_application::{AppError, Caller};
use snackbase_domain::email::Email;
use utoipa::ToSchema;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::{Anybody, SignedIn, Whoever};
use crate::http::input::JsonBody;

const RESENT: &str = "Verification email resent successfully";

/// The caller's own address, if it is given at all.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct SendVerification {
    email: Option<String>,
}

/// Whom to send the mail again; a signed-in caller needs neither.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ResendVerification {
    email: Option<String>,
    /// Code or slug of the account.
    account: Option<String>,
}

/// A token that was mailed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct VerifyEmail {
    token: String,
}

/// The user whose address is verified.
#[derive(Serialize, ToSchema)]
pub struct VerifiedUser {
    id: String,
    email: String,
    email_verified: bool,
}

/// What became of a verification.
#[derive(Serialize, ToSchema)]
pub struct Verified {
    message: &'static str,
    user: VerifiedUser,
}

/// Mails the caller a link that verifies the e-mail address.
#[utoipa::path(post, path = "/api/v1/auth/send-verification", tag = "auth", request_body = SendVerification,
    responses((status = 200, body = Message), (status = 400), (status = 401), (status = 422), (status = 500)))]
pub async fn send(
    body: JsonBody,
    SignedIn(by): SignedIn,
    verification: Data<EmailVerification>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let email = fields.email("email").optional();
    fields.finish()?;
    let email = email.map(|email| Email::new(email.as_str()));
    let sent_to = verification.send(&by, email.as_ref()).await?;
    Ok(HttpResponse::Ok().json(Message::new(format!("Verification email sent to {sent_to}"))))
}

/// Mails the link again: to the caller or, for one who is not signed in, to the user
/// named. That reply does not tell whether there is such a user.
#[utoipa::path(post, path = "/api/v1/auth/resend-verification", tag = "auth", request_body = ResendVerification,
    responses((status = 200, body = Message), (status = 400), (status = 401), (status = 422), (status = 429), (status = 500)))]
pub async fn resend(
    body: JsonBody,
    Anybody(caller): Anybody,
    verification: Data<EmailVerification>,
) -> ApiResult {
    let anonymous = matches!(caller, Caller::Anonymous { .. });
    if anonymous && body.value().and_then(|body| body.get("email")).is_none_or(serde_json::Value::is_null) {
        return Err(AppError::unauthenticated("Missing authentication credentials").into());
    }
    let mut fields = body.fields()?;
    let email = fields.email("email").optional().map(|email| Email::new(email.as_str()));
    let account = fields.string("account").min_len(1).optional();
    fields.finish()?;
    match (&caller, email) {
        (Caller::User(by), email) => {
            verification.send(by, email.as_ref()).await?;
        }
        (Caller::Anonymous { .. }, Some(email)) => {
            verification.request(&caller, account.as_ref(), email).await?;
        }
        (Caller::Anonymous { .. }, None) => {}
    }
    Ok(HttpResponse::Ok().json(Message::new(RESENT)))
}

/// Verifies the e-mail address that a token was mailed to.
#[utoipa::path(post, path = "/api/v1/auth/verify-email", tag = "auth", request_body = VerifyEmail, security(()),
    responses((status = 200, body = Verified), (status = 400), (status = 422), (status = 429)))]
pub async fn verify(
    body: JsonBody,
    Whoever(caller): Whoever,
    verification: Data<EmailVerification>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let token = fields.string("token").required();
    fields.finish()?;
    let user = verification.verify(&caller, &token).await?;
    Ok(HttpResponse::Ok().json(Verified {
        message: "Email verified successfully",
        user: VerifiedUser {
            id: user.id.to_string(),
            email: user.email.to_string(),
            email_verified: user.email_verified,
        },
    }))
}
