//! Users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, UserId};

use crate::ports::{StoreError, UserPage, UserQuery, UserRepository};
use crate::realtime::access::AccessChange;
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl UserRepository for TrackedWork {
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
        self.affects(user);
        self.created(user);
        Ok(())
    }

    async fn update(&self, user: &User) -> Result<(), StoreError> {
        self.hold("users", user.id).await?;
        let before = self.for_audit(self.plain().users().find(user.id)).await?;
        self.plain().users().update(user).await?;
        self.affects(user);
        self.access(AccessChange::User(user.id));
        if let Some(before) = before {
            self.updated(&before, user);
        }
        Ok(())
    }

    /// A sign-in is no change of the user.
    async fn touch_login(&self, id: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.plain().users().touch_login(id, at).await
    }
}
