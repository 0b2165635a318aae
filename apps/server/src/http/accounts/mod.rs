//! Accounts.

mod create;
mod delete;
mod get;
mod list;
mod update;
mod users;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::accounts::AccountDetail;
use utoipa::{OpenApi, ToSchema};

use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    get::get,
    update::update,
    update::patch,
    delete::delete,
    users::users
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/accounts",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/accounts/{id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PUT, web::to(update::update)),
                (Method::PATCH, web::to(update::patch)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ))
        .service(resource("/accounts/{id}/users", [(Method::GET, web::to(users::users))]));
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct Account {
    id: String,
    /// Two letters and four digits.
    account_code: String,
    slug: String,
    name: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    user_count: u64,
    /// Names of the collections in which it has records.
    collections_used: Vec<String>,
}

impl From<AccountDetail> for Account {
    fn from(detail: AccountDetail) -> Self {
        let account = detail.account;
        Self {
            id: account.id.to_string(),
            account_code: account.code.to_string(),
            slug: account.slug,
            name: account.name,
            created_at: account.created_at,
            updated_at: account.updated_at,
            user_count: detail.user_count,
            collections_used: detail.collections_used,
        }
    }
}
