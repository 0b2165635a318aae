//! PUT and PATCH /accounts/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::accounts::Accounts;
use utoipa::ToSchema;

use super::Account;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// What can be changed of an account; slug and code never do.
#[derive(ToSchema)]
pub struct UpdateAccount {
    name: String,
}

impl UpdateAccount {
    fn read(body: &JsonBody) -> Result<Self, Faults> {
        let mut fields = body.fields()?;
        let name = fields.string("name").len(1, 255).required();
        fields.finish()?;
        Ok(Self { name })
    }
}

/// Renames an account.
#[utoipa::path(put, path = "/api/v1/accounts/{id}", tag = "accounts",
    params(("id" = String, Path, description = "Id of the account")), request_body = UpdateAccount,
    responses((status = 200, body = Account), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn update(
    body: JsonBody,
    Superadmin(by): Superadmin,
    id: Path<String>,
    accounts: Data<Accounts>,
) -> ApiResult {
    let change = UpdateAccount::read(&body)?;
    Ok(HttpResponse::Ok().json(Account::from(accounts.update(&by, &id, &change.name).await?)))
}

/// Renames an account.
#[utoipa::path(patch, path = "/api/v1/accounts/{id}", tag = "accounts",
    params(("id" = String, Path, description = "Id of the account")), request_body = UpdateAccount,
    responses((status = 200, body = Account), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn patch(
    body: JsonBody,
    admin: Superadmin,
    id: Path<String>,
    accounts: Data<Accounts>,
) -> ApiResult {
    update(body, admin, id, accounts).await
}
