//! Whatever is sent, the answer is a refusal in one of the forms of refusals, and nothing changes.

mod bodies;
mod identifiers;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::openapi::{Operation, operations};
use crate::server::{Database, Server};
use crate::snapshot::snapshot;
use crate::tenant::{Tenant, add_collection};

on_each_database!(expressions_without_measure_are_refused, wrong_methods_are_405_and_name_the_right_ones,);

/// A server with something to lose, and what a caller needs to aim at it.
struct Stage {
    server: Server,
    superadmin: Client,
    tenant: Tenant,
    collection: String,
    record: String,
    group: String,
    invitation: String,
    key: String,
    configuration: String,
    template: String,
    mail: String,
    before: Value,
}

impl Stage {
    async fn set(database: Database) -> Self {
        let server = Server::start(database);
        let superadmin = server.superadmin().await;
        let schema = json!([
            { "name": "title", "type": "text", "required": true },
            { "name": "n", "type": "number" },
            { "name": "ok", "type": "boolean" },
            { "name": "at", "type": "datetime" },
            { "name": "day", "type": "date" },
            { "name": "mail", "type": "email" },
            { "name": "link", "type": "url" },
            { "name": "extra", "type": "json" },
            { "name": "parent", "type": "reference", "collection": "notes", "on_delete": "set_null" },
        ]);
        let collection = add_collection(&superadmin, "notes", schema, json!({})).await;
        let tenant = Tenant::create(&server, &superadmin, "Acme").await;
        let note = tenant.user.post("/api/v1/records/notes", json!({ "title": "kept" })).await.expect(201);
        let group = tenant.admin.post("/api/v1/groups", json!({ "name": "crew" })).await.expect(201);
        let invited = json!({ "email": "new@example.com" });
        let invitation = tenant.admin.post("/api/v1/invitations", invited).await.expect(201);
        let key = superadmin.post("/api/v1/admin/api-keys", json!({ "name": "key" })).await.expect(201);
        let config = json!({ "category": "email_providers", "provider_name": "resend", "display_name": "Mail",
            "enabled": false, "config": { "api_key": "x" } });
        let configuration = superadmin.post("/api/v1/admin/configuration", config).await.expect(200);
        let template = json!({ "template_type": "welcome", "locale": "en", "account_id": tenant.id,
            "subject": "s", "html_body": "h", "text_body": "t" });
        let template = superadmin.post("/api/v1/admin/email/templates", template).await.expect(201);
        let mails = superadmin.get("/api/v1/admin/email/logs").await.expect(200);
        let mail = mails.body["logs"][0]["id"].as_str().unwrap().to_owned();
        let before = snapshot(&superadmin).await;
        let id = |reply: &Reply| reply.str("id").to_owned();
        let (record, group, invitation, key) = (id(&note), id(&group), id(&invitation), id(&key));
        let (configuration, template) = (id(&configuration), id(&template));
        Self {
            server,
            superadmin,
            tenant,
            collection,
            record,
            group,
            invitation,
            key,
            configuration,
            template,
            mail,
            before,
        }
    }

    /// The path with ids of things that are there.
    fn path(&self, operation: &Operation) -> String {
        let id = match operation.path.split('/').nth(3) {
            Some("accounts") => &self.tenant.id,
            Some("admin") if operation.path.contains("/api-keys/") => &self.key,
            Some("admin") if operation.path.contains("/configuration/") => &self.configuration,
            Some("admin") if operation.path.contains("/logs/") => &self.mail,
            Some("admin") => &self.template,
            Some("collections") => &self.collection,
            Some("groups") => &self.group,
            Some("invitations") => &self.invitation,
            Some("records") => &self.record,
            Some("users") => &self.tenant.user_id,
            _ => "1",
        };
        let path = operation.path.replace("{id}", id).replace("{user_id}", &self.tenant.user_id);
        let path =
            path.replace("{collection}", "notes").replace("{name}", "notes").replace("{macro_id}", "1");
        let path = path
            .replace("{log_id}", "1")
            .replace("{hook_id}", "1")
            .replace("{webhook_id}", "1")
            .replace("{endpoint_id}", "1")
            .replace("{delivery_id}", "1")
            .replace("{token}", &self.invitation);
        let path = path.replace("{path}", "nothing").replace("{category}/{provider}", "email_providers/smtp");
        assert!(!path.contains('{'), "{} needs a line", operation.name());
        path
    }

    /// The server is well and nothing has changed.
    async fn assert_unharmed(&self) {
        self.server.assert_ready().await;
        assert_eq!(snapshot(&self.superadmin).await, self.before);
    }
}

/// Fails unless the reply is a refusal in one of the forms that clients know.
#[track_caller]
fn assert_refused(reply: &Reply, what: &str) {
    assert!((400..500).contains(&reply.status), "{what}: {} {}", reply.status, reply.text);
    assert_enveloped(reply, what);
}

/// Fails when the server broke, or when it refused in a form of its own.
#[track_caller]
fn assert_not_broken(reply: &Reply, what: &str) {
    assert!(reply.status < 500, "{what}: {} {}", reply.status, reply.text);
    if reply.status >= 400 {
        assert_enveloped(reply, what);
    }
}

#[track_caller]
fn assert_enveloped(reply: &Reply, what: &str) {
    let body = &reply.body;
    let enveloped = match &body["detail"] {
        Value::String(_) | Value::Object(_) => true,
        Value::Array(faults) => faults.iter().all(|f| f["type"].is_string() && f["loc"].is_array()),
        _ => body["error"].is_string() && (body["message"].is_string() || body["details"].is_array()),
    };
    assert!(enveloped, "{what}: {} {}", reply.status, reply.text);
    assert_eq!(reply.headers["content-type"], "application/json", "{what}");
}

/// Sends what no HTTP client would. Nothing of the application is behind the refusal of such a request.
async fn assert_answered_4xx_or_hung_up(server: &Server, request: &[u8]) {
    let mut socket = TcpStream::connect(server.base().trim_start_matches("http://")).await.unwrap();
    let mut answer = Vec::new();
    let exchange = async {
        // The server may answer and hang up before it has read everything.
        let sent = socket.write_all(request).await;
        let ended = socket.shutdown().await;
        let read = socket.read_to_end(&mut answer).await;
        sent.and(ended).and(read)
    };
    drop(tokio::time::timeout(Duration::from_secs(30), exchange).await.expect("the server lets go"));
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
    server.assert_ready().await;
}

/// Encodes every byte, so that no client or server tidies the path up.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn expressions_without_measure_are_refused(database: Database) {
    let stage = Stage::set(database).await;
    let deep = 10_000;
    let filters = [
        format!("{}1=1{}", "(".repeat(deep), ")".repeat(deep)),
        "(".repeat(deep),
        format!("{}ok = true", "!".repeat(deep)),
        format!("n = {}1", "-".repeat(deep)),
        format!("{}1{}", "abs(".repeat(deep), ")".repeat(deep)),
        vec!["n = 1"; deep].join(" || "),
        format!("n IN ({})", vec!["1"; deep].join(",")),
        format!("title = \"{}\"", "x".repeat(60_000)),
        format!("title ~ \"{}%\"", "x".repeat(1000)),
        "title = \"a\0b\"".to_owned(),
        "n = 1e5".to_owned(),
        "n = @request.auth.id".to_owned(),
        "password_hash = \"x\"".to_owned(),
        "upper()".to_owned(),
        "title ~~ \"x\"".to_owned(),
        "\u{1F600} = 1".to_owned(),
    ];
    for filter in &filters {
        // Clients make no longer addresses; what is sent past them is tried below.
        if encoded(filter).len() < 60_000 {
            let reply = stage.tenant.user.get_with("/api/v1/records/notes", &[("filter", filter)]).await;
            assert_refused(&reply, &filter.chars().take(60).collect::<String>());
        }
        // As a rule it may be as long as a body.
        if filter.contains('@') {
            continue;
        }
        let rules = json!({ "list_rule": filter });
        let reply = stage.superadmin.put("/api/v1/collections/notes/rules", rules).await;
        let what = filter.chars().take(60).collect::<String>();
        assert!(reply.status == 400 || reply.status == 422, "{what}: {} {}", reply.status, reply.text);
        assert_refused(&reply, &what);
    }
    let megabyte = format!("title = \"{}\"", "x".repeat(1024 * 1024));
    let rules = json!({ "update_rule": megabyte });
    assert_refused(&stage.superadmin.put("/api/v1/collections/notes/rules", rules).await, "a rule of 1 MB");
    let head = format!("GET /api/v1/records/notes?filter={} HTTP/1.1\r\nHost: x\r\n\r\n", encoded(&megabyte));
    assert_answered_4xx_or_hung_up(&stage.server, head.as_bytes()).await;
    assert_answered_4xx_or_hung_up(&stage.server, b"GET / HTTP/9.9\r\n\r\n").await;
    assert_answered_4xx_or_hung_up(&stage.server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc").await;
    let headers = format!("GET /ready HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Header: 1\r\n".repeat(20_000));
    assert_answered_4xx_or_hung_up(&stage.server, headers.as_bytes()).await;
    for harmless in [
        format!("n = {}", "9".repeat(400)),
        format!("title ~ \"{}\"", "%a".repeat(1000)),
        "n / 0 = 1".to_owned(),
        "at = \"99999-99-99\"".to_owned(),
    ] {
        let reply = stage.tenant.user.get_with("/api/v1/records/notes", &[("filter", &harmless)]).await;
        assert_not_broken(&reply, &harmless);
    }
    stage.assert_unharmed().await;
}

async fn wrong_methods_are_405_and_name_the_right_ones(database: Database) {
    let stage = Stage::set(database).await;
    let known = operations();
    for operation in &known {
        let path = stage.path(operation);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X"] {
            let method: Method = method.parse().unwrap();
            let has = |o: &Operation| o.path == operation.path && o.method == method;
            // The paths of batches and aggregates answer as these ids would; members and users have names of other clients.
            let named = [
                "/aggregate",
                "/batch",
                "/names",
                "/recent",
                "/stats",
                "/system",
                "/account",
                "/providers",
                "/export",
            ];
            let as_id = named.iter().any(|name| path.ends_with(name)) || path.ends_with("/verify");
            if known.iter().any(has) || as_id || path.contains("/users") {
                continue;
            }
            let reply = stage.superadmin.send(method.clone(), &path, None).await;
            assert_eq!(reply.status, 405, "{method} {path}: {}", reply.text);
            assert_eq!(reply.body, json!({ "detail": "Method Not Allowed" }));
            let allow = reply.headers["allow"].to_str().unwrap();
            assert!(allow.contains(operation.method.as_str()), "{method} {path}: {allow}");
        }
    }
    for path in ["/api/v1/nosuch", "/api/v1/records", "/api/v1/records/a/b/c", "/api/v2"] {
        assert_refused(&stage.superadmin.get(path).await, path);
    }
    stage.assert_unharmed().await;
}
