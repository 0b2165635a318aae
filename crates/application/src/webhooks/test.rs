//! Use case: try a webhook out.

use snackbase_domain::webhook::{TEST_EVENT, kept_text, test_payload};
use snackbase_domain::{AccountId, WebhookDeliveryId};

use super::{Webhooks, find};
use crate::AppError;

/// What came of trying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    pub success: bool,
    pub status_code: Option<u16>,
    /// The beginning of the answer.
    pub response_body: Option<String>,
    /// Why there was no answer.
    pub error: Option<String>,
}

impl Webhooks {
    /// Sends something to a webhook's address at once, enabled or not.
    pub async fn test(&self, account: AccountId, id: &str) -> Result<TestResult, AppError> {
        let webhook = find(self.storage.read(), account, id).await?;
        let body = test_payload(&webhook, self.clock.now()).to_string();
        let id = WebhookDeliveryId::new(self.ids.new_id());
        Ok(match self.send(&webhook, id, TEST_EVENT, body).await {
            Ok(response) => TestResult {
                success: response.is_success(),
                status_code: Some(response.status),
                response_body: Some(kept_text(&response.body)),
                error: None,
            },
            Err(fault) => TestResult {
                success: false,
                status_code: None,
                response_body: None,
                error: Some(fault.to_string()),
            },
        })
    }
}
