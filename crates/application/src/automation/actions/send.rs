//! The action that sends a request.

use serde_json::{Value, json};
use snackbase_domain::automation::SendWebhook;

use super::{Actions, Failure};
use crate::ports::HttpRequest;

impl Actions {
    pub(super) async fn send_webhook(&self, request: SendWebhook) -> Result<Value, Failure> {
        let SendWebhook { url, method, headers, body } = request;
        let sent = self.http.send(HttpRequest { method, url, headers, body }).await;
        let reply = sent.map_err(|fault| Failure::Reason(fault.to_string()))?;
        if !reply.is_success() {
            return Err(Failure::Reason(format!("the destination answered with status {}", reply.status)));
        }
        let body = serde_json::from_str(&reply.body).unwrap_or(Value::String(reply.body));
        Ok(json!({ "status": reply.status, "body": body }))
    }
}
