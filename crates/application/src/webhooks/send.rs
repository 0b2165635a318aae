//! One request to a receiver.

use snackbase_domain::WebhookDeliveryId;
use snackbase_domain::webhook::{Webhook, is_reserved};

use super::{Webhooks, place, signature};
use crate::ports::{HttpFault, HttpRequest, HttpResponse};

impl Webhooks {
    /// Sends a body to a webhook's address, signed with its present secret.
    pub(super) async fn send(
        &self,
        webhook: &Webhook,
        id: WebhookDeliveryId,
        event: &str,
        body: String,
    ) -> Result<HttpResponse, HttpFault> {
        let secret = self.secrets.open(&webhook.sealed_secret, &place(webhook));
        let secret = secret.map_err(|fault| {
            tracing::error!(webhook = %webhook.id, %fault, "the secret of a webhook cannot be read");
            HttpFault::Failed("The secret of the webhook cannot be read".to_owned())
        })?;
        let (id, now) = (id.to_string(), self.clock.now().timestamp());
        let own = webhook.headers.iter().flatten().filter(|(name, _)| !is_reserved(name));
        let own = own.map(|(name, value)| (name.clone(), value.clone()));
        let ours = [
            ("X-SnackBase-Signature", signature::of_body(&secret, &body)),
            ("X-SnackBase-Event", event.to_owned()),
            ("X-SnackBase-Webhook-Id", webhook.id.to_string()),
            ("X-SnackBase-Delivery", id.clone()),
            ("webhook-timestamp", now.to_string()),
            ("webhook-signature", signature::of_message(&secret, &id, now, &body)),
            ("webhook-id", id),
        ];
        // A webhook's own content type takes the place of ours.
        let headers = std::iter::once(("Content-Type".to_owned(), "application/json".to_owned()))
            .chain(own)
            .chain(ours.map(|(name, value)| (name.to_owned(), value)))
            .collect();
        let request =
            HttpRequest { method: "POST".to_owned(), url: webhook.url.clone(), headers, body: Some(body) };
        self.sender.send(request).await
    }
}
