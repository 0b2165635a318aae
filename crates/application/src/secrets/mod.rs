//! Upkeep of the secrets that are stored encrypted, whatever they belong to.

use std::sync::Arc;

use crate::configuration::{Resealed, reseal_in};
use crate::ports::{Clock, SecretBox, Storage};
use crate::{AppError, invitations, tx, webhooks};

/// The use cases about stored secrets as such.
pub struct Secrets {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn SecretBox>,
}

impl Secrets {
    /// Wires the use cases.
    pub fn new(storage: Arc<dyn Storage>, clock: Arc<dyn Clock>, secrets: Arc<dyn SecretBox>) -> Self {
        Self { storage, clock, secrets }
    }

    /// Encrypts all stored secrets with today's key: all or, when one of them
    /// cannot be read, none. Can be repeated.
    pub async fn rotate(&self) -> Result<Resealed, AppError> {
        let work = self.storage.begin().await?;
        let outcome = async {
            let (store, secrets) = (work.repositories(), &*self.secrets);
            let configurations = reseal_in(store, secrets).await?;
            let invitations = invitations::reseal_in(store, secrets, self.clock.now()).await?;
            let webhooks = webhooks::reseal_in(store, secrets).await?;
            let all = [configurations, invitations, webhooks];
            Ok(Resealed {
                sealed: all.iter().map(|of| of.sealed).sum(),
                current: all.iter().map(|of| of.current).sum(),
            })
        }
        .await;
        tx::finish(work, outcome).await
    }
}
