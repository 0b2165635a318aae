//! Port: accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::AccountId;
use snackbase_domain::account::{Account, AccountCode};

use super::StoreError;

/// What accounts can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountSort {
    Id,
    Slug,
    Name,
    #[default]
    CreatedAt,
    Code,
}

/// Which accounts to list.
#[derive(Clone, Debug)]
pub struct AccountQuery {
    pub skip: u64,
    pub limit: u64,
    pub sort: AccountSort,
    pub descending: bool,
    /// Part of name, slug, code or id, in any case.
    pub search: Option<String>,
}

/// A page of accounts, each with the number of its users, and how many match.
#[derive(Clone, Debug)]
pub struct AccountPage {
    pub items: Vec<(Account, u64)>,
    pub total: u64,
}

/// The accounts. Those that are hidden are found by no look-up, here or among users and
/// groups, but their codes stay taken.
#[async_trait]
pub trait AccountRepository: Send + Sync {
    async fn find(&self, id: AccountId) -> Result<Option<Account>, StoreError>;
    async fn find_by_code(&self, code: AccountCode) -> Result<Option<Account>, StoreError>;
    async fn find_by_slug(&self, slug: &str) -> Result<Option<Account>, StoreError>;
    /// Waits until nobody else is giving codes; the caller may until the unit of
    /// work ends.
    async fn lock_codes(&self) -> Result<(), StoreError>;
    /// The highest code given so far; codes of the system's block do not count.
    async fn highest_code(&self) -> Result<Option<AccountCode>, StoreError>;
    async fn page(&self, query: &AccountQuery) -> Result<AccountPage, StoreError>;
    /// How many users an account has.
    async fn user_count(&self, id: AccountId) -> Result<u64, StoreError>;
    /// `Conflict` when the code or slug is taken.
    async fn insert(&self, account: &Account) -> Result<(), StoreError>;
    /// Stores name and `updated_at`.
    async fn update(&self, account: &Account) -> Result<(), StoreError>;
    /// Hides an account that is being deleted and frees its slug. Whether it was there.
    async fn hide(&self, id: AccountId, at: DateTime<Utc>) -> Result<bool, StoreError>;
    /// The accounts that are hidden.
    async fn hidden(&self) -> Result<Vec<AccountId>, StoreError>;
    /// Removes at most `limit` of the rows that belong to an account, records and the account
    /// itself excepted. Answers how many; fewer than `limit` when none are left.
    async fn delete_some(&self, id: AccountId, limit: u64) -> Result<u64, StoreError>;
    /// Removes the account, hidden or not, with all that belongs to it. Whether it was there.
    async fn delete(&self, id: AccountId) -> Result<bool, StoreError>;
}
