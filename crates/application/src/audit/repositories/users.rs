//! Users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, UserId};

use crate::audit::rows;
use crate::audit::unit::AuditedWork;
use crate::ports::{StoreError, UserPage, UserQuery, UserRepository};

#[async_trait]
impl UserRepository for AuditedWork {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.plain().users().find(id).await
    }

    async fn find_by_email(&self, account: AccountId, key: &str) -> Result<Option<User>, StoreError> {
        self.plain().users().find_by_email(account, key).await
    }

    async fn superadmin_exists(&self) -> Result<bool, StoreError> {
        self.plain().users().superadmin_exists().await
    }

    async fn page(&self, query: &UserQuery) -> Result<UserPage, StoreError> {
        self.plain().users().page(query).await
    }

    async fn insert(&self, user: &User) -> Result<(), StoreError> {
        self.plain().users().insert(user).await?;
        self.trail.affects(user.id, user.email.as_str(), user.account_id);
        rows::created(&self.trail, user);
        Ok(())
    }

    async fn update(&self, user: &User) -> Result<(), StoreError> {
        self.hold("users", user.id).await?;
        let before = self.plain().users().find(user.id).await?;
        self.plain().users().update(user).await?;
        self.trail.affects(user.id, user.email.as_str(), user.account_id);
        if let Some(before) = before {
            rows::updated(&self.trail, &before, user);
        }
        Ok(())
    }

    /// A sign-in is no change of the user.
    async fn touch_login(&self, id: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.plain().users().touch_login(id, at).await
    }
}
