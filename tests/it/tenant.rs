//! Accounts with people in them, and collections for their records.

use serde_json::{Value, json};

use crate::client::Client;
use crate::server::{PASSWORD, Server};

/// An account with an admin and a user, both signed in.
pub struct Tenant {
    pub id: String,
    pub code: String,
    pub slug: String,
    pub admin: Client,
    pub admin_id: String,
    pub user: Client,
    pub user_id: String,
    pub user_email: String,
}

impl Tenant {
    /// Makes an account of that name.
    pub async fn create(server: &Server, superadmin: &Client, name: &str) -> Self {
        let account = superadmin.post("/api/v1/accounts", json!({ "name": name })).await.expect(201);
        let (id, code, slug) = (account.str("id"), account.str("account_code"), account.str("slug"));
        let (admin_email, user_email) = (format!("admin@{slug}.com"), format!("user@{slug}.com"));
        let admin_id = add_user(superadmin, id, &admin_email, "admin").await;
        let user_id = add_user(superadmin, id, &user_email, "user").await;
        let anonymous = server.anonymous();
        Self {
            admin: anonymous.signed_in(code, &admin_email).await,
            user: anonymous.signed_in(code, &user_email).await,
            id: id.to_owned(),
            code: code.to_owned(),
            slug: slug.to_owned(),
            admin_id,
            user_id,
            user_email,
        }
    }
}

/// Makes a verified user of an account and tells the id.
pub async fn add_user(superadmin: &Client, account: &str, email: &str, role: &str) -> String {
    let user = json!({ "email": email, "password": PASSWORD, "account_id": account, "role": role });
    let user = superadmin.post("/api/v1/users", user).await.expect(201);
    let id = user.str("id");
    superadmin.post(&format!("/api/v1/users/{id}/verify"), json!({})).await.expect(200);
    id.to_owned()
}

/// Makes a collection, public in each account unless `rules` says otherwise, and tells its id.
pub async fn add_collection(superadmin: &Client, name: &str, schema: Value, rules: Value) -> String {
    let mut body = json!({
        "name": name,
        "schema": schema,
        "list_rule": "",
        "view_rule": "",
        "create_rule": "",
        "update_rule": "",
        "delete_rule": "",
    });
    let (body_keys, rules) = (body.as_object_mut().unwrap(), rules.as_object().unwrap());
    body_keys.extend(rules.clone());
    superadmin.post("/api/v1/collections", body).await.expect(201).str("id").to_owned()
}
