//! GET /users

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::ports::{UserQuery, UserSort};
use snackbase_application::users::Users;
use snackbase_domain::role::RoleId;
use utoipa::ToSchema;

use super::User;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;

/// A page of users.
#[derive(Serialize, ToSchema)]
pub struct UserList {
    total: u64,
    items: Vec<User>,
}

/// Reads `-created_at`; a name alone is ascending, an unknown one means the
/// time of creation.
fn sort(text: &str) -> (UserSort, bool) {
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text.trim_start_matches(['+', ' ']), false),
    };
    let sort = match name {
        "id" => UserSort::Id,
        "email" => UserSort::Email,
        "account_id" => UserSort::AccountId,
        "role_id" => UserSort::RoleId,
        "is_active" => UserSort::IsActive,
        "auth_provider" => UserSort::AuthProvider,
        "email_verified" => UserSort::EmailVerified,
        "updated_at" => UserSort::UpdatedAt,
        "last_login" => UserSort::LastLogin,
        _ => UserSort::CreatedAt,
    };
    (sort, descending)
}

/// Lists users.
#[utoipa::path(get, path = "/api/v1/users", tag = "users",
    params(
        ("account_id" = Option<String>, Query, description = "Only those of an account"),
        ("role_id" = Option<i32>, Query, description = "Only those with a role"),
        ("is_active" = Option<bool>, Query, description = "Only active or only deactivated ones"),
        ("search" = Option<String>, Query, description = "Part of the e-mail address"),
        ("skip" = Option<u64>, Query, description = "How many to leave out"),
        ("limit" = Option<u64>, Query, description = "1 to 100; 30 if absent"),
        ("sort" = Option<String>, Query, description = "e.g. -created_at"),
    ),
    responses((status = 200, body = UserList), (status = 401), (status = 403), (status = 422)))]
pub async fn list(_: Superadmin, query: Query, users: Data<Users>) -> ApiResult {
    let mut fields = query.fields();
    let account_id = fields.string("account_id").optional();
    let role_id = fields.int("role_id").optional();
    let is_active = fields.boolean("is_active").optional();
    let search = fields.string("search").optional();
    let skip = fields.int("skip").ge(0).default(0).unsigned_abs();
    let limit = fields.int("limit").alias("page_size").ge(1).le(100).default(30).unsigned_abs();
    let page = fields.int("page").ge(1).optional();
    let order = fields.string("sort").optional();
    let sort_by = fields.string("sort_by").optional();
    let sort_order = fields.one_of("sort_order", &["asc", "desc"]).default("desc");
    fields.finish()?;
    let (sort, descending) = match (order, sort_by) {
        (Some(order), _) => sort(&order),
        (None, Some(name)) => (sort(&name).0, sort_order == "desc"),
        (None, None) => (UserSort::CreatedAt, true),
    };
    let account_id = match account_id.map(|id| id.parse()) {
        None => None,
        Some(Ok(id)) => Some(id),
        // No account has such an id, so it has no users.
        Some(Err(_)) => {
            return Ok(HttpResponse::Ok().json(UserList { total: 0, items: Vec::new() }));
        }
    };
    let query = UserQuery {
        skip: page.map_or(skip, |page| (page.unsigned_abs() - 1).saturating_mul(limit)),
        limit,
        sort,
        descending,
        account_id,
        role_id: role_id.map(|id| RoleId(i32::try_from(id).unwrap_or(i32::MIN))),
        is_active,
        search,
    };
    let (found, total) = users.list(&query).await?;
    let items = found.into_iter().map(User::from).collect();
    Ok(HttpResponse::Ok().json(UserList { total, items }))
}
