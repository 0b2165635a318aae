//! TLS with mail servers. The program trusts the certificates of `SSL_CERT_FILE`.

use serde_json::json;

use super::smtp_server::{Authority, Security, SmtpServer};
use super::{OPEN, configure, logs, send_test, smtp};
use crate::program::Program;

#[tokio::test]
async fn connections_become_tls_and_certificates_are_checked() {
    let Some(program) = Program::find("mail: TLS") else { return };
    let (known, unknown) = (Authority::new(), Authority::new());
    let trusted = program.folder().join("authorities.pem");
    std::fs::write(&trusted, &known.pem).unwrap();
    let serving = program.serve_trusting(&trusted, &[OPEN]).await;
    let superadmin = serving.superadmin().await;
    configure(&superadmin, None, "smtp", smtp(1)).await;
    let found = superadmin.get("/api/v1/admin/configuration/system?category=email_providers").await;
    let id = found.body[0]["id"].as_str().unwrap().to_owned();
    let table = [
        // Security and authority of the server, host, what the settings want, and what comes of it.
        (Security::StartTls, &known, "localhost", json!({ "use_tls": true }), None),
        (Security::Tls, &known, "localhost", json!({ "use_ssl": true, "use_tls": false }), None),
        (Security::StartTls, &unknown, "localhost", json!({ "use_tls": true }), Some("certificate")),
        (Security::Tls, &unknown, "localhost", json!({ "use_ssl": true }), Some("certificate")),
        // The certificate is that of localhost.
        (Security::StartTls, &known, "127.0.0.1", json!({ "use_tls": true }), Some("certificate")),
        // Nobody takes the server's word that there is no TLS.
        (Security::None, &known, "localhost", json!({ "use_tls": true }), Some("STARTTLS")),
    ];
    for (n, (security, authority, host, wanted, fault)) in table.into_iter().enumerate() {
        let smtp_server = SmtpServer::start_with(security, Some(authority), "PLAIN").await;
        let mut config = smtp(smtp_server.port);
        (config["host"], config["username"], config["password"]) = (host.into(), "u".into(), "p".into());
        for (name, value) in wanted.as_object().unwrap() {
            config[name] = value.clone();
        }
        let values = format!("/api/v1/admin/configuration/{id}/values");
        superadmin.patch(&values, config).await.expect(200);
        let reply = send_test(&superadmin, "ann@example.org").await;
        let received = smtp_server.received();
        let error = logs(&superadmin).await[0]["error_message"].as_str().map(str::to_lowercase);
        match fault {
            None => {
                assert_eq!(reply.status, 200, "case {n}: {error:?}");
                assert!(received[0].secured && received[0].login.is_some(), "case {n}");
            }
            Some(fault) => {
                assert_eq!(reply.status, 500, "case {n}");
                let error = error.unwrap();
                assert!(error.contains(&fault.to_lowercase()), "case {n}: {error}");
                assert_eq!(received.len(), 0, "case {n}");
            }
        }
    }
}
