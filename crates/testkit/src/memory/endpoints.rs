//! Custom endpoints and what came of calls.

use std::cmp::Reverse;

use async_trait::async_trait;
use snackbase_application::ports::{
    EndpointExecutionPage, EndpointPage, EndpointQuery, EndpointRepository, StoreError,
};
use snackbase_domain::endpoint::{Endpoint, EndpointExecution, KEPT_EXECUTIONS};
use snackbase_domain::{AccountId, EndpointId};

use super::Memory;
use super::state::{State, conflict, cut};

/// Whether another endpoint has the same place.
fn is_taken(state: &State, endpoint: &Endpoint) -> bool {
    let place = |endpoint: &Endpoint| (endpoint.account_id, endpoint.path.clone(), endpoint.method);
    state.endpoints.values().any(|known| known.id != endpoint.id && place(known) == place(endpoint))
}

impl Memory {
    /// The executions of an endpoint, newest first.
    fn executions_of(&self, id: EndpointId) -> Vec<EndpointExecution> {
        let state = self.state();
        let of = state.endpoint_executions.iter().filter(|known| known.endpoint_id == id);
        let mut found: Vec<_> = of.cloned().collect();
        found.sort_by_key(|known| Reverse((known.executed_at, known.id)));
        found
    }
}

#[async_trait]
impl EndpointRepository for Memory {
    async fn insert(&self, endpoint: &Endpoint) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.endpoints.contains_key(&endpoint.id) {
            return conflict("endpoints.id");
        }
        if is_taken(&state, endpoint) {
            return conflict("endpoints.path");
        }
        if !state.accounts.contains_key(&endpoint.account_id) {
            return Err(StoreError::ForeignKey);
        }
        state.endpoints.insert(endpoint.id, endpoint.clone());
        Ok(())
    }

    async fn find(&self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        let state = self.state();
        let found = state.endpoints.get(&id);
        Ok(found.filter(|endpoint| state.accounts.contains_key(&endpoint.account_id)).cloned())
    }

    async fn page(&self, account: AccountId, query: &EndpointQuery) -> Result<EndpointPage, StoreError> {
        let state = self.state();
        let wanted = |endpoint: &&Endpoint| {
            endpoint.account_id == account
                && query.method.as_ref().is_none_or(|method| endpoint.method.as_str() == method)
                && query.enabled.is_none_or(|enabled| endpoint.enabled == enabled)
        };
        let mut found: Vec<_> = state.endpoints.values().filter(wanted).cloned().collect();
        found.sort_by_key(|endpoint| Reverse((endpoint.created_at, endpoint.id)));
        let total = found.len() as u64;
        Ok(EndpointPage { items: cut(found, query.offset, query.limit), total })
    }

    async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        let state = self.state();
        Ok(state.endpoints.values().filter(|endpoint| endpoint.account_id == account).count() as u64)
    }

    async fn enabled(&self, account: AccountId) -> Result<Vec<Endpoint>, StoreError> {
        let state = self.state();
        let wanted = |endpoint: &&Endpoint| endpoint.account_id == account && endpoint.enabled;
        let mut found: Vec<_> = state.endpoints.values().filter(wanted).cloned().collect();
        found.sort_by_key(|endpoint| (endpoint.created_at, endpoint.id));
        Ok(found)
    }

    async fn update(&self, endpoint: &Endpoint) -> Result<bool, StoreError> {
        let mut state = self.state();
        if is_taken(&state, endpoint) {
            return conflict("endpoints.path");
        }
        let Some(known) = state.endpoints.get_mut(&endpoint.id) else { return Ok(false) };
        *known = Endpoint {
            account_id: known.account_id,
            created_at: known.created_at,
            created_by: known.created_by,
            ..endpoint.clone()
        };
        Ok(true)
    }

    async fn delete(&self, id: EndpointId) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.endpoint_executions.retain(|execution| execution.endpoint_id != id);
        Ok(state.endpoints.remove(&id).is_some())
    }

    async fn insert_execution(&self, execution: &EndpointExecution) -> Result<(), StoreError> {
        let mut state = self.state();
        if !state.endpoints.contains_key(&execution.endpoint_id) {
            return Err(StoreError::ForeignKey);
        }
        state.endpoint_executions.push(execution.clone());
        Ok(())
    }

    async fn trim_executions(&self, id: EndpointId) -> Result<(), StoreError> {
        let old: Vec<_> = cut(self.executions_of(id), KEPT_EXECUTIONS, u64::from(u32::MAX));
        let is_old = |known: &EndpointExecution| old.iter().any(|old| old.id == known.id);
        self.state().endpoint_executions.retain(|known| !is_old(known));
        Ok(())
    }

    async fn executions(
        &self,
        id: EndpointId,
        offset: u64,
        limit: u64,
    ) -> Result<EndpointExecutionPage, StoreError> {
        let kept = cut(self.executions_of(id), 0, KEPT_EXECUTIONS);
        let total = kept.len() as u64;
        Ok(EndpointExecutionPage { items: cut(kept, offset, limit), total })
    }
}
