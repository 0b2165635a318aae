//! Custom endpoints: accounts define them, whoever may calls them, and what came of it is written down.

mod calls;
mod limits;
mod management;
mod replies;

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::client::{Client, Reply};
use crate::server::{Database, Server};
use crate::tenant::Tenant;

const ENDPOINTS: &str = "/api/v1/endpoints";

/// A server with two accounts.
struct World {
    server: Server,
    superadmin: Client,
    acme: Tenant,
    other: Tenant,
}

impl World {
    async fn new(database: Database) -> Self {
        Self::with(database, &[]).await
    }

    async fn with(database: Database, settings: &[(&str, &str)]) -> Self {
        let server = Server::start_with(database, settings);
        let superadmin = server.superadmin().await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        let other = Tenant::create(&server, &superadmin, "Other").await;
        Self { server, superadmin, acme, other }
    }

    /// Makes an endpoint of Acme's that anybody may call with GET at `/e`, unless `others` says otherwise.
    async fn create(&self, others: Value) -> Value {
        self.acme.admin.post(ENDPOINTS, described(others)).await.expect(201).body
    }

    /// Calls an endpoint of Acme's as nobody.
    async fn get(&self, path: &str) -> Reply {
        self.server.anonymous().get(&self.url(path)).await
    }

    fn url(&self, path: &str) -> String {
        format!("/api/v1/x/{}{path}", self.acme.slug)
    }

    /// What came of calls, newest first.
    async fn executions(&self, endpoint: &Value) -> Vec<Value> {
        self.acme.admin.get(&path(endpoint, "/executions")).await.expect(200).items().to_vec()
    }

    /// Calls with GET until the answer has that status: what changed elsewhere is seen a little later.
    async fn becomes(&self, path: &str, status: u16) -> Reply {
        for _ in 0..100 {
            let reply = self.get(path).await;
            if reply.status == status {
                return reply;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{path} does not become {status}");
    }
}

/// The body that makes an endpoint.
fn described(others: Value) -> Value {
    let mut body = json!({ "name": "E", "path": "/e", "method": "GET", "auth_required": false });
    body.as_object_mut().unwrap().extend(object(others));
    body
}

fn path(endpoint: &Value, after: &str) -> String {
    format!("{ENDPOINTS}/{}{after}", endpoint["id"].as_str().unwrap())
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}
