//! Upkeep of the secrets that are stored encrypted, whatever they belong to.

use std::sync::Arc;

use crate::configuration::{Resealed, reseal_in};
use crate::ports::{SecretBox, Storage};
use crate::{AppError, tx};

/// The use cases about stored secrets as such.
pub struct Secrets {
    storage: Arc<dyn Storage>,
    secrets: Arc<dyn SecretBox>,
}

impl Secrets {
    /// Wires the use cases.
    pub fn new(storage: Arc<dyn Storage>, secrets: Arc<dyn SecretBox>) -> Self {
        Self { storage, secrets }
    }

    /// Encrypts all stored secrets with today's key: all or, when one of them
    /// cannot be read, none. Can be repeated.
    pub async fn rotate(&self) -> Result<Resealed, AppError> {
        let work = self.storage.begin().await?;
        let outcome = reseal_in(work.repositories(), &*self.secrets).await;
        tx::finish(work, outcome).await
    }
}
