//! Settings of providers: kept secret, one default, and tried without being led astray.

use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection, Row as _};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(
    secrets_are_stored_encrypted_and_shown_as_masks,
    replaced_values_keep_what_is_masked,
    of_many_defaults_at_once_one_stays,
    what_is_seeded_follows_the_settings,
    credentials_are_looked_at_before_the_body,
    private_destinations_are_not_connected_to,
    providers_are_asked_with_the_settings,
    mail_servers_are_signed_in_to,
);

const CONFIGURATION: &str = "/api/v1/admin/configuration";
const MASK: &str = "••••••••";

/// Stores settings and tells their id.
async fn add(superadmin: &Client, category: &str, provider: &str, config: Value) -> String {
    let body = json!({ "category": category, "provider_name": provider, "display_name": provider, "config": config });
    superadmin.post(CONFIGURATION, body).await.expect(200).str("id").to_owned()
}

/// All that the database holds of configurations, as text.
async fn stored(database: &Database) -> String {
    if database.url().starts_with("sqlite") {
        let files = std::fs::read_dir(database.folder()).unwrap().map(|file| file.unwrap().path());
        let bytes = files.filter(|path| path.is_file()).flat_map(|path| std::fs::read(path).unwrap());
        return String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned();
    }
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let rows =
        sqlx::query("SELECT config::text FROM configurations").fetch_all(&mut connection).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

async fn secrets_are_stored_encrypted_and_shown_as_masks(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let config = json!({
        "host": "mail.example.org",
        "port": 2525,
        "use_tls": false,
        "password": "hidden-1",
        "access_key_id": "shown-to-superadmins",
        "empty_secret": "",
        "nested": { "deep": [{ "api_token": "hidden-2", "label": "plain" }], "keys": ["hidden-3"] },
    });
    let id = add(&superadmin, "email_providers", "own", config.clone()).await;
    let kept = stored(server.database()).await;
    assert!(kept.contains("mail.example.org") && kept.contains("sb1:"));
    for secret in ["hidden-1", "hidden-2", "hidden-3", "shown-to-superadmins"] {
        assert!(!kept.contains(secret), "{secret} is stored in clear");
    }
    let mut shown = config;
    shown["password"] = json!(MASK);
    shown["nested"]["deep"][0]["api_token"] = json!(MASK);
    shown["nested"]["keys"][0] = json!(MASK);
    let path = format!("{CONFIGURATION}/{id}/values");
    assert_eq!(superadmin.get(&path).await.expect(200).body, shown);
    for path in ["recent?limit=100", "system"] {
        let listed = superadmin.get(&format!("{CONFIGURATION}/{path}")).await.expect(200);
        assert!(listed.text.contains("own") && !listed.text.contains("example.org"), "{}", listed.text);
    }
}

async fn replaced_values_keep_what_is_masked(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    // What is sealed but not masked tells what is stored.
    let config =
        json!({ "a": { "key_id": "one", "key": "1" }, "list": [{ "key_id": "two" }, { "key_id": "three" }] });
    let id = add(&superadmin, "x", "y", config).await;
    let path = format!("{CONFIGURATION}/{id}/values");
    let replaced = async |sent: Value| {
        superadmin.patch(&path, sent).await.expect(200);
        superadmin.get(&path).await.expect(200).body
    };
    let sent =
        json!({ "a": { "key_id": MASK, "key": MASK }, "list": [{ "key_id": MASK }, { "key_id": "new" }] });
    let expected =
        json!({ "a": { "key_id": "one", "key": MASK }, "list": [{ "key_id": "two" }, { "key_id": "new" }] });
    assert_eq!(replaced(sent).await, expected);
    assert_eq!(replaced(json!({ "a": { "key": MASK } })).await, json!({ "a": { "key": MASK } }));
    // A mask of nothing is no secret.
    assert_eq!(replaced(json!({ "b_key": MASK })).await, json!({ "b_key": "" }));
    assert_eq!(replaced(json!({})).await, json!({}));
    superadmin.patch(&path, json!({ "a": "\u{0}" })).await.expect(422);
}

async fn of_many_defaults_at_once_one_stays(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.push(add(&superadmin, "email_providers", &format!("p{n}"), json!({})).await);
    }
    let attempts = (0..18).map(|n| {
        let (superadmin, id) = (superadmin.clone(), ids[n % ids.len()].clone());
        async move { superadmin.post(&format!("{CONFIGURATION}/{id}/set-default"), json!({})).await }
    });
    for reply in join_all(attempts).await {
        assert!(matches!(reply.status, 200 | 409), "{}: {}", reply.status, reply.text);
    }
    let listed =
        superadmin.get(&format!("{CONFIGURATION}/system?category=email_providers")).await.expect(200);
    let defaults = listed.body.as_array().unwrap().iter().filter(|row| row["is_default"] == true).count();
    assert_eq!(defaults, 1, "{}", listed.text);
    server.assert_ready().await;
}

async fn what_is_seeded_follows_the_settings(database: Database) {
    let server = Server::start_with(database, &[("EXTERNAL_URL", "https://api.example.org/")]);
    let superadmin = server.superadmin().await;
    let rows = superadmin.get(&format!("{CONFIGURATION}/system")).await.expect(200).body;
    let row = |name: &str| rows.as_array().unwrap().iter().find(|row| row["provider_name"] == name).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert_eq!(row("local")["is_default"], true);
    assert_eq!(row("email_password")["is_default"], false);
    let path = format!("{CONFIGURATION}/{}/values", row("system")["id"].as_str().unwrap());
    let values = superadmin.get(&path).await.expect(200).body;
    let expected =
        json!({ "app_name": "SnackBase", "app_url": "https://api.example.org", "support_email": "" });
    assert_eq!(values, expected);
}

async fn credentials_are_looked_at_before_the_body(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let calls = [
        (Method::POST, CONFIGURATION.to_owned()),
        (Method::POST, format!("{CONFIGURATION}/test-connection")),
        (Method::PATCH, format!("{CONFIGURATION}/nope")),
        (Method::PATCH, format!("{CONFIGURATION}/nope/values")),
    ];
    for (method, path) in calls {
        for (client, status) in [(&server.anonymous(), 401), (&tenant.admin, 403), (&superadmin, 422)] {
            let broken = client.send_bytes(method.clone(), &path, "application/json", b"{".into()).await;
            broken.expect(status);
        }
    }
}

/// Tries settings; whether it went well, and what was said.
async fn try_out(superadmin: &Client, category: &str, provider: &str, config: Value) -> (bool, String) {
    let body = json!({ "category": category, "provider_name": provider, "config": config });
    let reply = superadmin.post(&format!("{CONFIGURATION}/test-connection"), body).await.expect(200);
    (reply.body["success"] == true, reply.str("message").to_owned())
}

async fn private_destinations_are_not_connected_to(database: Database) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "::ffff:127.0.0.1"] {
        let config = json!({ "host": host, "port": port, "use_tls": false });
        let (success, message) = try_out(&superadmin, "email_providers", "smtp", config).await;
        assert!(!success && message.ends_with("is not a public address"), "{host}: {message}");
    }
    let secrets = json!({ "api_key": "k", "access_key_id": "i", "secret_access_key": "s" });
    for (category, provider, name) in [
        ("email_providers", "resend", "base_url"),
        ("email_providers", "aws_ses", "endpoint_url"),
        ("auth_providers", "google", "discovery_url"),
    ] {
        for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:7f00:1]"] {
            let mut config = secrets.clone();
            config[name] = json!(format!("http://{host}:{port}"));
            let (success, message) = try_out(&superadmin, category, provider, config).await;
            assert!(!success && message.ends_with("is not a public address"), "{provider} {host}: {message}");
        }
    }
    let nobody = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
    assert!(nobody.is_err(), "somebody connected");
}

/// A service that answers every request with a status, and what it was asked.
struct Service {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Service {
    async fn start(status: u16, body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let all = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let all = Arc::clone(&all);
                tokio::spawn(async move {
                    let text = answer(connection, status, body).await;
                    all.lock().unwrap().push(text);
                });
            }
        });
        Self { base, asked }
    }

    /// The last request, as it came.
    fn last(&self) -> String {
        self.asked.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

/// Reads a request with its body and answers it.
async fn answer(mut connection: TcpStream, status: u16, body: &str) -> String {
    let (read, mut write) = connection.split();
    let mut lines = BufReader::new(read);
    let (mut request, mut length) = (String::new(), 0);
    loop {
        let start = request.len();
        lines.read_line(&mut request).await.unwrap();
        let line = request[start..].trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut rest = vec![0; length];
    lines.read_exact(&mut rest).await.unwrap();
    request.push_str(&String::from_utf8(rest).unwrap());
    let reply =
        format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    write.write_all(reply.as_bytes()).await.unwrap();
    request
}

async fn providers_are_asked_with_the_settings(database: Database) {
    let server = Server::start_with(database, &[("ALLOW_PRIVATE_DESTINATIONS", "true")]);
    let superadmin = server.superadmin().await;
    let well = Service::start(200, "{}").await;
    let ill = Service::start(403, r#"{"message":"no such key"}"#).await;
    let try_out = async |category, provider, config| try_out(&superadmin, category, provider, config).await;

    let resend = |base: &str| json!({ "api_key": "re_123", "base_url": base });
    let tried = try_out("email_providers", "resend", resend(&well.base)).await;
    assert_eq!(tried, (true, "Resend connection successful".to_owned()));
    let asked = well.last().to_ascii_lowercase();
    assert!(
        asked.starts_with("get /domains http/1.1\r\n") && asked.contains("authorization: bearer re_123"),
        "{asked}"
    );
    let tried = try_out("email_providers", "resend", resend(&ill.base)).await;
    assert_eq!(tried, (false, "Resend connection failed: status 403: no such key".to_owned()));

    let ses = json!({ "access_key_id": "AKID", "secret_access_key": "hush", "region": "eu-west-1", "endpoint_url": well.base });
    let tried = try_out("email_providers", "aws_ses", ses.clone()).await;
    assert_eq!(tried, (true, "AWS SES connection successful".to_owned()));
    let asked = well.last();
    assert!(
        asked.starts_with("POST / ") && asked.ends_with("Action=GetSendQuota&Version=2010-12-01"),
        "{asked}"
    );
    assert!(asked.contains("Credential=AKID/") && asked.contains("/eu-west-1/ses/aws4_request"), "{asked}");
    assert!(!asked.contains("hush"), "{asked}");
    let mut elsewhere = ses;
    elsewhere["region"] = json!("evil.example/#");
    let tried = try_out("email_providers", "aws_ses", elsewhere).await;
    assert_eq!(tried, (false, "AWS SES test failed: region is not valid".to_owned()));

    let google = |base: &str| json!({ "discovery_url": base, "client_id": "c", "client_secret": "s" });
    let tried = try_out("auth_providers", "google", google(&well.base)).await;
    assert_eq!(tried, (false, "Missing required configuration field: redirect_uri".to_owned()));
    let mut complete = google(&well.base);
    complete["redirect_uri"] = json!("http://x");
    let tried = try_out("auth_providers", "google", complete.clone()).await;
    assert_eq!(tried, (true, "Google connection successful. Discovery endpoint reached.".to_owned()));
    let tried = try_out("auth_providers", "github", complete).await;
    assert_eq!(tried, (true, "GitHub connection successful. API reached.".to_owned()));
    let tried = try_out("auth_providers", "google", google(&ill.base)).await;
    assert_eq!(tried, (false, "Connectivity error to Google: status 403".to_owned()));

    let folder = server.database().folder().join("files");
    let tried = try_out("storage_providers", "local", json!({})).await;
    assert_eq!(tried, (true, format!("Local storage is writable at '{}'.", folder.display())));
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "nothing is left behind");
    let missing =
        superadmin.post(&format!("{CONFIGURATION}/test-connection"), json!({ "category": "x" })).await;
    assert_eq!(missing.expect(200).body, json!({ "success": false, "message": "Missing required fields" }));
}

/// A mail server without TLS that knows one user: `user` with the password `right`.
async fn mail_server() -> u16 {
    // AUTH PLAIN of "\0user\0right".
    const RIGHT: &str = "AUTH PLAIN AHVzZXIAcmlnaHQ=";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (read, mut write) = connection.split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220 ready\r\n").await.unwrap();
                while let Ok(Some(line)) = lines.next_line().await {
                    let reply = match line.split(' ').next().unwrap() {
                        "EHLO" => "250-here\r\n250 AUTH PLAIN\r\n",
                        "AUTH" if line == RIGHT => "235 welcome\r\n",
                        "AUTH" => "535 who are you\r\n",
                        "QUIT" => "221 bye\r\n",
                        _ => "250 ok\r\n",
                    };
                    if write.write_all(reply.as_bytes()).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    port
}

async fn mail_servers_are_signed_in_to(database: Database) {
    let server = Server::start_with(database, &[("ALLOW_PRIVATE_DESTINATIONS", "true")]);
    let superadmin = server.superadmin().await;
    let port = mail_server().await;
    let smtp = async |more: Value| {
        let mut config = json!({ "host": "localhost", "port": port, "use_tls": false });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        try_out(&superadmin, "email_providers", "smtp", config).await
    };
    let well = (true, "SMTP connection successful".to_owned());
    assert_eq!(smtp(json!({ "username": "user", "password": "right" })).await, well);
    assert_eq!(smtp(json!({ "username": "", "password": "" })).await, well, "without a user nobody signs in");
    assert_eq!(smtp(json!({ "port": port.to_string() })).await, well);
    let (success, message) = smtp(json!({ "username": "user", "password": "wr0ng" })).await;
    assert!(!success && message.starts_with("SMTP connection failed: "), "{message}");
    assert!(message.contains("535") && !message.contains("wr0ng"), "{message}");
    let (success, message) = smtp(json!({ "use_tls": true })).await;
    assert!(!success && message.starts_with("SMTP connection failed: "), "TLS is not given up: {message}");
    assert_eq!(smtp(json!({ "host": "" })).await, (false, "SMTP test failed: host is missing".to_owned()));
    let (success, message) = smtp(json!({ "port": 1 })).await;
    assert!(!success && message.starts_with("SMTP connection failed: "), "{message}");
}
