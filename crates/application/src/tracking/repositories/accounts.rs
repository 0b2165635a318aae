//! Accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::AccountId;
use snackbase_domain::account::{Account, AccountCode};

use crate::ports::{AccountPage, AccountQuery, AccountRepository, StoreError};
use crate::realtime::access::AccessChange;
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl AccountRepository for TrackedWork {
    async fn find(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.plain().accounts().find(id).await
    }

    async fn find_by_code(&self, code: AccountCode) -> Result<Option<Account>, StoreError> {
        self.plain().accounts().find_by_code(code).await
    }

    async fn find_by_slug(&self, slug: &str) -> Result<Option<Account>, StoreError> {
        self.plain().accounts().find_by_slug(slug).await
    }

    async fn lock_codes(&self) -> Result<(), StoreError> {
        self.plain().accounts().lock_codes().await
    }

    async fn highest_code(&self) -> Result<Option<AccountCode>, StoreError> {
        self.plain().accounts().highest_code().await
    }

    async fn page(&self, query: &AccountQuery) -> Result<AccountPage, StoreError> {
        self.plain().accounts().page(query).await
    }

    async fn user_count(&self, id: AccountId) -> Result<u64, StoreError> {
        self.plain().accounts().user_count(id).await
    }

    async fn insert(&self, account: &Account) -> Result<(), StoreError> {
        self.plain().accounts().insert(account).await?;
        self.created(account);
        Ok(())
    }

    async fn update(&self, account: &Account) -> Result<(), StoreError> {
        self.hold("accounts", account.id).await?;
        let before = self.for_audit(self.plain().accounts().find(account.id)).await?;
        self.plain().accounts().update(account).await?;
        self.access(AccessChange::All);
        if let Some(before) = before {
            self.updated(&before, account);
        }
        Ok(())
    }

    /// To callers the account is deleted with this.
    async fn hide(&self, id: AccountId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let before = self.for_audit(self.plain().accounts().find(id)).await?;
        let hidden = self.plain().accounts().hide(id, at).await?;
        if hidden {
            self.access(AccessChange::All);
        }
        if let Some(before) = before.filter(|_| hidden) {
            self.deleted(&before);
        }
        Ok(hidden)
    }

    async fn hidden(&self) -> Result<Vec<AccountId>, StoreError> {
        self.plain().accounts().hidden().await
    }

    async fn delete_some(&self, id: AccountId, limit: u64) -> Result<u64, StoreError> {
        self.plain().accounts().delete_some(id, limit).await
    }

    async fn delete(&self, id: AccountId) -> Result<bool, StoreError> {
        self.hold("accounts", id).await?;
        let before = self.for_audit(self.plain().accounts().find(id)).await?;
        let deleted = self.plain().accounts().delete(id).await?;
        if deleted {
            self.access(AccessChange::All);
        }
        if let Some(before) = before.filter(|_| deleted) {
            self.deleted(&before);
        }
        Ok(deleted)
    }
}
