//! Port: custom endpoints that accounts define, and what came of calls.

use async_trait::async_trait;
use snackbase_domain::endpoint::{Endpoint, EndpointExecution};
use snackbase_domain::{AccountId, EndpointId};

use super::StoreError;

/// Which endpoints to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointQuery {
    /// The name of a method, in capital letters.
    pub method: Option<String>,
    pub enabled: Option<bool>,
    pub offset: u64,
    pub limit: u64,
}

/// A part of the endpoints of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointPage {
    pub items: Vec<Endpoint>,
    /// How many match in all.
    pub total: u64,
}

/// A part of the executions of an endpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointExecutionPage {
    pub items: Vec<EndpointExecution>,
    /// How many are kept.
    pub total: u64,
}

/// Custom endpoints and their executions.
#[async_trait]
pub trait EndpointRepository: Send + Sync {
    /// `ForeignKey` when there is no such account; `Conflict` when the account has one of the same path
    /// and method.
    async fn insert(&self, endpoint: &Endpoint) -> Result<(), StoreError>;
    async fn find(&self, id: EndpointId) -> Result<Option<Endpoint>, StoreError>;
    /// Newest first.
    async fn page(&self, account: AccountId, query: &EndpointQuery) -> Result<EndpointPage, StoreError>;
    /// How many an account has.
    async fn count(&self, account: AccountId) -> Result<u64, StoreError>;
    /// All enabled ones of an account, oldest first.
    async fn enabled(&self, account: AccountId) -> Result<Vec<Endpoint>, StoreError>;
    /// Stores what may change of an endpoint. Whether it was there; `Conflict` as for `insert`.
    async fn update(&self, endpoint: &Endpoint) -> Result<bool, StoreError>;
    /// Removes it with its executions. Whether it was there.
    async fn delete(&self, id: EndpointId) -> Result<bool, StoreError>;
    /// Keeps an execution. `ForeignKey` when the endpoint is gone.
    async fn insert_execution(&self, execution: &EndpointExecution) -> Result<(), StoreError>;
    /// Removes executions beyond the newest [`snackbase_domain::endpoint::KEPT_EXECUTIONS`].
    async fn trim_executions(&self, id: EndpointId) -> Result<(), StoreError>;
    /// Newest first; none beyond those that are kept.
    async fn executions(
        &self,
        id: EndpointId,
        offset: u64,
        limit: u64,
    ) -> Result<EndpointExecutionPage, StoreError>;
}
