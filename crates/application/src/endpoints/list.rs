//! Use cases: see endpoints.

use snackbase_domain::AccountId;
use snackbase_domain::account::Account;
use snackbase_domain::endpoint::Endpoint;

use super::{Endpoints, find};
use crate::AppError;
use crate::ports::{EndpointPage, EndpointQuery};

impl Endpoints {
    /// A page of an account's endpoints, newest first.
    pub async fn list(&self, account: AccountId, query: &EndpointQuery) -> Result<EndpointPage, AppError> {
        Ok(self.storage.read().endpoints().page(account, query).await?)
    }

    /// One endpoint.
    pub async fn get(&self, account: AccountId, id: &str) -> Result<Endpoint, AppError> {
        find(self.storage.read(), account, id).await
    }

    /// An account with all endpoints of its that can be called, oldest first.
    pub async fn described(&self, account: AccountId) -> Result<(Account, Vec<Endpoint>), AppError> {
        let store = self.storage.read();
        let found = store.accounts().find(account).await?;
        let found = found.ok_or_else(|| AppError::not_found("Account not found"))?;
        Ok((found, store.endpoints().enabled(account).await?))
    }
}
