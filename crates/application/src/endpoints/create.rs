//! Use case: define an endpoint.

use snackbase_domain::endpoint::Endpoint;
use snackbase_domain::{AccountId, EndpointId};

use super::{Endpoints, NewEndpoint, check, condition_of, refusal};
use crate::{AppError, Principal, tx};

impl Endpoints {
    /// Defines an endpoint in an account.
    pub async fn create(
        &self,
        caller: &Principal,
        account: AccountId,
        new: NewEndpoint,
    ) -> Result<Endpoint, AppError> {
        let now = self.clock.now();
        let endpoint = Endpoint {
            id: EndpointId::new(self.ids.new_id()),
            account_id: account,
            name: new.name,
            description: new.description,
            path: new.path,
            method: new.method,
            auth_required: new.auth_required,
            condition: condition_of(new.condition),
            actions: new.actions,
            response_template: new.response_template,
            enabled: new.enabled,
            created_at: now,
            updated_at: now,
            created_by: caller.user_id,
        };
        check(&endpoint)?;
        let most = self.policy.max_per_account;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            // Whoever counts afterwards counts this one, too.
            store.automation().advance().await?;
            if store.endpoints().count(account).await? >= most {
                let text = format!("Account has reached the maximum of {most} custom endpoints");
                return Err(AppError::conflict(text));
            }
            store.endpoints().insert(&endpoint).await.map_err(|error| refusal(error, &endpoint))
        }
        .await;
        tx::finish(work, outcome).await?;
        self.listeners.refresh(self.storage.read()).await;
        Ok(endpoint)
    }
}
