//! GET /accounts/{id}/users

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::accounts::Accounts;
use snackbase_application::roles::Roles;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;
use crate::http::paging::{Paging, total_pages};

/// A user of an account.
#[derive(Serialize, ToSchema)]
pub struct AccountUser {
    id: String,
    email: String,
    role: String,
    is_active: bool,
    created_at: DateTime<Utc>,
}

/// A page of an account's users.
#[derive(Serialize, ToSchema)]
pub struct AccountUserPage {
    items: Vec<AccountUser>,
    total: u64,
    page: u64,
    page_size: u64,
    total_pages: u64,
}

/// Lists the users of an account, newest first.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/users", tag = "accounts",
    params(
        ("id" = String, Path, description = "Id of the account"),
        ("page" = Option<u64>, Query, description = "From 1"),
        ("page_size" = Option<u64>, Query, description = "1 to 100; 25 if absent"),
    ),
    responses((status = 200, body = AccountUserPage), (status = 401), (status = 403), (status = 404)))]
pub async fn users(
    _: Superadmin,
    id: Path<String>,
    query: Query,
    accounts: Data<Accounts>,
    roles: Data<Roles>,
) -> ApiResult {
    let mut fields = query.fields();
    let paging = Paging::read(&mut fields);
    fields.finish()?;
    let found = accounts.users(&id, paging.skip(), paging.page_size).await?;
    let roles = roles.list().await?;
    let items = found.items.into_iter().map(|user| AccountUser {
        id: user.id.to_string(),
        email: user.email.to_string(),
        role: roles.iter().find(|r| r.id == user.role_id).map(|r| r.name.clone()).unwrap_or_default(),
        is_active: user.is_active,
        created_at: user.created_at,
    });
    Ok(HttpResponse::Ok().json(AccountUserPage {
        items: items.collect(),
        total: found.total,
        page: paging.page,
        page_size: paging.page_size,
        total_pages: total_pages(found.total, paging.page_size).max(1),
    }))
}
