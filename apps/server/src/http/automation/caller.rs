//! Who manages an account's automation.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use snackbase_application::ports::Storage;
use snackbase_application::{AppError, Principal};
use snackbase_domain::AccountId;
use snackbase_domain::role::ADMIN;

use crate::http::error::ApiError;
use crate::http::extract::signed_in;
use crate::http::input::Query;

/// An admin of an account, or a superadmin, and the account that he acts in: his own, or for superadmins
/// the one that `?account_id=` names.
pub struct AutomationCaller {
    pub by: Principal,
    pub account: AccountId,
}

impl FromRequest for AutomationCaller {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let by = signed_in(&request).await?;
            if !by.is_superadmin() && by.role != ADMIN {
                return Err(AppError::denied("Admin access required").into());
            }
            let account = match by.is_superadmin() {
                true => named(&request).await?,
                false => None,
            };
            Ok(Self { account: account.unwrap_or(by.account_id), by })
        })
    }
}

/// The account that the query names, if it names one.
async fn named(request: &HttpRequest) -> Result<Option<AccountId>, ApiError> {
    let query = Query::extract(request).await?;
    let mut fields = query.fields();
    let named = fields.string("account_id").optional();
    fields.finish()?;
    let Some(named) = named else {
        return Ok(None);
    };
    let storage = request.app_data::<web::Data<dyn Storage>>();
    let storage = storage.ok_or_else(|| AppError::Internal("no storage is set up".to_owned()))?;
    let account = match named.parse() {
        Ok(id) => storage.read().accounts().find(id).await.map_err(AppError::from)?,
        Err(_) => None,
    };
    let account = account.ok_or_else(|| AppError::not_found("Account not found"))?;
    Ok(Some(account.id))
}
