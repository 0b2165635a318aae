//! All that is stored, as a superadmin sees it, to tell whether something has changed.

use serde_json::{Value, json};

use crate::client::Client;

/// Accounts, people, groups, invitations, roles, keys, settings, mails, jobs, hooks, webhooks, custom endpoints,
/// collections with their rules, the first hundred records of each, and how far the audit log goes.
pub async fn snapshot(superadmin: &Client) -> Value {
    let mut all = json!({});
    for path in [
        "/api/v1/accounts?page_size=100&sort_by=id",
        "/api/v1/users?limit=100&sort=id",
        "/api/v1/roles",
        "/api/v1/admin/api-keys",
        "/api/v1/admin/configuration/recent?limit=100",
        "/api/v1/admin/email/templates",
        "/api/v1/admin/email/logs?page_size=100",
        "/api/v1/admin/jobs?limit=200",
        "/api/v1/invitations",
        "/api/v1/audit-logs?limit=1",
        "/api/v1/collections?page_size=100&sort_by=name",
    ] {
        all[path] = superadmin.get(path).await.expect(200).body;
    }
    // Signing in is not a change.
    for user in all["/api/v1/users?limit=100&sort=id"]["items"].as_array_mut().unwrap() {
        user["last_login"] = Value::Null;
    }
    let accounts = all["/api/v1/accounts?page_size=100&sort_by=id"]["items"].as_array().unwrap().clone();
    for account in &accounts {
        for of_account in ["hooks", "webhooks", "endpoints"] {
            let path = format!("/api/v1/{of_account}?account_id={}", account["id"].as_str().unwrap());
            all[path.as_str()] = superadmin.get(&path).await.expect(200).body;
        }
    }
    let groups = superadmin.get("/api/v1/groups").await.expect(200).body;
    for group in groups.as_array().unwrap() {
        let path = format!("/api/v1/groups/{}", group["id"].as_str().unwrap());
        let mut detail = superadmin.get(&path).await.expect(200).body;
        for user in detail["users"].as_array_mut().unwrap() {
            user["last_login"] = Value::Null;
        }
        all[path] = detail;
    }
    let names = superadmin.get("/api/v1/collections/names").await.expect(200).body;
    for name in names["names"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        for path in [
            format!("/api/v1/collections/{name}/rules"),
            format!("/api/v1/records/{name}?sort=%2Bid&limit=100"),
        ] {
            all[path.as_str()] = superadmin.get(&path).await.expect(200).body;
        }
    }
    all
}
