//! Port: API keys.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::{ApiKeyId, UserId};

use super::StoreError;

/// The API keys.
#[async_trait]
pub trait ApiKeyRepository: Send + Sync {
    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;
    async fn find_by_digest(&self, digest: &str) -> Result<Option<ApiKey>, StoreError>;
    /// Those of a user, revoked ones too, newest first.
    async fn of_user(&self, user: UserId) -> Result<Vec<ApiKey>, StoreError>;
    async fn insert(&self, key: &ApiKey) -> Result<(), StoreError>;
    /// Ends a key.
    async fn revoke(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Notes a use.
    async fn touch(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError>;
}
