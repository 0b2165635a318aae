//! What each call that changes something writes.

use reqwest::Method;
use serde_json::{Value, json};

use super::{LOGS, assert_holds, entries_after};
use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, PASSWORD, SUPERADMIN_EMAIL, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    every_change_is_written_as_its_callers,
    what_changes_nothing_writes_nothing,
    without_audit_logging_nothing_is_written,
);

const AGENT: &str = "it/1.0 (\"quoted\"; \\)";

/// Makes calls one by one and looks at what each has written.
struct Observer {
    superadmin: Client,
    superadmin_id: String,
    known: i64,
    calls: usize,
}

/// As whom changes have to be written.
struct As<'a> {
    client: &'a Client,
    user_id: &'a str,
    email: &'a str,
    method: &'a str,
}

impl Observer {
    async fn new(server: &Server) -> Self {
        let superadmin = server.superadmin().await;
        let me = superadmin.get("/api/v1/auth/me").await.expect(200);
        let superadmin_id = me.str("user_id").to_owned();
        Self { superadmin, superadmin_id, known: 0, calls: 0 }
    }

    /// Leaves out what was written so far.
    async fn skip(&mut self) {
        self.known += entries_after(&self.superadmin, self.known).await.len() as i64;
    }

    /// Calls, and fails unless `changes` is what was written: `<operation> <table>`, for updates with
    /// the columns. Answers the reply's body.
    async fn call(
        &mut self,
        caller: As<'_>,
        request: (Method, &str, Value),
        account: Option<&str>,
        changes: &[&str],
    ) -> Value {
        let (method, path, body) = request;
        let asked = format!("{method} {path}");
        let id = format!("it-{:033}", self.calls);
        assert_eq!(id.len(), 36);
        let client = caller.client.with_header("x-correlation-id", &id).with_header("user-agent", AGENT);
        let body = if body.is_null() { None } else { Some(body) };
        let reply = client.send(method, &format!("/api/v1{path}"), body).await;
        assert!((200..300).contains(&reply.status), "{asked}: {}", reply.text);
        assert_eq!(reply.headers["x-correlation-id"], id);
        let entries = entries_after(&self.superadmin, self.known).await;
        self.known += entries.len() as i64;
        self.calls += 1;
        let registered = reply.body["user"]["id"].as_str();
        for entry in &entries {
            assert_eq!(entry["request_id"], id, "{asked}");
            assert_eq!(entry["user_id"], registered.unwrap_or(caller.user_id), "{asked}");
            assert_eq!(entry["user_email"], caller.email, "{asked}");
            assert_eq!(entry["user_name"], caller.email, "{asked}");
            assert_eq!(entry["ip_address"], "127.0.0.1", "{asked}");
            assert_eq!(entry["user_agent"], AGENT, "{asked}");
            assert_eq!(entry["extra_metadata"], json!({ "auth_method": caller.method }), "{asked}");
            assert_eq!(entry["es_username"], Value::Null);
            if let Some(account) = account {
                assert_eq!(entry["account_id"], account, "{asked}: {entry}");
            }
            match entry["operation"].as_str().unwrap() {
                "CREATE" => assert_eq!(entry["old_value"], Value::Null, "{asked}"),
                "DELETE" => assert_eq!(entry["new_value"], Value::Null, "{asked}"),
                // A secret differs, but is not shown.
                _ => assert!(
                    entry["old_value"] != entry["new_value"] || entry["new_value"] == "***",
                    "{asked}"
                ),
            }
        }
        assert_eq!(summary(&entries), changes, "{asked}");
        reply.body
    }
}

/// One line for each changed row; of updates with the columns.
fn summary(entries: &[Value]) -> Vec<String> {
    let mut lines: Vec<(Value, String)> = Vec::new();
    for entry in entries {
        let row = json!([entry["operation"], entry["table_name"], entry["record_id"]]);
        let column = entry["column_name"].as_str().unwrap();
        let is_update = entry["operation"] == "UPDATE";
        match lines.last_mut().filter(|(last, _)| *last == row) {
            Some((_, line)) if is_update => {
                line.push(',');
                line.push_str(column);
            }
            Some(_) => {}
            None => {
                let (operation, table) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
                let columns = if is_update { format!(": {column}") } else { String::new() };
                lines.push((row.clone(), format!("{operation} {table}{columns}")));
            }
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

async fn every_change_is_written_as_its_callers(database: Database) {
    let server = Server::start(database);
    let mut observer = Observer::new(&server).await;
    let system = "00000000-0000-0000-0000-000000000000";
    macro_rules! admin {
        ($method:ident $path:expr, $body:expr, $account:expr, $changes:expr) => {{
            let (client, id) = (observer.superadmin.clone(), observer.superadmin_id.clone());
            let by = As { client: &client, user_id: &id, email: SUPERADMIN_EMAIL, method: "jwt" };
            observer.call(by, (Method::$method, &$path, $body), $account, &$changes).await
        }};
    }
    let text = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();

    // Accounts and people.
    let account = admin!(POST "/accounts", json!({ "name": "Acme" }), None, ["CREATE accounts"]);
    let account = text(&account, "id");
    let at = Some(account.as_str());
    admin!(PATCH format!("/accounts/{account}"), json!({ "name": "Acme & Co." }), at, ["UPDATE accounts: name,updated_at"]);
    admin!(PUT format!("/accounts/{account}"), json!({ "name": "Acme" }), at, ["UPDATE accounts: name,updated_at"]);
    let new = json!({ "email": "ann@acme.com", "password": PASSWORD, "account_id": account, "role": "user" });
    let user = text(&admin!(POST "/users", new, at, ["CREATE users"]), "id");
    admin!(POST format!("/users/{user}/verify"), json!({}), at, ["UPDATE users: email_verified,email_verified_at,updated_at"]);
    admin!(PATCH format!("/users/{user}"), json!({ "profile_data": { "a": "ü" }, "external_id": "x" }), at,
        ["UPDATE users: external_id,profile_data,updated_at"]);
    admin!(PUT format!("/users/{user}/password"), json!({ "new_password": "An0ther!Passw0rd" }), at,
        ["UPDATE users: password_hash,password_changed_at,updated_at"]);
    admin!(DELETE format!("/users/{user}"), Value::Null, at, ["UPDATE users: is_active,updated_at"]);
    admin!(PATCH format!("/users/{user}"), json!({ "is_active": true, "role": "admin" }), at,
        ["UPDATE users: role_id,is_active,updated_at"]);
    admin!(PUT format!("/users/{user}/password"), json!({ "new_password": PASSWORD }), at,
        ["UPDATE users: password_hash,password_changed_at,updated_at"]);

    // Roles belong to no account: they are told in the caller's.
    let at_home = Some(system);
    let role = admin!(POST "/roles", json!({ "name": "auditor" }), at_home, ["CREATE roles"]);
    let role = role["id"].as_i64().unwrap();
    admin!(PATCH format!("/roles/{role}"), json!({ "description": "reads" }), at_home, ["UPDATE roles: description"]);
    admin!(PUT format!("/roles/{role}"), json!({ "name": "reader" }), at_home, ["UPDATE roles: name,description"]);
    admin!(DELETE format!("/roles/{role}"), Value::Null, at_home, ["DELETE roles"]);

    // Groups and members, by the account's admin.
    let admin = server.anonymous().signed_in("acme", "ann@acme.com").await;
    macro_rules! ann {
        ($method:ident $path:expr, $body:expr, $changes:expr) => {{
            let by = As { client: &admin, user_id: &user, email: "ann@acme.com", method: "jwt" };
            observer.call(by, (Method::$method, &$path, $body), at, &$changes).await
        }};
    }
    let group = text(&ann!(POST "/groups", json!({ "name": "team" }), ["CREATE groups"]), "id");
    ann!(PATCH format!("/groups/{group}"), json!({ "name": "crew" }), ["UPDATE groups: name,updated_at"]);
    let member = json!({ "user_id": user });
    ann!(POST format!("/groups/{group}/users"), member.clone(), ["CREATE users_groups"]);
    ann!(DELETE format!("/groups/{group}/users/{user}"), Value::Null, ["DELETE users_groups"]);
    ann!(POST format!("/groups/{group}/users"), member, ["CREATE users_groups"]);
    ann!(DELETE format!("/groups/{group}"), Value::Null, ["DELETE users_groups", "DELETE groups"]);

    // Collections, rules and records.
    let fields =
        json!([{ "name": "title", "type": "text", "required": true }, { "name": "n", "type": "number" }]);
    let new = json!({ "name": "posts", "schema": fields });
    let collection =
        admin!(POST "/collections", new, at_home, ["CREATE collections", "CREATE collection_rules"]);
    let collection = text(&collection, "id");
    let wider = json!([fields[0], fields[1], { "name": "password", "type": "text" }]);
    admin!(PUT format!("/collections/{collection}"), json!({ "schema": wider }), at_home,
        ["UPDATE collections: schema,updated_at"]);
    let open =
        json!({ "list_rule": "", "view_rule": "", "create_rule": "", "update_rule": "", "delete_rule": "" });
    admin!(PUT "/collections/posts/rules", open, at_home,
        ["UPDATE collection_rules: list_rule,view_rule,create_rule,update_rule,delete_rule,updated_at"]);
    let posts = "/records/posts";
    let post =
        text(&ann!(POST posts, json!({ "title": "a", "password": "s3cret" }), ["CREATE col_posts"]), "id");
    ann!(PUT format!("{posts}/{post}"), json!({ "title": "b" }), ["UPDATE col_posts: updated_at,title"]);
    ann!(PATCH format!("{posts}/{post}"), json!({ "n": 1.5, "title": "b" }), ["UPDATE col_posts: updated_at,n"]);
    let batch = format!("{posts}/batch");
    let new = json!({ "records": [{ "title": "c" }, { "title": "d" }] });
    let made = ann!(POST batch, new, ["CREATE col_posts", "CREATE col_posts"]);
    let ids: Vec<_> = made["created"].as_array().unwrap().iter().map(|post| post["id"].clone()).collect();
    let change =
        json!({ "records": [{ "id": ids[0], "data": { "n": 1 } }, { "id": ids[1], "data": { "n": 2 } }] });
    ann!(PATCH batch, change, ["UPDATE col_posts: updated_at,n", "UPDATE col_posts: updated_at,n"]);
    ann!(DELETE batch, json!({ "ids": ids }), ["DELETE col_posts", "DELETE col_posts"]);
    ann!(DELETE format!("{posts}/{post}"), Value::Null, ["DELETE col_posts"]);

    // A superadmin's change of another account's record is told there, and so is one by a key.
    let foreign = json!({ "title": "e", "account_id": account });
    let foreign = text(&admin!(POST posts, foreign, at, ["CREATE col_posts"]), "id");
    let key = admin!(POST "/admin/api-keys", json!({ "name": "robot" }), at_home, ["CREATE api_keys"]);
    let robot = server.anonymous().with_header("x-api-key", key["key"].as_str().unwrap());
    let id = observer.superadmin_id.clone();
    let by_key = |client| As { client, user_id: &id, email: SUPERADMIN_EMAIL, method: "api_key" };
    let change = (Method::PATCH, &*format!("{posts}/{foreign}"), json!({ "title": "f" }));
    observer.call(by_key(&robot), change, at, &["UPDATE col_posts: updated_at,title"][..]).await;
    let key_id = text(&key, "id");
    admin!(DELETE format!("/admin/api-keys/{key_id}"), Value::Null, at_home, ["UPDATE api_keys: is_active,updated_at"]);
    admin!(DELETE format!("/collections/{collection}"), Value::Null, at_home,
        ["DELETE collection_rules", "DELETE collections"]);

    // Registration is told as the new user's.
    let form = json!({ "email": "eve@example.com", "password": PASSWORD, "account_name": "Eve" });
    let (anonymous, email) = (server.anonymous(), "eve@example.com");
    let eve = As { client: &anonymous, user_id: "", email, method: "anonymous" };
    let made = observer
        .call(
            eve,
            (Method::POST, "/auth/register", form),
            None,
            &["CREATE accounts", "CREATE users", "CREATE groups", "CREATE users_groups"],
        )
        .await;
    let eves = made["account"]["id"].as_str().unwrap();
    let of_eve = observer.superadmin.get(&format!("{LOGS}?account_id={eves}&limit=500")).await.expect(200);
    assert_eq!(of_eve.each("table_name").iter().filter(|table| **table == "users").count(), 16);
    admin!(DELETE format!("/accounts/{account}"), Value::Null, at, ["DELETE accounts"]);

    // No secret is in any entry.
    let entries = assert_holds(&server, &observer.superadmin).await;
    let all = Value::from(entries).to_string();
    let key = key["key"].as_str().unwrap();
    for secret in [PASSWORD, "An0ther!Passw0rd", "s3cret", "$argon2", key] {
        assert!(!all.contains(secret), "{secret} is in the log");
    }
}

async fn what_changes_nothing_writes_nothing(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([{ "name": "title", "type": "text", "unique": true }]);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let note = acme.user.post("/api/v1/records/notes", json!({ "title": "x" })).await.expect(201);
    let mut observer = Observer::new(&server).await;
    observer.skip().await;
    let known = observer.known;

    // Signing in and out, and what anonymous callers do.
    let anonymous = server.anonymous();
    let session = anonymous.signed_in(&acme.code, &acme.user_email).await;
    let pair = anonymous.refresh(session.refresh_token()).await.expect(200);
    session.post("/api/v1/auth/logout", json!({ "refresh_token": pair.str("refresh_token") })).await;
    let visitor = anonymous.with_header("x-account-id", &acme.code);
    visitor.post("/api/v1/records/notes", json!({ "title": "by nobody" })).await.expect(201);
    // What is refused.
    acme.user.post("/api/v1/records/notes", json!({ "title": "x" })).await.expect(400);
    acme.user.post("/api/v1/records/notes", json!({ "title": 1 })).await.expect(400);
    let batch = json!({ "records": [{ "title": "y" }, { "title": "x" }] });
    acme.user.post("/api/v1/records/notes/batch", batch).await.expect(400);
    acme.user.post("/api/v1/groups", json!({ "name": "crew" })).await.expect(403);
    superadmin.post("/api/v1/roles", json!({ "name": "admin" })).await.expect(409);
    superadmin
        .delete(&format!("/api/v1/accounts/{}", "00000000-0000-0000-0000-000000000000"))
        .await
        .expect(422);
    let taken =
        json!({ "email": acme.user_email, "password": PASSWORD, "account_id": acme.id, "role": "user" });
    superadmin.post("/api/v1/users", taken).await.expect(409);
    // What is as it was already.
    superadmin.post(&format!("/api/v1/users/{}/verify", acme.user_id), json!({})).await.expect(200);
    // What is read.
    acme.user.get(&format!("/api/v1/records/notes/{}", note.str("id"))).await.expect(200);
    superadmin.get("/api/v1/users").await.expect(200);
    assert_eq!(summary(&entries_after(&superadmin, known).await), [""; 0]);
}

async fn without_audit_logging_nothing_is_written(database: Database) {
    let server = Server::start_with(database, &[("AUDIT_LOGGING_ENABLED", "false")]);
    let superadmin = server.superadmin().await;
    Tenant::create(&server, &superadmin, "Acme").await;
    superadmin.post("/api/v1/roles", json!({ "name": "auditor" })).await.expect(201);
    let page = superadmin.get(LOGS).await.expect(200);
    assert_eq!((&page.body["total"], &page.body["audit_logging_enabled"]), (&json!(0), &json!(false)));
    assert_holds(&server, &superadmin).await;
}
