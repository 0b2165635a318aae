//! The keys of requests that are carried out once.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{AnsweredRequest, IdempotencyKeys, KeyedRequest, StoreError};

use super::Memory;

#[async_trait]
impl IdempotencyKeys for Memory {
    async fn take(&self, request: &KeyedRequest) -> Result<Option<AnsweredRequest>, StoreError> {
        let mut state = self.state();
        let known = state
            .idempotency_keys
            .get(&request.id)
            .filter(|(known, _)| known.expires_at > request.created_at);
        if let Some((known, reply)) = known {
            return Ok(Some(AnsweredRequest { request: known.request.clone(), reply: reply.clone() }));
        }
        state.idempotency_keys.insert(request.id.clone(), (request.clone(), String::new()));
        Ok(None)
    }

    async fn answer(&self, id: &str, reply: &str) -> Result<(), StoreError> {
        if let Some((_, kept)) = self.state().idempotency_keys.get_mut(id) {
            reply.clone_into(kept);
        }
        Ok(())
    }

    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut state = self.state();
        let count = state.idempotency_keys.len();
        state.idempotency_keys.retain(|_, (request, _)| request.expires_at >= before);
        Ok((count - state.idempotency_keys.len()) as u64)
    }
}
