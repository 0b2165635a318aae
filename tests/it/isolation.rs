//! An account's data stays with the account, whatever path another one tries.

use chrono::TimeDelta;
use serde_json::{Value, json};
use snackbase_application::jobs::NewJob;
use snackbase_application::ports::Clock as _;

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::openapi::{Operation, operations};
use crate::server::{Database, Server};
use crate::snapshot::snapshot;
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    no_path_shows_or_changes_another_accounts_data,
    filters_and_expansions_do_not_reach_other_accounts,
    an_account_header_is_ignored_for_signed_in_callers,
    an_admin_cannot_reach_into_other_accounts_groups,
);

/// What account A has: the aims of the attack.
struct Aims {
    tenant: Tenant,
    group: String,
    record: String,
    collection: String,
    key: String,
    configuration: String,
    template: String,
    invitation: String,
    mail: String,
    session: String,
    audit_entry: String,
    file: String,
    upload: String,
    job: String,
    hook: String,
    webhook: String,
    endpoint: String,
}

const SECRET: &str = "only for eyes of Acme";

async fn aims(server: &Server, superadmin: &Client) -> Aims {
    let rule = json!({
        "list_rule": "@request.auth.id != \"\"", "view_rule": "@request.auth.id != \"\"",
        "create_rule": "@request.auth.id != \"\"", "update_rule": "@request.auth.id != \"\"",
        "delete_rule": "@request.auth.id != \"\"",
    });
    let schema = json!([
        { "name": "title", "type": "text", "options": { "searchable": true } },
        { "name": "parent", "type": "reference", "collection": "notes", "on_delete": "cascade" },
    ]);
    let collection = add_collection(superadmin, "notes", schema, rule).await;
    let tenant = Tenant::create(server, superadmin, "Acme").await;
    let record = tenant.user.post("/api/v1/records/notes", json!({ "title": SECRET })).await.expect(201);
    let group = json!({ "name": "crew", "description": SECRET });
    let group = tenant.admin.post("/api/v1/groups", group).await.expect(201);
    let group = group.str("id").to_owned();
    let member = json!({ "user_id": tenant.user_id });
    tenant.admin.post(&format!("/api/v1/groups/{group}/users"), member).await.expect(201);
    let key = superadmin.post("/api/v1/admin/api-keys", json!({ "name": SECRET })).await.expect(201);
    let smtp = json!({ "category": "email_providers", "provider_name": "smtp", "display_name": SECRET,
        "account_id": tenant.id, "config": { "host": SECRET, "password": SECRET } });
    let configuration = superadmin.post("/api/v1/admin/configuration", smtp).await.expect(200);
    let template = json!({ "template_type": "welcome", "locale": "en", "account_id": tenant.id,
        "subject": SECRET, "html_body": SECRET, "text_body": SECRET });
    let template = superadmin.post("/api/v1/admin/email/templates", template).await.expect(201);
    let invited = json!({ "email": "invited@acme.com", "role_id": 1, "groups": [group] });
    let invitation = tenant.admin.post("/api/v1/invitations", invited).await.expect(201);
    let mails = superadmin.get("/api/v1/admin/email/logs").await.expect(200);
    let sessions = tenant.user.get("/api/v1/auth/sessions").await.expect(200);
    let audited = tenant.admin.get("/api/v1/audit-logs").await.expect(200);
    let file = crate::files::text(&tenant.user, SECRET).await["path"].as_str().unwrap().to_owned();
    let upload = tenant.user.with_header("tus-resumable", "1.0.0").with_header("upload-length", "9");
    let upload = upload.with_header("upload-metadata", "filetype dGV4dC9wbGFpbg==");
    let upload = upload.send(reqwest::Method::POST, "/api/v1/files/tus", None).await.expect(201);
    let upload = upload.headers["location"].to_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let job = NewJob {
        account_id: Some(tenant.id.parse().unwrap()),
        run_at: Some(server.clock().now() + TimeDelta::days(1)),
        ..NewJob::new("scheduled_task", json!({ "task_type": SECRET }).as_object().unwrap().clone())
    };
    let job = server.services().jobs.enqueue(job).await.unwrap().to_string();
    let webhook = json!({ "url": "https://hooks.example.com/in", "collection": "notes", "events": ["create"],
        "headers": { "X-Word": SECRET }, "enabled": false });
    let webhook = tenant.admin.post("/api/v1/webhooks", webhook).await.expect(201);
    let hook = json!({ "name": SECRET, "description": SECRET, "trigger": { "type": "manual" }, "enabled": false,
        "actions": [{ "type": "create_record", "collection": "notes", "data": { "title": SECRET } }] });
    let hook = tenant.admin.post("/api/v1/hooks", hook).await.expect(201);
    let endpoint = json!({ "name": SECRET, "path": "/crew", "method": "GET", "description": SECRET,
        "actions": [{ "type": "transform", "output": SECRET }] });
    let endpoint = tenant.admin.post("/api/v1/endpoints", endpoint).await.expect(201);
    let id = |reply: &Reply| reply.str("id").to_owned();
    Aims {
        file,
        upload,
        job,
        record: id(&record),
        key: id(&key),
        hook: id(&hook),
        webhook: id(&webhook),
        endpoint: id(&endpoint),
        configuration: id(&configuration),
        template: id(&template),
        invitation: id(&invitation),
        mail: mails.body["logs"][0]["id"].as_str().unwrap().to_owned(),
        session: sessions.items()[0]["id"].as_str().unwrap().to_owned(),
        audit_entry: audited.items()[0]["id"].to_string(),
        group,
        collection,
        tenant,
    }
}

impl Aims {
    /// The path aimed at what A has. A parameter that is not known here needs a line here.
    fn path(&self, operation: &Operation) -> String {
        let path = operation.path.as_str();
        let mut folders = path.split('/').skip(3);
        let id = match folders.next() {
            Some("accounts") => &self.tenant.id,
            Some("admin") => match path.trim_start_matches("/api/v1/admin/").split('/').next() {
                Some("api-keys") => &self.key,
                Some("configuration") => &self.configuration,
                Some("email") if path.contains("/logs/") => &self.mail,
                Some("email") => &self.template,
                Some("jobs") => &self.job,
                _ => "{unknown}",
            },
            Some("auth") if path.contains("/sessions/") => &self.session,
            Some("collections") => &self.collection,
            Some("files") => &self.upload,
            Some("groups") => &self.group,
            Some("invitations") => &self.invitation,
            Some("records") => &self.record,
            Some("roles") => "2",
            Some("users") => &self.tenant.user_id,
            _ => "{unknown}",
        };
        let path = path
            .replace("{id}", id)
            .replace("{user_id}", &self.tenant.user_id)
            .replace("{log_id}", &self.audit_entry)
            .replace("{collection}", "notes")
            .replace("{name}", "notes")
            .replace("{macro_id}", "1")
            .replace("{hook_id}", &self.hook)
            .replace("{webhook_id}", &self.webhook)
            .replace("{endpoint_id}", &self.endpoint)
            // Not one of its deliveries: it has none.
            .replace("{delivery_id}", &self.record)
            // The token itself is what entitles; the id of the row is what others may learn.
            .replace("{token}", &self.invitation)
            .replace("{path}", &self.file)
            .replace("{category}/{provider}", "email_providers/smtp");
        assert!(!path.contains('{'), "{} needs a line that aims at something of A's", operation.name());
        path
    }

    /// What to ask for beyond the path: nothing, and what A has.
    fn queries(&self, operation: &Operation) -> Vec<String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in &operation.query_parameters {
            match name.as_str() {
                "account_id" => query.append_pair(name, &self.tenant.id),
                "user_id" => query.append_pair(name, &self.tenant.user_id),
                "record_id" => query.append_pair(name, &self.record),
                "filter" => query.append_pair(name, &format!("account_id = \"{}\"", self.tenant.id)),
                "functions" => query.append_pair(name, "count(),max(title)"),
                "group_by" => query.append_pair(name, "title,account_id"),
                "having" => query.append_pair(name, "count() > 0"),
                "search" if operation.path.starts_with("/api/v1/records/") => query.append_pair(name, SECRET),
                "search" => query.append_pair(name, "acme"),
                "expand" => query.append_pair(name, "parent"),
                "format" => query.append_pair(name, "json"),
                "limit" | "page_size" => query.append_pair(name, "100"),
                _ => continue,
            };
        }
        let query = query.finish();
        if operation.query_parameters.iter().any(|name| name == "functions") {
            // It is refused without.
            return vec![format!("?{query}")];
        }
        if query.is_empty() { vec![query] } else { vec![String::new(), format!("?{query}")] }
    }

    /// A body that would do harm.
    fn body(&self, operation: &Operation) -> Option<Value> {
        operation.body_fields.as_ref()?;
        let resource = operation.path.trim_start_matches("/api/v1/");
        Some(match resource {
            "accounts" | "accounts/{id}" | "roles" | "roles/{id}" => json!({ "name": "taken over" }),
            "admin/api-keys" => json!({ "name": "taken over" }),
            "admin/configuration" => json!({
                "category": "email_providers", "provider_name": "resend", "display_name": "taken over",
                "account_id": self.tenant.id, "config": {},
            }),
            "admin/configuration/test-connection" => {
                json!({ "category": "storage_providers", "provider_name": "local", "config": {} })
            }
            "admin/configuration/{id}" => json!({ "enabled": false }),
            "admin/configuration/{id}/values" => json!({ "host": "thief.example.com" }),
            "admin/email/templates" => json!({
                "template_type": "taken_over", "locale": "en", "account_id": self.tenant.id,
                "subject": "taken over", "html_body": "", "text_body": "",
            }),
            "admin/email/templates/render" => json!({
                "template_type": "welcome", "locale": "en", "account_id": self.tenant.id, "variables": {},
            }),
            "admin/email/templates/{id}" => json!({ "subject": "taken over" }),
            "admin/email/templates/{id}/test" => json!({ "recipient_email": "thief@example.com" }),
            "auth/forgot-password" => json!({ "email": "nobody@acme.com", "account": self.tenant.code }),
            "auth/login" => {
                let email = &self.tenant.user_email;
                json!({ "account": self.tenant.code, "email": email, "password": "Gu3ss!Passw0rd" })
            }
            "auth/logout" => json!({}),
            "auth/register" => json!({
                "email": "thief@example.com", "password": "Gu3ss!Passw0rd", "account_name": "Acme",
                "account_slug": self.tenant.slug,
            }),
            "auth/resend-verification" | "auth/send-verification" => {
                json!({ "email": self.tenant.user_email, "account": self.tenant.code })
            }
            "auth/reset-password" => json!({ "token": self.invitation, "new_password": "Gu3ss!Passw0rd" }),
            "auth/verify-email" => json!({ "token": self.invitation }),
            "auth/refresh" => json!({ "refresh_token": self.tenant.user.token() }),
            "collections" => json!({ "name": "taken_over", "schema": [{ "name": "a", "type": "text" }] }),
            "collections/{id}" => json!({ "schema": [{ "name": "a", "type": "text" }] }),
            "collections/import" => json!({ "data": {
                "exported_at": "x", "exported_by": "x",
                "collections": [{ "name": "taken_over", "schema": [{ "name": "a", "type": "text" }], "rules": {} }],
            } }),
            "collections/{id}/changes" => {
                json!({ "changes": [{ "op": "rename_collection", "to": "taken_over" }] })
            }
            "collections/{name}/rules" => json!({ "list_rule": "" }),
            "collections/{name}/rules/test" => json!({
                "operation": "view", "as": { "user_id": self.tenant.user_id }, "record_id": self.record,
            }),
            "files/{path}/link" => json!({ "expires_in": 300 }),
            "groups" => json!({ "name": "taken over", "account_id": self.tenant.id }),
            "groups/{id}" => json!({ "name": "taken over", "description": "" }),
            "groups/{id}/users" => json!({ "user_id": self.tenant.admin_id }),
            "invitations" => json!({
                "email": "thief@example.com", "account_id": self.tenant.id, "role_id": 1, "groups": [self.group],
            }),
            "invitations/{token}/accept" => json!({ "password": "Gu3ss!Passw0rd" }),
            // A method that there is not: in his own account he may make one.
            "endpoints" => json!({ "name": "taken over", "path": "/crew", "method": "TRACE" }),
            "endpoints/{endpoint_id}" => json!({ "name": "taken over", "enabled": false }),
            "endpoints/{endpoint_id}/toggle" => json!({}),
            // A trigger that there is not: in his own account he may make one.
            "hooks" => json!({ "name": "taken over", "trigger": { "type": "always" } }),
            "hooks/{hook_id}" => json!({ "name": "taken over", "enabled": true }),
            "hooks/{hook_id}/toggle" | "hooks/{hook_id}/trigger" => json!({}),
            "macros" | "macros/{macro_id}" => json!({ "name": "taken_over", "sql_query": "SELECT 1" }),
            "macros/{macro_id}/test" => json!({}),
            "records/{collection}" => json!({ "title": "taken over", "account_id": self.tenant.id }),
            "records/{collection}/batch" => json!({
                "ids": [self.record],
                "records": [{ "id": self.record, "data": { "title": "taken over" } }],
            }),
            "records/{collection}/import" => json!({
                "records": [{ "title": "taken over", "account_id": self.tenant.id, "parent": self.record }],
            }),
            "records/{collection}/{id}" => json!({ "title": "taken over" }),
            "rules/compute" => json!({ "expression": "1", "record": { "account_id": self.tenant.id } }),
            "rules/test" => json!({ "rule": "true", "context": { "account_id": self.tenant.id } }),
            "rules/validate" => {
                json!({ "rule": "true", "operation": "list", "collection_fields": ["title"] })
            }
            "setup" => {
                json!({ "email": "thief@example.com", "password": "Gu3ss!Passw0rd", "token": "guessed" })
            }
            "users" => json!({
                "email": "thief@example.com", "password": "Gu3ss!Passw0rd", "account_id": self.tenant.id, "role_id": 1,
            }),
            "users/{id}" => json!({ "email": "thief@example.com", "role_id": 1, "is_active": false }),
            // An address that nobody may name: in his own account he may make one.
            "webhooks" => json!({ "url": "http://127.0.0.1/", "collection": "notes", "events": ["create"] }),
            "webhooks/{webhook_id}" => json!({ "url": "https://thief.example.com/", "enabled": true }),
            "users/{id}/password" => json!({ "new_password": "Gu3ss!Passw0rd" }),
            _ => panic!("{} needs a line with a body that would do harm", operation.name()),
        })
    }

    /// Fails when a reply holds anything that only A may know.
    fn assert_nothing_shown(&self, name: &str, reply: &Reply) {
        let known = [SECRET, "crew", "Acme", &self.tenant.user_email, "admin@acme.com", &self.tenant.code];
        for text in known {
            assert!(!reply.text.contains(text), "{name} shows {text}: {}", reply.text);
        }
        if reply.status != 200 {
            return; // A refusal may name the id that was asked for.
        }
        let tenant = &self.tenant;
        let ids = [&tenant.id, &tenant.admin_id, &tenant.user_id, &self.group, &self.record, &self.key];
        let more = [
            &self.configuration,
            &self.template,
            &self.invitation,
            &self.mail,
            &self.session,
            &self.job,
            &self.hook,
            &self.webhook,
            &self.endpoint,
        ];
        for id in ids.into_iter().chain(more) {
            assert!(!reply.text.contains(id.as_str()), "{name} shows {id}: {}", reply.text);
        }
    }
}

/// What is no refusal: paths that serve anybody or the caller's own account, and answers that refuse
/// the body.
fn is_harmless(name: &str, reply: &Reply) -> bool {
    let nothing_listed = || match &reply.body {
        Value::Array(groups) => groups.iter().all(|group| group["name"] == "pii_access"),
        page => page["items"] == json!([]) && page["total"] == 0,
    };
    match name {
        "GET /health" | "GET /live" | "GET /ready" | "GET /api/v1" | "GET /api/v1/setup" => {
            reply.status == 200
        }
        // What follows is the caller's own; that nothing else is shown is looked at for all replies.
        "GET /api/v1/auth/me" | "GET /api/v1/auth/sessions" => reply.status == 200,
        "GET /api/v1/audit-logs" | "GET /api/v1/audit-logs/export" => reply.status == 200,
        "DELETE /api/v1/auth/sessions" => reply.status == 204,
        "POST /api/v1/auth/logout" => reply.status == 200,
        "GET /api/v1/files"
        | "GET /api/v1/groups"
        | "GET /api/v1/endpoints"
        | "GET /api/v1/hooks"
        | "GET /api/v1/webhooks"
        | "GET /api/v1/records/{collection}" => reply.status == 200 && nothing_listed(),
        "POST /api/v1/records/{collection}/import" => reply.body["details"][0]["code"] == "invalid_reference",
        "GET /api/v1/records/{collection}/export" => reply.body["records"] == json!([]),
        "GET /api/v1/records/{collection}/aggregate" => {
            reply.body == json!({ "results": [], "total_groups": 0 })
        }
        "POST /api/v1/endpoints" | "POST /api/v1/hooks" | "POST /api/v1/webhooks" => reply.status == 422,
        // It describes what the caller's own account has.
        "GET /api/v1/endpoints/openapi.json" => reply.body["paths"] == json!({}),
        // Without a form, and without its length.
        "POST /api/v1/files/upload" => reply.status == 422,
        "POST /api/v1/files/tus" | "PATCH /api/v1/files/tus/{id}" | "DELETE /api/v1/files/tus/{id}" => {
            reply.status == 412
        }
        "OPTIONS /api/v1/files/tus" => reply.status == 204,
        // Events of the caller's own account, if he may list the collection; no handshake.
        "GET /api/v1/realtime/subscribe" => matches!(reply.status, 200 | 400 | 403),
        "GET /api/v1/realtime/ws" => reply.status == 400,
        // Macros belong to no account.
        "GET /api/v1/macros" => reply.status == 200,
        "GET /api/v1/invitations" => reply.body == json!({ "invitations": [], "total": 0 }),
        "GET /api/v1/auth/verify-reset-token/{token}" => {
            reply.body == json!({ "valid": false, "expires_at": null })
        }
        // Both say the same of those who are there and those who are not.
        "POST /api/v1/auth/forgot-password" => reply.status == 200,
        "POST /api/v1/auth/resend-verification" => matches!(reply.status, 200 | 400),
        "POST /api/v1/auth/login" | "POST /api/v1/auth/refresh" => reply.status == 401,
        "POST /api/v1/auth/register" | "POST /api/v1/setup" => reply.status == 409,
        "POST /api/v1/auth/reset-password"
        | "POST /api/v1/auth/send-verification"
        | "POST /api/v1/auth/verify-email" => reply.status == 400,
        // A field that must not be sent.
        "POST /api/v1/records/{collection}" => reply.status == 422,
        // Records of a batch that would be made in the caller's account have no field `id`.
        "POST /api/v1/records/{collection}/batch" => matches!(reply.status, 400 | 422),
        _ => false,
    }
}

async fn no_path_shows_or_changes_another_accounts_data(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let aims = aims(&server, &superadmin).await;
    let thief = Tenant::create(&server, &superadmin, "Thief").await;
    let before = snapshot(&superadmin).await;
    for who in ["user", "admin", "anonymous"] {
        for operation in operations() {
            let (name, path) = (operation.name(), aims.path(&operation));
            for query in aims.queries(&operation) {
                // Signed in for each, since some of them sign out.
                let anonymous = server.anonymous();
                let caller = match who {
                    "user" => {
                        let user = anonymous.signed_in(&thief.code, &thief.user_email).await;
                        user.with_header("x-account-id", &aims.tenant.code)
                    }
                    "admin" => {
                        let admin = anonymous.signed_in(&thief.code, "admin@thief.com").await;
                        admin.with_header("x-account-id", &aims.tenant.slug)
                    }
                    _ => anonymous.with_header("x-account-id", &aims.tenant.code),
                };
                let reply = caller
                    .send(operation.method.clone(), &format!("{path}{query}"), aims.body(&operation))
                    .await;
                let refused = match who {
                    "anonymous" => matches!(reply.status, 401 | 403 | 404),
                    _ => matches!(reply.status, 403 | 404),
                };
                let said = format!("{who}, {name}{query}: {} {}", reply.status, reply.text);
                assert!(refused || is_harmless(&name, &reply), "{said}");
                aims.assert_nothing_shown(&name, &reply);
            }
        }
    }
    assert_eq!(snapshot(&superadmin).await, before);
    for client in [&aims.tenant.user, &aims.tenant.admin] {
        client.get("/api/v1/auth/me").await.expect(200);
        server.anonymous().refresh(client.refresh_token()).await.expect(200);
    }
}

async fn filters_and_expansions_do_not_reach_other_accounts(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let aims = aims(&server, &superadmin).await;
    let thief = Tenant::create(&server, &superadmin, "Thief").await;
    let own = thief.user.post("/api/v1/records/notes", json!({ "title": "own" })).await.expect(201);
    let (a, record) = (&aims.tenant.id, &aims.record);
    for filter in [
        format!("account_id = \"{a}\""),
        format!("id = \"{record}\""),
        format!("title = \"{SECRET}\" || true"),
        "true || account_id != \"\"".to_owned(),
        "!(1 = 2)) || (1 = 1".to_owned(),
        format!("created_by = \"{}\"", aims.tenant.user_id),
    ] {
        let reply =
            thief.user.get_with("/api/v1/records/notes", &[("filter", &filter), ("expand", "parent")]).await;
        assert!(reply.status == 200 || reply.status == 400, "{filter}: {}", reply.text);
        aims.assert_nothing_shown(&filter, &reply);
        if reply.status == 200 {
            assert!(reply.items().iter().all(|item| item["id"] == own.body["id"]), "{}", reply.text);
        }
    }
    for query in
        [format!("account_id={a}"), format!("id={record}"), format!("created_by={}", aims.tenant.user_id)]
    {
        let reply = thief.user.get(&format!("/api/v1/records/notes?{query}")).await.expect(200);
        assert_eq!(reply.body["total"], 0, "{query}");
    }
    let path = format!("/api/v1/records/notes/{}", own.str("id"));
    for reply in [
        thief.user.post("/api/v1/records/notes", json!({ "parent": record })).await,
        thief.user.patch(&path, json!({ "parent": record })).await,
        thief.user.put(&path, json!({ "parent": record })).await,
    ] {
        assert_eq!(reply.expect(400).body["details"][0]["code"], "invalid_reference");
    }
    for batch in [json!({ "ids": [own.body["id"], record] }), json!({ "ids": [record] })] {
        let reply =
            thief.user.send(reqwest::Method::DELETE, "/api/v1/records/notes/batch", Some(batch)).await;
        assert_eq!(reply.expect(404).body["error"], "not_found");
    }
    assert_eq!(thief.user.get("/api/v1/records/notes").await.expect(200).body["total"], 1);
    aims.tenant.user.get(&format!("/api/v1/records/notes/{record}")).await.expect(200);
}

async fn an_account_header_is_ignored_for_signed_in_callers(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let aims = aims(&server, &superadmin).await;
    let thief = Tenant::create(&server, &superadmin, "Thief").await;
    for named in [&aims.tenant.code, &aims.tenant.slug, &aims.tenant.id] {
        let caller = thief.user.with_header("x-account-id", named);
        assert_eq!(caller.get("/api/v1/records/notes").await.expect(200).body["total"], 0);
        caller.get(&format!("/api/v1/records/notes/{}", aims.record)).await.expect(404);
        let made = caller.post("/api/v1/records/notes", json!({ "title": "mine" })).await.expect(201);
        assert_eq!(made.body["account_id"], thief.id.as_str());
        caller.delete(&format!("/api/v1/records/notes/{}", made.str("id"))).await.expect(204);
    }
}

async fn an_admin_cannot_reach_into_other_accounts_groups(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let aims = aims(&server, &superadmin).await;
    let thief = Tenant::create(&server, &superadmin, "Thief").await;
    let group = thief.admin.post("/api/v1/groups", json!({ "name": "gang" })).await.expect(201);
    let members = format!("/api/v1/groups/{}/users", group.str("id"));
    let foreign = json!({ "user_id": aims.tenant.user_id });
    thief.admin.post(&members, foreign.clone()).await.expect(404);
    superadmin.post(&members, foreign).await.expect(404);
    // Nor may a user of the own account change groups, least of all to see what is masked.
    let groups = thief.user.get("/api/v1/groups").await.expect(200);
    for group in groups.body.as_array().unwrap() {
        let members = format!("/api/v1/groups/{}/users", group["id"].as_str().unwrap());
        thief.user.post(&members, json!({ "user_id": thief.user_id })).await.expect(403);
    }
    thief.user.post("/api/v1/groups", json!({ "name": "mine" })).await.expect(403);
}
