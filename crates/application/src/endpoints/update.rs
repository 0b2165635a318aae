//! Use cases: change an endpoint, switch it on or off.

use snackbase_domain::AccountId;
use snackbase_domain::endpoint::Endpoint;

use super::{EndpointChanges, Endpoints, check, condition_of, find, refusal};
use crate::{AppError, Principal, tx};

impl Endpoints {
    /// Changes an endpoint.
    pub async fn update(
        &self,
        caller: &Principal,
        account: AccountId,
        id: &str,
        changes: EndpointChanges,
    ) -> Result<Endpoint, AppError> {
        self.change(caller, account, id, |_| changes).await
    }

    /// Enables an endpoint that is disabled, and the other way round.
    pub async fn toggle(
        &self,
        caller: &Principal,
        account: AccountId,
        id: &str,
    ) -> Result<Endpoint, AppError> {
        let other = |endpoint: &Endpoint| EndpointChanges {
            enabled: Some(!endpoint.enabled),
            ..EndpointChanges::default()
        };
        self.change(caller, account, id, other).await
    }

    async fn change(
        &self,
        caller: &Principal,
        account: AccountId,
        id: &str,
        changes: impl FnOnce(&Endpoint) -> EndpointChanges + Send,
    ) -> Result<Endpoint, AppError> {
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            // One change at a time: what is read stays until it is written.
            store.automation().advance().await?;
            let mut endpoint = find(store, account, id).await?;
            let changes = changes(&endpoint);
            endpoint.name = changes.name.unwrap_or(endpoint.name);
            endpoint.description = changes.description.or(endpoint.description);
            endpoint.path = changes.path.unwrap_or(endpoint.path);
            endpoint.method = changes.method.unwrap_or(endpoint.method);
            endpoint.auth_required = changes.auth_required.unwrap_or(endpoint.auth_required);
            if let Some(condition) = changes.condition {
                endpoint.condition = condition_of(Some(condition));
            }
            endpoint.actions = changes.actions.unwrap_or(endpoint.actions);
            endpoint.response_template = changes.response_template.or(endpoint.response_template);
            endpoint.enabled = changes.enabled.unwrap_or(endpoint.enabled);
            endpoint.updated_at = self.clock.now();
            check(&endpoint)?;
            store.endpoints().update(&endpoint).await.map_err(|error| refusal(error, &endpoint))?;
            Ok(endpoint)
        }
        .await;
        let endpoint = tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(endpoint)
    }
}
