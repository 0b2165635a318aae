//! API keys.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::{ApiKeyId, UserId};

use crate::ports::{ApiKeyRepository, StoreError};
use crate::realtime::access::AccessChange;
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl ApiKeyRepository for TrackedWork {
    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.plain().api_keys().find(id).await
    }

    async fn find_by_digest(&self, digest: &str) -> Result<Option<ApiKey>, StoreError> {
        self.plain().api_keys().find_by_digest(digest).await
    }

    async fn of_user(&self, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        self.plain().api_keys().of_user(user).await
    }

    async fn insert(&self, key: &ApiKey) -> Result<(), StoreError> {
        self.plain().api_keys().insert(key).await?;
        self.created(key);
        Ok(())
    }

    async fn revoke(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.hold("api_keys", id).await?;
        let before = self.for_audit(self.plain().api_keys().find(id)).await?;
        self.plain().api_keys().revoke(id, at).await?;
        self.access(AccessChange::Key(id));
        if let Some(before) = before {
            let after = ApiKey { is_active: false, updated_at: at, ..before.clone() };
            self.updated(&before, &after);
        }
        Ok(())
    }

    /// A use is no change of the key.
    async fn touch(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.plain().api_keys().touch(id, at).await
    }
}
