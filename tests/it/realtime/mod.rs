//! Hearing at once of what happens.

mod channels;
mod differential;
mod leaks;
mod limits;
mod nodes;
mod protocol;
mod resume;
mod sign_in;
mod socket;

use serde_json::{Value, json};

use crate::client::Client;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};
use socket::Socket;

const POSTS: &str = "/api/v1/records/posts";

/// A server with an account and a collection of posts that everybody in an account sees.
pub struct Stage {
    pub server: Server,
    pub superadmin: Client,
    pub acme: Tenant,
    /// The collection of posts.
    pub posts: String,
}

impl Stage {
    pub async fn set(database: Database) -> Self {
        Self::set_with(database, &[]).await
    }

    pub async fn set_with(database: Database, settings: &[(&str, &str)]) -> Self {
        let server = Server::start_with(database, settings);
        let superadmin = server.superadmin().await;
        let posts = add_posts(&superadmin).await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        Self { server, superadmin, acme, posts }
    }

    pub async fn socket(&self, client: &Client) -> Socket {
        Socket::open(self.server.base(), client.token()).await
    }

    pub async fn set_rules(&self, rules: Value) {
        self.superadmin.put("/api/v1/collections/posts/rules", rules).await.expect(200);
    }
}

async fn add_posts(superadmin: &Client) -> String {
    add_collection(superadmin, "marks", json!([{ "name": "n", "type": "number" }]), json!({})).await;
    let schema = json!([
        { "name": "title", "type": "text" },
        { "name": "status", "type": "text" },
        { "name": "secret", "type": "text" },
        { "name": "n", "type": "number" },
        { "name": "parent", "type": "reference", "collection": "marks", "on_delete": "cascade" },
        { "name": "mail", "type": "email", "pii": true, "mask_type": "email" },
        { "name": "twice", "type": "computed", "expression": "n * 2", "return_type": "number" },
        { "name": "paper", "type": "json" },
    ]);
    add_collection(superadmin, "posts", schema, json!({})).await
}

/// Makes a post and tells its id.
async fn add(client: &Client, post: Value) -> String {
    client.post(POSTS, post).await.expect(201).str("id").to_owned()
}

async fn change(client: &Client, id: &str, changes: Value) {
    client.patch(&format!("{POSTS}/{id}"), changes).await.expect(200);
}

async fn delete(client: &Client, id: &str) {
    client.delete(&format!("{POSTS}/{id}")).await.expect(204);
}

/// The types of events, without the collection, and the ids they are about.
fn told(events: &[(String, Value)]) -> Vec<(&str, &str)> {
    events.iter().map(|(kind, data)| (kind.as_str(), data["id"].as_str().unwrap())).collect()
}
