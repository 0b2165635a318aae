//! POST /auth/register

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::registration::{Registered, Registration, RegistrationRequest};
use snackbase_domain::email::Email;
use utoipa::ToSchema;

use super::{SessionAccount, SessionUser};
use crate::http::error::ApiResult;
use crate::http::extract::Whoever;
use crate::http::input::JsonBody;

/// What somebody registers with.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct Register {
    email: String,
    password: String,
    /// Needed unless the installation has one account only.
    account_name: Option<String>,
    /// Made of the name when absent.
    account_slug: Option<String>,
}

/// A user who has registered, and the account.
#[derive(Serialize, ToSchema)]
pub struct Registration201 {
    message: &'static str,
    user: SessionUser,
    account: SessionAccount,
}

/// Makes an account and its first user, who has to verify the e-mail address.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "auth", request_body = Register, security(()),
    responses((status = 201, body = Registration201), (status = 400), (status = 409), (status = 422)))]
pub async fn register(
    body: JsonBody,
    Whoever(caller): Whoever,
    registration: Data<Registration>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let email = fields.email("email").required();
    let password = fields.string("password").min_len(1).required();
    let account_name = fields.string("account_name").len(1, 255).optional();
    let account_slug = fields.string("account_slug").len(3, 32).optional();
    fields.finish()?;
    let email = Email::new(email.as_str());
    let request = RegistrationRequest { email, password, account_name, account_slug };
    let Registered { user, role, account, .. } = registration.register(&caller, request).await?;
    Ok(HttpResponse::Created().json(Registration201 {
        message: "Registration successful. Please check your email to verify your account.",
        user: SessionUser::new(user, role.to_owned()),
        account: account.into(),
    }))
}
