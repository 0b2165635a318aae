//! Passwords, tokens and keys show where they are asked for and nowhere else: neither in the log nor in the
//! audit log, the log of mails, other replies or refusals. And mailed links lead to the configured address.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::mail::smtp_server::SmtpServer;
use crate::mail::{OPEN, configure, smtp};
use crate::on_each_database;
use crate::program::{Program, Serving};
use crate::server::{Database, PASSWORD};

on_each_database!(secrets_show_nowhere_but_where_they_are_asked_for);

const APP_URL: &str = "https://app.example.com";
const MAIL_PASSWORD: &str = "s3cret-of-the-mail-server";
const STORAGE_SECRET: &str = "s3cret-of-the-object-store";

/// What the test knows of a run.
struct Observer {
    smtp: SmtpServer,
    superadmin: Client,
    /// Somebody without credentials who lies about the name of the server.
    anonymous: Client,
    secrets: Vec<(&'static str, String)>,
    /// Texts in which none of the secrets may be.
    said: Vec<(String, String)>,
}

impl Observer {
    async fn start(serving: &Serving) -> Self {
        let smtp_server = SmtpServer::start().await;
        let superadmin = serving.superadmin().await;
        let mut config = smtp(smtp_server.port);
        (config["username"], config["password"]) = (json!("mailer"), json!(MAIL_PASSWORD));
        configure(&superadmin, None, "smtp", config).await;
        let anonymous = Client::new(serving.base())
            .with_header("host", "evil.example.net")
            .with_header("x-forwarded-host", "evil.example.net")
            .with_header("x-forwarded-proto", "ftp")
            .with_header("forwarded", "host=evil.example.net;proto=ftp");
        let secrets = vec![
            ("password of all", PASSWORD.to_owned()),
            ("password of the mail server", MAIL_PASSWORD.to_owned()),
            ("secret of the object store", STORAGE_SECRET.to_owned()),
            ("token of the superadmin", superadmin.token().to_owned()),
            ("refresh token of the superadmin", superadmin.refresh_token().to_owned()),
        ];
        Self { smtp: smtp_server, superadmin, anonymous, secrets, said: Vec::new() }
    }

    fn keep(&mut self, what: &'static str, secret: &str) -> String {
        assert!(secret.len() >= 12, "{what}: {secret} would be found by chance");
        self.secrets.push((what, secret.to_owned()));
        secret.to_owned()
    }

    /// A sign-in's tokens.
    fn keep_session(&mut self, what: &'static str, session: &Reply) -> Client {
        self.keep(what, session.str("refresh_token"));
        let token = self.keep(what, session.str("token"));
        self.anonymous.with_token(&token)
    }

    /// The token of the n-th mail, whose links lead to the configured address.
    async fn mailed(&mut self, n: usize, what: &'static str) -> String {
        let mail = self.smtp.until_received(n).await[n - 1].readable();
        assert!(!mail.contains("evil.example.net") && !mail.contains("ftp:"), "{mail}");
        let (link, after) = mail.split_once("?token=").unwrap();
        let start = link.rfind(APP_URL).unwrap_or_else(|| panic!("no link to {APP_URL}: {mail}"));
        assert!(!link[start..].contains(char::is_whitespace), "the link with the token: {mail}");
        let is_token = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let token: String = after.chars().take_while(|c| is_token(*c)).collect();
        self.keep(what, &token)
    }

    fn hear(&mut self, what: &str, reply: Reply) {
        self.said.push((what.to_owned(), format!("{:?} {}", reply.headers, reply.text)));
    }

    /// Hears what the server says to that request, which it must not grant.
    async fn refused(&mut self, caller: &Client, method: Method, path: &str, body: Value) {
        let reply = caller.send(method, path, Some(body)).await;
        assert!((400..500).contains(&reply.status), "{path}: {} {}", reply.status, reply.text);
        self.hear(path, reply);
    }

    fn assert_secret(&self) {
        for (place, text) in &self.said {
            for (what, secret) in &self.secrets {
                if let Some(found) = text.find(secret.as_str()) {
                    let around = &text[text.floor_char_boundary(found.saturating_sub(200))..found];
                    panic!("{place} shows the {what} {secret} after: {around}");
                }
            }
        }
    }
}

async fn secrets_show_nowhere_but_where_they_are_asked_for(database: Database) {
    let Some(program) = Program::find("secrecy") else { return };
    let log = [("LOG_LEVEL", "DEBUG"), ("DB_ECHO", "true")];
    let settings = [OPEN, ("DATABASE_URL", database.url()), ("EXTERNAL_URL", APP_URL)];
    let keys = [
        ("SECRET_KEY", "the key of this run that signs tokens"),
        ("TOKEN_SECRET", "the key of this run that signs keys"),
        ("ENCRYPTION_KEY", "the key of this run that encrypts"),
    ];
    let serving = program.serve_with(&[&log[..], &settings, &keys].concat()).await;
    let mut observer = Observer::start(&serving).await;
    for (_, key) in keys {
        observer.keep("key of the server", key);
    }
    people_come_and_go(&mut observer).await;
    keys_are_made_and_revoked(&mut observer).await;
    a_webhook_is_made_and_tried(&mut observer).await;
    look_around(&mut observer).await;
    let log = program.log();
    for logged in
        ["Request completed", "verify-reset-token/***", "invitations/***/accept", "UPDATE", "INSERT"]
    {
        assert!(log.contains(logged), "this is the log in full: {logged}");
    }
    observer.said.push(("the log".to_owned(), log));
    observer.assert_secret();
}

/// Registration, verification, refreshing, a forgotten password and an invitation.
async fn people_come_and_go(o: &mut Observer) {
    let anonymous = o.anonymous.clone();
    let chosen = o.keep("password of Eve", "Ev3s-Own!Password");
    let form = json!({ "email": "eve@example.com", "password": chosen, "account_name": "Eve Co" });
    let registered = anonymous.post("/api/v1/auth/register", form.clone()).await.expect(201);
    o.hear("registration", registered);
    let verification = o.mailed(1, "token of the verification").await;
    o.refused(&anonymous, Method::POST, "/api/v1/auth/register", form).await;
    let verify = json!({ "token": verification });
    let verified = anonymous.post("/api/v1/auth/verify-email", verify.clone()).await.expect(200);
    o.hear("verification", verified);
    o.refused(&anonymous, Method::POST, "/api/v1/auth/verify-email", verify).await;

    let guess = o.keep("wrong password", "Almost-Ev3s!Password");
    let login = json!({ "account": "eve-co", "email": "eve@example.com", "password": guess });
    o.refused(&anonymous, Method::POST, "/api/v1/auth/login", login).await;
    let malformed = format!("{{\"password\":\"{chosen}\",").into_bytes();
    let reply = anonymous.send_bytes(Method::POST, "/api/v1/auth/login", "application/json", malformed).await;
    o.hear("malformed body", reply.expect(422));
    for body in [json!({ "password": chosen }), json!({ "email": "x", "password": [chosen], "account": 1 })] {
        o.refused(&anonymous, Method::POST, "/api/v1/auth/login", body).await;
    }
    let session = anonymous.login("eve-co", "eve@example.com", &chosen).await.expect(200);
    let eve = o.keep_session("token of the sign-in", &session);
    let renewed = anonymous.refresh(session.str("refresh_token")).await.expect(200);
    o.keep_session("token of the refresh", &renewed);
    let used = json!({ "refresh_token": session.str("refresh_token") });
    o.refused(&anonymous, Method::POST, "/api/v1/auth/refresh", used).await;
    let forged = o.keep("forged token", &format!("{}forged", session.str("token")));
    o.refused(&anonymous.with_token(&forged), Method::GET, "/api/v1/auth/me", json!({})).await;
    o.hear("sessions", eve.get("/api/v1/auth/sessions").await.expect(200));

    let invited = json!({ "email": "zoe@example.com" });
    let invitation = eve.post("/api/v1/invitations", invited).await.expect(201);
    let token = o.mailed(2, "token of the invitation").await;
    assert_eq!(invitation.str("token"), token);
    let path = format!("/api/v1/invitations/{token}");
    o.hear("invitation", anonymous.get(&path).await.expect(200));
    let password = o.keep("password of Zoe", "Z0es-Own!Password");
    let accept = format!("{path}/accept");
    let accepted = anonymous.post(&accept, json!({ "password": password })).await.expect(200);
    o.keep_session("token of the newcomer", &accepted);
    o.refused(&anonymous, Method::POST, &accept, json!({ "password": password })).await;

    let forgot = json!({ "email": "eve@example.com", "account": "eve-co" });
    o.hear("forgotten", anonymous.post("/api/v1/auth/forgot-password", forgot).await.expect(200));
    let token = o.mailed(3, "token of the reset").await;
    let look = format!("/api/v1/auth/verify-reset-token/{token}");
    let looked = anonymous.get(&look).await.expect(200);
    assert_eq!(looked.body["valid"], true);
    o.hear("look at the reset", looked);
    let other = o.keep("other password of Eve", "Ev3s-0ther!Password");
    let reset = json!({ "token": token, "new_password": other });
    let weak = json!({ "token": token, "new_password": o.keep("weak password", "weakweakweak") });
    o.refused(&anonymous, Method::POST, "/api/v1/auth/reset-password", weak).await;
    o.hear("reset", anonymous.post("/api/v1/auth/reset-password", reset.clone()).await.expect(200));
    o.refused(&anonymous, Method::POST, "/api/v1/auth/reset-password", reset).await;
    o.refused(&eve, Method::GET, "/api/v1/auth/me", json!({})).await;
    anonymous.login("eve-co", "eve@example.com", &other).await.expect(200);

    let root = o.superadmin.clone();
    let users = root.get("/api/v1/users?search=eve@").await.expect(200);
    let path = format!("/api/v1/users/{}/password", users.items()[0]["id"].as_str().unwrap());
    let set = o.keep("password that was set", "S3t-By-Others!Password");
    o.hear("set password", root.put(&path, json!({ "new_password": set })).await.expect(200));
    let account = users.items()[0]["account_id"].clone();
    let made = json!({ "email": "yan@example.com", "password": set, "account_id": account, "role_id": 2 });
    o.hear("user", root.post("/api/v1/users", made.clone()).await.expect(201));
    o.refused(&root, Method::POST, "/api/v1/users", made).await;
}

/// Keys of both kinds, used, misused and revoked, and settings with secrets.
async fn keys_are_made_and_revoked(o: &mut Observer) {
    let (root, anonymous) = (o.superadmin.clone(), o.anonymous.clone());
    for format in ["sb_ak", "sb_sk"] {
        let body = json!({ "name": "for tests", "format": format });
        let made = root.post("/api/v1/admin/api-keys", body).await.expect(201);
        let key = o.keep("API key", made.str("key"));
        let cut = o.keep("wrong API key", &key[..key.len() - 2]);
        anonymous.with_header("x-api-key", &key).get("/api/v1/accounts").await.expect(200);
        let path = format!("/api/v1/admin/api-keys/{}", made.str("id"));
        o.hear("API key", root.get(&path).await.expect(200));
        root.delete(&path).await.expect(204);
        for key in [key, cut] {
            let header = anonymous.with_header("x-api-key", &key);
            o.refused(&header, Method::GET, "/api/v1/accounts", json!({})).await;
            o.refused(&anonymous.with_token(&key), Method::GET, "/api/v1/accounts", json!({})).await;
        }
    }
    let config = json!({ "bucket": "b", "access_key_id": "id", "secret_access_key": STORAGE_SECRET,
        "region": "eu-central-1", "nested": [{ "api_token": STORAGE_SECRET }] });
    let body = json!({ "category": "storage_providers", "provider_name": "s3", "display_name": "S3",
        "config": config });
    let made = root.post("/api/v1/admin/configuration", body.clone()).await.expect(200);
    o.refused(&root, Method::POST, "/api/v1/admin/configuration", body).await;
    let values = format!("/api/v1/admin/configuration/{}/values", made.str("id"));
    o.hear("settings", root.get(&values).await.expect(200));
    root.patch(&values, json!({ "secret_access_key": STORAGE_SECRET, "bucket": "c" })).await.expect(200);
    let closed = json!({ "host": "127.0.0.1", "port": 1, "username": "u", "password": MAIL_PASSWORD,
        "from_email": "a@example.com" });
    let test = json!({ "category": "email_providers", "provider_name": "smtp", "config": closed });
    let path = "/api/v1/admin/configuration/test-connection";
    o.hear("test of a connection", root.post(path, test).await.expect(200));
}

/// A webhook, tried where nobody is and given another secret.
async fn a_webhook_is_made_and_tried(o: &mut Observer) {
    let root = o.superadmin.clone();
    let chosen = o.keep("secret of a webhook", "s3cret-of-a-webhook");
    let body =
        json!({ "url": "http://127.0.0.1:1/", "collection": "c", "events": ["create"], "secret": chosen });
    let made = root.post("/api/v1/webhooks", body).await.expect(201);
    let path = format!("/api/v1/webhooks/{}", made.str("id"));
    let test = format!("{path}/test");
    o.hear("test of a webhook", root.post(&test, json!({})).await.expect(200));
    let rotated = root.post(&format!("{path}/rotate-secret"), json!({})).await.expect(200);
    o.keep("other secret of a webhook", rotated.str("secret"));
    o.hear("test of a webhook", root.post(&test, json!({})).await.expect(200));
    o.hear("change of a webhook", root.put(&path, json!({ "secret": chosen })).await.expect(200));
    o.hear("webhook", root.get(&path).await.expect(200));
    o.hear("webhooks", root.get("/api/v1/webhooks").await.expect(200));
    let wrong = json!({ "url": "x", "secret": chosen });
    o.refused(&root, Method::POST, "/api/v1/webhooks", wrong).await;
}

/// All that a superadmin can read.
async fn look_around(o: &mut Observer) {
    for path in [
        "/api/v1/audit-logs?limit=500",
        "/api/v1/audit-logs/export",
        "/api/v1/audit-logs/export?format=json",
        "/api/v1/admin/email/logs?page_size=100",
        "/api/v1/admin/configuration/recent?limit=100",
        "/api/v1/admin/configuration/system",
        "/api/v1/admin/api-keys",
        "/api/v1/users?limit=100",
        "/api/v1/groups",
        "/api/v1/dashboard/stats",
        "/api/v1/dashboard/series",
        "/api/v1/admin/health",
    ] {
        let reply = o.superadmin.get(path).await.expect(200);
        o.hear(path, reply);
    }
    let (_, audit) = o.said.iter().find(|(path, _)| path.ends_with("format=json")).unwrap();
    for audited in ["api_keys", "invitations", "users", "configurations", "webhooks", "eve@example.com"] {
        assert!(audit.contains(audited), "{audited} are in the audit log");
    }
    let (_, mails) = o.said.iter().find(|(path, _)| path.contains("email/logs")).unwrap();
    assert_eq!(mails.matches("?token=***").count(), 3, "{mails}");
}
