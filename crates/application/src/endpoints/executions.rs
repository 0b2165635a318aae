//! Use case: see what came of calls; and how it is written down.

use snackbase_domain::AccountId;
use snackbase_domain::endpoint::EndpointExecution;

use super::{Endpoints, find};
use crate::ports::{EndpointExecutionPage, StoreError};
use crate::{AppError, tx};

/// Of so many executions one has old ones removed.
const TRIMMED_EACH: u8 = 16;

impl Endpoints {
    /// A page of an endpoint's executions, newest first.
    pub async fn executions(
        &self,
        account: AccountId,
        id: &str,
        offset: u64,
        limit: u64,
    ) -> Result<EndpointExecutionPage, AppError> {
        let store = self.storage.read();
        let endpoint = find(store, account, id).await?;
        Ok(store.endpoints().executions(endpoint.id, offset, limit).await?)
    }

    /// Keeps an execution. Where that fails the server's log tells of it: what was done was done.
    pub(super) async fn keep(&self, execution: &EndpointExecution) {
        let kept = async {
            let work = self.storage.begin().await?;
            let kept = work.repositories().endpoints().insert_execution(execution).await;
            tx::finish(work, kept.map_err(AppError::from)).await
        };
        match kept.await {
            // The endpoint was deleted meanwhile.
            Ok(()) | Err(AppError::Store(StoreError::ForeignKey)) => {}
            Err(error) => tracing::error!(
                endpoint = %execution.endpoint_id,
                status = execution.status.as_str(),
                http_status = execution.http_status,
                failure = execution.error,
                %error,
                "a call of an endpoint could not be written down"
            ),
        }
    }

    /// Now and then, removes executions beyond those that are kept. Lists do not show them meanwhile.
    pub(super) async fn trim(&self, execution: &EndpointExecution) {
        let [.., last] = execution.id.uuid().into_bytes();
        if last % TRIMMED_EACH != 0 {
            return;
        }
        let trimmed = async {
            let work = self.storage.begin().await?;
            let trimmed = work.repositories().endpoints().trim_executions(execution.endpoint_id).await;
            tx::finish(work, trimmed.map_err(AppError::from)).await
        };
        if let Err(error) = trimmed.await {
            tracing::warn!(%error, "old executions of an endpoint are left for later");
        }
    }
}
