//! Accounts (tenants), managed by superadmins.

mod create;
mod delete;
mod deletion_order;

use std::sync::Arc;

use snackbase_domain::AccountId;
use snackbase_domain::account::Account;

use crate::auth::Identities;
use crate::catalog::Catalog;
use crate::ports::{
    AccountPage, AccountQuery, Clock, IdGenerator, Repositories, Storage, UserPage, UserQuery, UserSort,
};
use crate::{AppError, Principal, tx};

/// An account with what is counted of it.
#[derive(Clone, Debug)]
pub struct AccountDetail {
    pub account: Account,
    pub user_count: u64,
    /// Names of the collections in which it has records, sorted.
    pub collections_used: Vec<String>,
}

/// The use cases about accounts.
pub struct Accounts {
    storage: Arc<dyn Storage>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    identities: Arc<Identities>,
    /// Told when a deletion leaves rows for later.
    rows_left: tokio::sync::Notify,
}

impl Accounts {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        identities: Arc<Identities>,
    ) -> Self {
        Self { storage, catalog, clock, ids, identities, rows_left: tokio::sync::Notify::new() }
    }

    /// A page of accounts.
    pub async fn list(&self, query: &AccountQuery) -> Result<AccountPage, AppError> {
        Ok(self.storage.read().accounts().page(query).await?)
    }

    /// One account; `id` is what the path names.
    pub async fn get(&self, id: &str) -> Result<AccountDetail, AppError> {
        let store = self.storage.read();
        let account = find(store, id).await?;
        self.detail(store, account).await
    }

    /// Renames an account.
    pub async fn update(&self, by: &Principal, id: &str, name: &str) -> Result<AccountDetail, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let mut account = find(store, id).await?;
            name.clone_into(&mut account.name);
            account.updated_at = self.clock.now();
            store.accounts().update(&account).await?;
            self.detail(store, account).await
        }
        .await;
        let detail = tx::finish(work, outcome).await?;
        self.identities.forget_all();
        Ok(detail)
    }

    /// A page of an account's users, newest first.
    pub async fn users(&self, id: &str, skip: u64, limit: u64) -> Result<UserPage, AppError> {
        let store = self.storage.read();
        let account = find(store, id).await?;
        let query = UserQuery {
            skip,
            limit,
            sort: UserSort::CreatedAt,
            descending: true,
            account_id: Some(account.id),
            ..UserQuery::default()
        };
        Ok(store.users().page(&query).await?)
    }

    async fn detail(&self, store: &dyn Repositories, account: Account) -> Result<AccountDetail, AppError> {
        let mut collections_used = Vec::new();
        for compiled in self.catalog.all() {
            if store.tables().has_rows(&compiled.collection, account.id).await? {
                collections_used.push(compiled.name().to_owned());
            }
        }
        let user_count = store.accounts().user_count(account.id).await?;
        Ok(AccountDetail { account, user_count, collections_used })
    }
}

/// The account of an id as it came; codes and slugs are no ids.
async fn find(store: &dyn Repositories, id: &str) -> Result<Account, AppError> {
    let account = match id.parse::<AccountId>() {
        Ok(id) => store.accounts().find(id).await?,
        Err(_) => None,
    };
    account.ok_or_else(|| AppError::not_found(format!("Account '{id}' not found")))
}
