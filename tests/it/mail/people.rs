//! Mails to people: they carry links that work, to the address that the operator has set.

use serde_json::json;

use super::smtp_server::{Received, SmtpServer};
use super::{OPEN, configure, smtp};
use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server};
use crate::tenant::Tenant;

on_each_database!(
    links_lead_to_the_configured_address_and_work,
    a_new_token_takes_back_the_mail_of_the_former,
);

const BASE: &str = "https://app.example.org";
const NEW: &str = "An0ther!Passw0rd";

/// What a mailed link to a page carries.
#[track_caller]
fn token_of(mail: &Received, page: &str) -> String {
    let text = mail.readable();
    let (_, rest) = text.split_once(&format!("{BASE}/{page}?token=")).unwrap_or_else(|| panic!("{text}"));
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

async fn links_lead_to_the_configured_address_and_work(database: Database) {
    let settings = [OPEN, ("EXTERNAL_URL", BASE)];
    let server = Server::start_with(database, &settings);
    let superadmin = server.superadmin().await;
    let mails = SmtpServer::start().await;
    configure(&superadmin, None, "smtp", smtp(mails.port)).await;
    // What a request says of itself decides nothing.
    let anonymous = server
        .anonymous()
        .with_header("x-forwarded-host", "evil.example")
        .with_header("host", "evil.example");

    let form = json!({ "email": "eve@example.com", "password": PASSWORD, "account_name": "Eve Co" });
    anonymous.post("/api/v1/auth/register", form).await.expect(201);
    let received = mails.until_received(1).await;
    assert_eq!(received[0].to, ["eve@example.com"]);
    let token = token_of(&received[0], "verify-email");
    anonymous.post("/api/v1/auth/verify-email", json!({ "token": token })).await.expect(200);

    let forgot = async |email: &str| {
        let body = json!({ "email": email, "account": "eve-co" });
        anonymous.post("/api/v1/auth/forgot-password", body).await.expect(200);
    };
    forgot("nobody@example.com").await;
    forgot("eve@example.com").await;
    let received = mails.until_received(2).await;
    assert_eq!(received[1].to, ["eve@example.com"]);
    let reset = json!({ "token": token_of(&received[1], "reset-password"), "new_password": NEW });
    anonymous.post("/api/v1/auth/reset-password", reset).await.expect(200);
    let session = anonymous.login("eve-co", "eve@example.com", NEW).await.expect(200);
    let eve = server.anonymous().with_token(session.str("token"));

    let invited = eve.post("/api/v1/invitations", json!({ "email": "zoe@example.com" })).await.expect(201);
    assert_eq!(invited.body["email_sent"], true);
    let received = mails.until_received(3).await;
    assert_eq!(received[2].to, ["zoe@example.com"]);
    let token = token_of(&received[2], "accept-invitation");
    assert_eq!(token, invited.str("token"));
    let resend = format!("/api/v1/invitations/{}/resend", invited.str("id"));
    eve.post(&resend, json!({})).await.expect(200);
    let received = mails.until_received(4).await;
    assert_eq!(token_of(&received[3], "accept-invitation"), token);
    let body = json!({ "password": PASSWORD });
    anonymous.post(&format!("/api/v1/invitations/{token}/accept"), body).await.expect(200);
    let verification = eve.post("/api/v1/auth/send-verification", json!({})).await.expect(200);
    assert_eq!(verification.body["message"], "Verification email sent to eve@example.com");
    let received = mails.until_received(5).await;
    for mail in &received {
        assert!(!mail.data.contains("evil.example"), "{}", mail.data);
        assert!(!mail.data.contains("nobody@example.com"));
    }
    // No token is in what superadmins see of mails.
    let logs = superadmin.get("/api/v1/admin/email/logs?page_size=100").await.expect(200);
    for token in server.mailed().made() {
        assert!(!logs.text.contains(&token));
    }
}

async fn a_new_token_takes_back_the_mail_of_the_former(database: Database) {
    let server = Server::start_with(database, &[OPEN, ("EXTERNAL_URL", BASE)]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let form = json!({ "email": "eve@example.com", "password": PASSWORD, "account_name": "Eve Co" });
    let eve = server.anonymous().post("/api/v1/auth/register", form).await.expect(201);
    let outbox = || server.services().storage.read().mail_outbox().next_due();
    assert!(outbox().await.unwrap().is_some(), "there is no provider yet: it waits");
    let mails = SmtpServer::start().await;
    configure(&superadmin, None, "smtp", smtp(mails.port)).await;
    let path = format!("/api/v1/users/{}/resend-verification", eve.body["user"]["id"].as_str().unwrap());
    superadmin.post(&path, json!({})).await.expect(200);
    assert_eq!(outbox().await.unwrap(), None, "the mail with the former token is not sent any more");
    let received = mails.until_received(1).await;
    let token = token_of(&received[0], "verify-email");
    assert_eq!(token, server.mailed().newest());
    server.anonymous().post("/api/v1/auth/verify-email", json!({ "token": token })).await.expect(200);
    // The mails of others are left alone.
    let send = json!({ "send_reset_link": true });
    superadmin.put(&format!("/api/v1/users/{}/password", acme.user_id), send).await.expect(200);
    assert_eq!(mails.until_received(2).await.len(), 2);
}
