//! Custom endpoints: paths that accounts define, and what is done and answered when one is called.

mod create;
mod delete;
mod executions;
mod list;
mod routes;
mod serve;
mod update;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use snackbase_domain::automation::{Condition, EndpointPath, Place, check_actions};
use snackbase_domain::endpoint::{Endpoint, EndpointMethod, check_response};
use snackbase_domain::{AccountId, EndpointId};

pub use serve::Destination;

use crate::AppError;
use crate::automation::{Actions, Listeners};
use crate::ports::{Clock, IdGenerator, Repositories, Storage, StoreError};
use routes::Routes;

/// What holds for endpoints of all accounts.
#[derive(Clone, Copy, Debug)]
pub struct EndpointPolicy {
    /// How many an account may have.
    pub max_per_account: u64,
    /// How long the actions of a call may take together.
    pub time_limit: Duration,
}

/// An endpoint to be made.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    pub name: String,
    pub description: Option<String>,
    pub path: String,
    pub method: EndpointMethod,
    pub auth_required: bool,
    pub condition: Option<String>,
    pub actions: Vec<Map<String, Value>>,
    pub response_template: Option<Map<String, Value>>,
    pub enabled: bool,
}

/// What is to change of an endpoint; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct EndpointChanges {
    pub name: Option<String>,
    pub description: Option<String>,
    pub path: Option<String>,
    pub method: Option<EndpointMethod>,
    pub auth_required: Option<bool>,
    /// An empty one removes it.
    pub condition: Option<String>,
    pub actions: Option<Vec<Map<String, Value>>>,
    pub response_template: Option<Map<String, Value>>,
    pub enabled: Option<bool>,
}

/// The use cases about custom endpoints.
pub struct Endpoints {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    listeners: Arc<Listeners>,
    actions: Arc<Actions>,
    routes: Routes,
    policy: EndpointPolicy,
}

impl Endpoints {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        listeners: Arc<Listeners>,
        actions: Arc<Actions>,
        policy: EndpointPolicy,
    ) -> Self {
        let routes = Routes::new(listeners.clone());
        Self { storage, clock, ids, listeners, actions, routes, policy }
    }
}

/// The endpoint of an id as it came, if it is the account's.
async fn find(store: &dyn Repositories, account: AccountId, id: &str) -> Result<Endpoint, AppError> {
    let found = match id.parse::<EndpointId>() {
        Ok(id) => store.endpoints().find(id).await?,
        Err(_) => None,
    };
    let found = found.filter(|endpoint| endpoint.account_id == account);
    found.ok_or_else(|| AppError::not_found("Endpoint not found"))
}

/// What is not blank.
fn condition_of(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Refuses an endpoint that cannot be.
fn check(endpoint: &Endpoint) -> Result<(), AppError> {
    EndpointPath::parse(&endpoint.path).map_err(AppError::unprocessable)?;
    if let Some(condition) = &endpoint.condition {
        Condition::parse(condition)
            .map_err(|fault| AppError::unprocessable(format!("Invalid condition: {fault}")))?;
    }
    check_actions(&endpoint.actions, Place::Endpoint).map_err(AppError::unprocessable)?;
    let template = endpoint.response_template.as_ref();
    template.map_or(Ok(()), check_response).map_err(AppError::unprocessable)
}

/// What it means that an endpoint cannot be stored.
fn refusal(error: StoreError, endpoint: &Endpoint) -> AppError {
    match error {
        StoreError::ForeignKey => AppError::not_found("Account not found"),
        StoreError::Conflict { .. } => AppError::conflict(format!(
            "An endpoint with path '{}' and method '{}' already exists for this account",
            endpoint.path,
            endpoint.method.as_str()
        )),
        other => other.into(),
    }
}
