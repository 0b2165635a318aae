//! Signing in.

mod login;
mod logout;
mod me;
mod password_reset;
mod refresh;
mod register;
mod sessions;
mod verification;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::auth::SignedIn;
use snackbase_domain::account::Account;
use snackbase_domain::user::User;
use utoipa::{OpenApi, ToSchema};

use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    register::register,
    login::login,
    refresh::refresh,
    logout::logout,
    me::me,
    sessions::list,
    sessions::end,
    sessions::end_all,
    verification::send,
    verification::resend,
    verification::verify,
    password_reset::forgot,
    password_reset::look,
    password_reset::set
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/auth/register", [(Method::POST, web::to(register::register))]))
        .service(resource("/auth/login", [(Method::POST, web::to(login::login))]))
        .service(resource("/auth/refresh", [(Method::POST, web::to(refresh::refresh))]))
        .service(resource("/auth/logout", [(Method::POST, web::to(logout::logout))]))
        .service(resource("/auth/me", [(Method::GET, web::to(me::me))]))
        .service(resource(
            "/auth/sessions",
            [(Method::GET, web::to(sessions::list)), (Method::DELETE, web::to(sessions::end_all))],
        ))
        .service(resource("/auth/send-verification", [(Method::POST, web::to(verification::send))]))
        .service(resource("/auth/resend-verification", [(Method::POST, web::to(verification::resend))]))
        .service(resource("/auth/verify-email", [(Method::POST, web::to(verification::verify))]))
        .service(resource("/auth/forgot-password", [(Method::POST, web::to(password_reset::forgot))]))
        .service(resource("/auth/verify-reset-token/{token}", [(Method::GET, web::to(password_reset::look))]))
        .service(resource("/auth/reset-password", [(Method::POST, web::to(password_reset::set))]))
        .service(resource("/auth/sessions/{id}", [(Method::DELETE, web::to(sessions::end))]));
}

/// The account that somebody signed in to.
#[derive(Serialize, ToSchema)]
pub struct SessionAccount {
    id: String,
    slug: String,
    name: String,
    created_at: DateTime<Utc>,
}

/// The user who signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionUser {
    id: String,
    email: String,
    /// Name of the role.
    role: String,
    is_active: bool,
    created_at: DateTime<Utc>,
}

/// A sign-in.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// The access token.
    token: String,
    refresh_token: String,
    /// Life of the access token, in seconds.
    expires_in: i64,
    account: SessionAccount,
    user: SessionUser,
}

impl From<SignedIn> for Session {
    fn from(signed_in: SignedIn) -> Self {
        let SignedIn { tokens, user, role, account } = signed_in;
        Self {
            token: tokens.token,
            refresh_token: tokens.refresh_token,
            expires_in: tokens.expires_in,
            account: account.into(),
            user: SessionUser::new(user, role),
        }
    }
}

impl From<Account> for SessionAccount {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.to_string(),
            slug: account.slug,
            name: account.name,
            created_at: account.created_at,
        }
    }
}

impl SessionUser {
    fn new(user: User, role: String) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.to_string(),
            role,
            is_active: user.is_active,
            created_at: user.created_at,
        }
    }
}
