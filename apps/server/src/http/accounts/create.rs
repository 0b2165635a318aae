//! POST /accounts

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::accounts::Accounts;
use utoipa::ToSchema;

use super::Account;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// An account to be made.
#[derive(ToSchema)]
pub struct CreateAccount {
    name: String,
    /// Made of the name when absent.
    slug: Option<String>,
}

impl CreateAccount {
    fn read(body: &JsonBody) -> Result<Self, Faults> {
        let is_slug = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let mut fields = body.fields()?;
        let name = fields.string("name").len(1, 255).required();
        let slug = fields.string("slug").len(3, 32).pattern("^[a-z0-9-]+$", is_slug).optional();
        fields.finish()?;
        Ok(Self { name, slug })
    }
}

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = CreateAccount,
    responses((status = 201, body = Account), (status = 401), (status = 403), (status = 422)))]
pub async fn create(body: JsonBody, Superadmin(by): Superadmin, accounts: Data<Accounts>) -> ApiResult {
    let new = CreateAccount::read(&body)?;
    let made = accounts.create(&by, &new.name, new.slug.as_deref()).await?;
    Ok(HttpResponse::Created().json(Account::from(made)))
}
