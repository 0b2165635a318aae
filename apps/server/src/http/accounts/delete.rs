//! DELETE /accounts/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::accounts::Accounts;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Deletes an account with its users and records.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}", tag = "accounts",
    params(("id" = String, Path, description = "Id of the account")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn delete(Superadmin(by): Superadmin, id: Path<String>, accounts: Data<Accounts>) -> ApiResult {
    accounts.delete(&by, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
