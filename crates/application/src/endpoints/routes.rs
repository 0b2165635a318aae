//! Which endpoints can be called, kept in memory: it is asked for each call.

use std::sync::Arc;

use moka::sync::Cache;
use serde_json::{Map, Value};
use snackbase_domain::AccountId;
use snackbase_domain::automation::{Condition, EndpointPath, most_exact};
use snackbase_domain::endpoint::{Endpoint, EndpointMethod};

use crate::automation::Listeners;
use crate::ports::{Repositories, StoreError};

/// How many accounts' endpoints are kept.
const KEPT_ACCOUNTS: u64 = 1000;

/// An endpoint that can be called, read once.
#[derive(Debug)]
pub(super) struct Route {
    pub endpoint: Endpoint,
    pub path: EndpointPath,
    /// Why it cannot be read, where it cannot.
    pub condition: Result<Option<Condition>, String>,
}

impl Route {
    fn of(endpoint: Endpoint) -> Option<Arc<Self>> {
        let path = EndpointPath::parse(&endpoint.path);
        let path = path.inspect_err(|error| {
            tracing::warn!(endpoint = %endpoint.id, %error, "the path of an endpoint cannot be read");
        });
        let condition = endpoint.condition.as_deref().map_or(Ok(None), Condition::parse);
        Some(Arc::new(Self { path: path.ok()?, condition, endpoint }))
    }
}

/// An account's endpoints as of a revision of all definitions.
#[derive(Clone, Debug)]
struct Known {
    revision: u64,
    routes: Arc<[Arc<Route>]>,
}

/// The endpoints of accounts that were called lately.
pub(super) struct Routes {
    /// Follows the revision.
    listeners: Arc<Listeners>,
    known: Cache<AccountId, Known>,
}

impl Routes {
    pub(super) fn new(listeners: Arc<Listeners>) -> Self {
        Self { listeners, known: Cache::new(KEPT_ACCOUNTS) }
    }

    /// The endpoint that a call means, and the parameters in its path.
    pub(super) async fn find(
        &self,
        store: &dyn Repositories,
        account: AccountId,
        method: EndpointMethod,
        path: &str,
    ) -> Result<Option<(Arc<Route>, Map<String, Value>)>, StoreError> {
        let routes = self.of(store, account).await?;
        let of_method = routes.iter().filter(|route| route.endpoint.method == method);
        let found = most_exact(of_method, |route| &route.path, path);
        Ok(found.map(|(route, params)| (Arc::clone(route), params)))
    }

    async fn of(
        &self,
        store: &dyn Repositories,
        account: AccountId,
    ) -> Result<Arc<[Arc<Route>]>, StoreError> {
        // The number first: what changes while it is read is then read once more.
        let revision = self.listeners.revision();
        let known = self.known.get(&account).filter(|known| Some(known.revision) == revision);
        if let Some(known) = known {
            return Ok(known.routes);
        }
        let endpoints = store.endpoints().enabled(account).await?;
        let routes: Arc<[_]> = endpoints.into_iter().filter_map(Route::of).collect();
        if let Some(revision) = revision {
            self.known.insert(account, Known { revision, routes: routes.clone() });
        }
        Ok(routes)
    }
}
