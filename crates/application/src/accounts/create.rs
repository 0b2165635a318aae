//! Use case: make an account.

use snackbase_domain::AccountId;
use snackbase_domain::account::{Account, AccountCode, slug_from_name, slug_with_suffix};

use super::{AccountDetail, Accounts};
use crate::ports::{Repositories, StoreError};
use crate::{AppError, Kind, Principal, tx};

/// How often another code is tried when somebody else takes the one found.
const TRIES: usize = 20;

impl Accounts {
    /// Makes an account with the next code. A slug that is given must be free;
    /// one made of the name gets a suffix when it is taken.
    pub async fn create(
        &self,
        by: &Principal,
        name: &str,
        slug: Option<&str>,
    ) -> Result<AccountDetail, AppError> {
        for _ in 0..TRIES {
            let work = self.storage.begin_as(by.actor()).await?;
            let outcome = self.create_in(work.repositories(), name, slug).await;
            match tx::finish(work, outcome).await {
                Err(AppError::Store(StoreError::Conflict { .. })) => {}
                done => return done,
            }
        }
        Err(AppError::conflict("Too many accounts are being created, please try again"))
    }

    async fn create_in(
        &self,
        store: &dyn Repositories,
        name: &str,
        slug: Option<&str>,
    ) -> Result<AccountDetail, AppError> {
        let slug = match slug {
            Some(slug) if store.accounts().find_by_slug(slug).await?.is_some() => {
                return Err(AppError::unprocessable(format!("Slug '{slug}' already exists")));
            }
            Some(slug) => slug.to_owned(),
            None => self.free_slug(store, name).await?,
        };
        let account = self.insert_in(store, name, &slug).await?;
        Ok(AccountDetail { account, user_count: 0, collections_used: Vec::new() })
    }

    /// Stores an account with the next code; `StoreError::Conflict` when somebody
    /// else takes code or slug meanwhile.
    pub(crate) async fn insert_in(
        &self,
        store: &dyn Repositories,
        name: &str,
        slug: &str,
    ) -> Result<Account, AppError> {
        store.accounts().lock_codes().await?;
        let code = match store.accounts().highest_code().await? {
            None => AccountCode::FIRST,
            Some(highest) => highest.next().map_err(|e| AppError::detail(Kind::Conflict, e.to_string()))?,
        };
        let now = self.clock.now();
        let account = Account {
            id: AccountId::new(self.ids.new_id()),
            code,
            slug: slug.to_owned(),
            name: name.to_owned(),
            created_at: now,
            updated_at: now,
        };
        store.accounts().insert(&account).await?;
        Ok(account)
    }

    async fn free_slug(&self, store: &dyn Repositories, name: &str) -> Result<String, AppError> {
        let base = match slug_from_name(name) {
            empty if empty.is_empty() => {
                let random = self.ids.new_id().simple().to_string();
                format!("account-{}", &random[..6])
            }
            base => base,
        };
        let mut slug = base.clone();
        let mut n = 0;
        while store.accounts().find_by_slug(&slug).await?.is_some() {
            n += 1;
            slug = slug_with_suffix(&base, n);
        }
        Ok(slug)
    }
}
