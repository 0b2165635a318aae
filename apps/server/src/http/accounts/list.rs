//! GET /accounts

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::AppError;
use snackbase_application::accounts::Accounts;
use snackbase_application::ports::{AccountQuery, AccountSort};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;
use crate::http::paging::{Paging, total_pages};

/// An account in a list.
#[derive(Serialize, ToSchema)]
pub struct AccountItem {
    id: String,
    account_code: String,
    slug: String,
    name: String,
    created_at: DateTime<Utc>,
    user_count: u64,
    status: &'static str,
}

/// A page of accounts.
#[derive(Serialize, ToSchema)]
pub struct AccountPage {
    items: Vec<AccountItem>,
    total: u64,
    page: u64,
    page_size: u64,
    total_pages: u64,
}

fn sort(name: &str) -> Result<AccountSort, AppError> {
    Ok(match name {
        "id" => AccountSort::Id,
        "slug" => AccountSort::Slug,
        "name" => AccountSort::Name,
        "created_at" => AccountSort::CreatedAt,
        "account_code" => AccountSort::Code,
        _ => {
            return Err(AppError::unprocessable(
                "Invalid sort_by column. Must be one of: id, slug, name, created_at, account_code",
            ));
        }
    })
}

/// Lists accounts.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts",
    params(
        ("page" = Option<u64>, Query, description = "From 1"),
        ("page_size" = Option<u64>, Query, description = "1 to 100; 25 if absent"),
        ("sort_by" = Option<String>, Query, description = "id, slug, name, created_at or account_code"),
        ("sort_order" = Option<String>, Query, description = "asc or desc"),
        ("search" = Option<String>, Query, description = "Part of name, slug, code or id"),
    ),
    responses((status = 200, body = AccountPage), (status = 401), (status = 403), (status = 422)))]
pub async fn list(_: Superadmin, query: Query, accounts: Data<Accounts>) -> ApiResult {
    let mut fields = query.fields();
    let paging = Paging::read(&mut fields);
    let sort_by = fields.string("sort_by").default("created_at".to_owned());
    let order = fields
        .string("sort_order")
        .pattern("^(asc|desc)$", |text| matches!(text, "asc" | "desc"))
        .default("desc".to_owned());
    let search = fields.string("search").optional();
    fields.finish()?;
    let query = AccountQuery {
        skip: paging.skip(),
        limit: paging.page_size,
        sort: sort(&sort_by)?,
        descending: order == "desc",
        search,
    };
    let found = accounts.list(&query).await?;
    let items = found.items.into_iter().map(|(account, user_count)| AccountItem {
        id: account.id.to_string(),
        account_code: account.code.to_string(),
        slug: account.slug,
        name: account.name,
        created_at: account.created_at,
        user_count,
        status: "active",
    });
    Ok(HttpResponse::Ok().json(AccountPage {
        items: items.collect(),
        total: found.total,
        page: paging.page,
        page_size: paging.page_size,
        total_pages: total_pages(found.total, paging.page_size).max(1),
    }))
}
