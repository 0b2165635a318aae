//! Mail over real connections: the outbox, the providers and the calls of superadmins.

mod calls;
mod http_provider;
mod outbox;
mod providers;
pub mod smtp_server;
mod tls;

use serde_json::{Value, json};

use crate::client::{Client, Reply};

const TEMPLATES: &str = "/api/v1/admin/email/templates";
const LOGS: &str = "/api/v1/admin/email/logs";

/// Lets mail go to servers on this machine.
pub const OPEN: (&str, &str) = ("ALLOW_PRIVATE_DESTINATIONS", "true");

/// Stores settings of a mail provider, for an account or for the system.
pub async fn configure(superadmin: &Client, account: Option<&str>, provider: &str, config: Value) {
    let body = json!({
        "category": "email_providers", "provider_name": provider, "display_name": "Mail",
        "account_id": account, "config": config,
    });
    superadmin.post("/api/v1/admin/configuration", body).await.expect(200);
}

/// Settings of a mail server without TLS.
pub fn smtp(port: u16) -> Value {
    json!({
        "host": "127.0.0.1", "port": port, "username": "", "password": "", "use_tls": false,
        "from_email": "from@example.com", "from_name": "Sender",
    })
}

/// The id of a seeded template.
async fn template_id(superadmin: &Client, template_type: &str) -> String {
    let found = superadmin.get(&format!("{TEMPLATES}?template_type={template_type}")).await.expect(200);
    found.body[0]["id"].as_str().unwrap().to_owned()
}

/// Sends the seeded invitation as a test.
async fn send_test(superadmin: &Client, recipient: &str) -> Reply {
    let id = template_id(superadmin, "invitation").await;
    let body = json!({ "recipient_email": recipient, "variables": { "account_name": "Acme" } });
    superadmin.post(&format!("{TEMPLATES}/{id}/test"), body).await
}

/// The rows of the log, newest first.
async fn logs(superadmin: &Client) -> Vec<Value> {
    let page = superadmin.get(&format!("{LOGS}?page_size=100")).await.expect(200);
    page.body["logs"].as_array().unwrap().clone()
}
