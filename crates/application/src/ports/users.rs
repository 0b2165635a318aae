//! Port: users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::role::RoleId;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, UserId};

use super::StoreError;

/// What users can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserSort {
    Id,
    Email,
    AccountId,
    RoleId,
    IsActive,
    AuthProvider,
    EmailVerified,
    #[default]
    CreatedAt,
    UpdatedAt,
    LastLogin,
}

/// Which users to list.
#[derive(Clone, Debug, Default)]
pub struct UserQuery {
    pub skip: u64,
    pub limit: u64,
    pub sort: UserSort,
    pub descending: bool,
    pub account_id: Option<AccountId>,
    pub role_id: Option<RoleId>,
    pub is_active: Option<bool>,
    /// Part of the e-mail address, in any case.
    pub search: Option<String>,
}

/// A page of users, and how many match.
#[derive(Clone, Debug)]
pub struct UserPage {
    pub items: Vec<User>,
    pub total: u64,
}

/// The users.
#[async_trait]
pub trait UserRepository: Send + Sync {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// By the key of the e-mail address (`Email::key`).
    async fn find_by_email(&self, account: AccountId, key: &str) -> Result<Option<User>, StoreError>;
    /// Whether the system account has a user.
    async fn superadmin_exists(&self) -> Result<bool, StoreError>;
    async fn page(&self, query: &UserQuery) -> Result<UserPage, StoreError>;
    /// `Conflict` when the account has a user of that address, `ForeignKey`
    /// when account or role are gone.
    async fn insert(&self, user: &User) -> Result<(), StoreError>;
    /// Stores all but id and account; errors as `insert`.
    async fn update(&self, user: &User) -> Result<(), StoreError>;
    /// Notes a sign-in.
    async fn touch_login(&self, id: UserId, at: DateTime<Utc>) -> Result<(), StoreError>;
}
