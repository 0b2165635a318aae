//! GET /accounts/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::accounts::Accounts;

use super::Account;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Reads an account.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", tag = "accounts",
    params(("id" = String, Path, description = "Id of the account")),
    responses((status = 200, body = Account), (status = 401), (status = 403), (status = 404)))]
pub async fn get(_: Superadmin, id: Path<String>, accounts: Data<Accounts>) -> ApiResult {
    Ok(HttpResponse::Ok().json(Account::from(accounts.get(&id).await?)))
}
