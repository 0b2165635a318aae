//! The API keys.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{ApiKeyRepository, StoreError};
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::{ApiKeyId, UserId};

use super::Memory;
use super::state::{conflict, sort_by};

#[async_trait]
impl ApiKeyRepository for Memory {
    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.state().api_keys.get(&id).cloned())
    }

    async fn find_by_digest(&self, digest: &str) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.state().api_keys.values().find(|key| key.digest == digest).cloned())
    }

    async fn of_user(&self, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        let state = self.state();
        let mut keys: Vec<_> = state.api_keys.values().filter(|key| key.user_id == user).cloned().collect();
        sort_by(&mut keys, true, |a, b| a.created_at.cmp(&b.created_at), |key| key.id.uuid());
        Ok(keys)
    }

    async fn insert(&self, key: &ApiKey) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.api_keys.values().any(|known| known.id == key.id || known.digest == key.digest) {
            return conflict("api_keys.digest");
        }
        if !state.users.contains_key(&key.user_id) {
            return Err(StoreError::ForeignKey);
        }
        state.api_keys.insert(key.id, key.clone());
        Ok(())
    }

    async fn revoke(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(key) = self.state().api_keys.get_mut(&id) {
            (key.is_active, key.updated_at) = (false, at);
        }
        Ok(())
    }

    async fn touch(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(key) = self.state().api_keys.get_mut(&id) {
            key.last_used_at = Some(at);
        }
        Ok(())
    }
}
