//! Users.

mod create;
mod delete;
mod get;
mod list;
mod password;
mod sessions;
mod update;
mod verify;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use snackbase_application::users::UserDetail;
use utoipa::{OpenApi, ToSchema};

use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    get::get,
    update::update,
    delete::delete,
    password::set,
    sessions::end_all,
    verify::verify,
    verify::resend
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/users",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/users/{id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PATCH, web::to(update::update)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ))
        .service(resource(
            "/users/{id}/password",
            [(Method::PUT, web::to(password::set)), (Method::POST, web::to(password::set))],
        ))
        .service(resource("/users/{id}/sessions", [(Method::DELETE, web::to(sessions::end_all))]))
        .service(resource("/users/{id}/verify", [(Method::POST, web::to(verify::verify))]))
        .service(resource("/users/{id}/resend-verification", [(Method::POST, web::to(verify::resend))]));
}

/// A user.
#[derive(Serialize, ToSchema)]
pub struct User {
    id: String,
    email: String,
    account_id: String,
    account_code: String,
    account_name: String,
    role_id: i32,
    role_name: String,
    is_active: bool,
    auth_provider: String,
    #[schema(required)]
    auth_provider_name: Option<String>,
    #[schema(required)]
    external_id: Option<String>,
    #[schema(required)]
    external_email: Option<String>,
    #[schema(required)]
    profile_data: Option<Value>,
    email_verified: bool,
    #[schema(required)]
    email_verified_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    #[schema(required)]
    last_login: Option<DateTime<Utc>>,
}

impl From<UserDetail> for User {
    fn from(detail: UserDetail) -> Self {
        let user = detail.user;
        Self {
            id: user.id.to_string(),
            email: user.email.to_string(),
            account_id: user.account_id.to_string(),
            account_code: detail.account_code,
            account_name: detail.account_name,
            role_id: user.role_id.0,
            role_name: detail.role_name,
            is_active: user.is_active,
            auth_provider: user.auth_provider,
            auth_provider_name: user.auth_provider_name,
            external_id: user.external_id,
            external_email: user.external_email,
            profile_data: user.profile_data,
            email_verified: user.email_verified,
            email_verified_at: user.email_verified_at,
            created_at: user.created_at,
            last_login: user.last_login,
        }
    }
}
