//! Providers: what they are asked, and by whom it is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::http_provider::{Asked, HttpProvider};
use super::smtp_server::{Security, SmtpServer};
use super::{OPEN, configure, logs, send_test, smtp};
use crate::server::{Database, Server};

#[tokio::test]
async fn resend_gets_the_mail_with_its_key() {
    let server = Server::start_with(Database::sqlite(), &[OPEN]);
    let superadmin = server.superadmin().await;
    let provider = HttpProvider::start(200, r#"{"id":"1"}"#).await;
    let config = json!({
        "api_key": "re_secret", "from_email": "from@example.com", "from_name": "Sender, Inc.",
        "reply_to": "answers@example.com", "base_url": provider.base(),
    });
    configure(&superadmin, None, "resend", config).await;
    send_test(&superadmin, "ann@example.org").await.expect(200);
    let asked = provider.asked().remove(0);
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/emails"));
    assert_eq!(asked.headers["authorization"], "Bearer re_secret");
    assert_eq!(asked.headers["idempotency-key"].len(), 36);
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(body["from"], "\"Sender, Inc.\" <from@example.com>");
    assert_eq!(
        (&body["to"], &body["reply_to"]),
        (&json!(["ann@example.org"]), &json!("answers@example.com"))
    );
    assert_eq!(body["subject"], "You've been invited to join Acme");
    assert!(
        body["html"].as_str().unwrap().contains("<h1") && body["text"].as_str().unwrap().contains("Acme")
    );
    assert_eq!(logs(&superadmin).await[0]["provider"], "resend");
}

#[tokio::test]
async fn what_a_provider_says_is_told_without_its_key() {
    let server = Server::start_with(Database::sqlite(), &[OPEN]);
    let superadmin = server.superadmin().await;
    let provider = HttpProvider::start(403, r#"{"message":"The domain is not verified"}"#).await;
    let config =
        json!({ "api_key": "re_secret", "from_email": "from@example.com", "base_url": provider.base() });
    configure(&superadmin, None, "resend", config).await;
    send_test(&superadmin, "ann@example.org").await.expect(500);
    let row = logs(&superadmin).await.remove(0);
    assert_eq!(row["error_message"], "status 403: The domain is not verified");
    assert!(!row.to_string().contains("re_secret"));
}

#[tokio::test]
async fn ses_gets_the_whole_message_signed() {
    let server = Server::start_with(Database::sqlite(), &[OPEN]);
    let superadmin = server.superadmin().await;
    let provider = HttpProvider::start(200, r#"{"MessageId":"1"}"#).await;
    let config = json!({
        "region": "eu-central-1", "access_key_id": "AKID", "secret_access_key": "s3cret",
        "from_email": "from@example.com", "endpoint_url": provider.base(),
    });
    configure(&superadmin, None, "aws_ses", config).await;
    send_test(&superadmin, "ann@example.org").await.expect(200);
    let asked = provider.asked().remove(0);
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/v2/email/outbound-emails"));
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(body["FromEmailAddress"], "from@example.com");
    assert_eq!(body["Destination"]["ToAddresses"], json!(["ann@example.org"]));
    let raw = STANDARD.decode(body["Content"]["Raw"]["Data"].as_str().unwrap()).unwrap();
    let raw = String::from_utf8(raw).unwrap();
    assert!(raw.contains("To: ann@example.org\r\n") && raw.contains("multipart/alternative"), "{raw}");
    assert_eq!(asked.headers["authorization"], signature(&asked, "eu-central-1", "AKID", "s3cret"));
    assert_eq!(logs(&superadmin).await[0]["provider"], "aws_ses");
}

/// The header that such a request must have (Signature Version 4), worked out anew.
fn signature(asked: &Asked, region: &str, id: &str, secret: &str) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mac = |key: &[u8], text: &str| {
        let mac = Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text);
        mac.finalize().into_bytes().to_vec()
    };
    let date = &asked.headers["x-amz-date"];
    let names = "content-type;host;x-amz-date";
    let headers: String = names.split(';').map(|name| format!("{name}:{}\n", asked.headers[name])).collect();
    let body = hex(&Sha256::digest(&asked.body));
    let request = format!("{}\n{}\n\n{headers}\n{names}\n{body}", asked.method, asked.path);
    let scope = format!("{}/{region}/ses/aws4_request", &date[..8]);
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(request)));
    let key = [&date[..8], region, "ses", "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| mac(&key, part));
    format!(
        "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={}",
        hex(&mac(&key, &text))
    )
}

#[tokio::test]
async fn smtp_signs_in_by_what_the_server_knows() {
    let server = Server::start_with(Database::sqlite(), &[OPEN]);
    let superadmin = server.superadmin().await;
    for (n, mechanism) in ["PLAIN", "LOGIN"].into_iter().enumerate() {
        let smtp_server = SmtpServer::start_with(Security::None, None, mechanism).await;
        let mut config = smtp(smtp_server.port);
        (config["username"], config["password"]) = ("ann".into(), "pass word".into());
        match n {
            0 => configure(&superadmin, None, "smtp", config).await,
            _ => {
                let path = "/api/v1/admin/configuration";
                let found = superadmin.get(&format!("{path}/system?category=email_providers")).await;
                let id = found.body[0]["id"].as_str().unwrap();
                superadmin.patch(&format!("{path}/{id}/values"), config).await.expect(200);
            }
        }
        send_test(&superadmin, "ann@example.org").await.expect(200);
        let login = Some((mechanism.to_owned(), "ann".to_owned(), "pass word".to_owned()));
        assert_eq!(smtp_server.received()[0].login, login);
    }
}

#[tokio::test]
async fn servers_on_this_machine_are_out_of_reach_unless_allowed() {
    let server = Server::start(Database::sqlite());
    let superadmin = server.superadmin().await;
    let (smtp_server, provider) = (SmtpServer::start().await, HttpProvider::start(200, "{}").await);
    let shared = json!({
        "from_email": "from@example.com", "api_key": "k", "access_key_id": "k", "secret_access_key": "k",
        "base_url": provider.base(), "endpoint_url": provider.base(),
        "host": "localhost", "port": smtp_server.port, "use_tls": false,
    });
    for name in ["smtp", "resend", "aws_ses"] {
        configure(&superadmin, None, name, shared.clone()).await;
        send_test(&superadmin, "ann@example.org").await.expect(500);
        let row = logs(&superadmin).await.remove(0);
        let error = row["error_message"].as_str().unwrap();
        assert!(error.contains("is not a public address"), "{name}: {error}");
    }
    assert_eq!((smtp_server.received().len(), provider.asked().len()), (0, 0));
}

#[tokio::test]
async fn without_a_provider_mail_can_go_to_files() {
    let database = Database::sqlite();
    let folder = database.folder().join("mail");
    let server = Server::start_with(database, &[("MAIL_TRANSPORT", "file")]);
    let superadmin = server.superadmin().await;
    send_test(&superadmin, "ann@example.org").await.expect(200);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].extension().unwrap(), "eml");
    let text = std::fs::read_to_string(&files[0]).unwrap();
    assert!(text.contains("To: ann@example.org\r\n") && text.contains("Acme"), "{text}");
    assert_eq!(logs(&superadmin).await[0]["provider"], "file");
}
