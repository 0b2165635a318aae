//! /auth/verify-email and what leads to it.

use futures_util::future::join_all;
use reqwest::redirect;
use serde_json::json;
use std::time::Duration;

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server};
use crate::tenant::{Tenant, add_user};

on_each_database!(
    who_registers_verifies_by_the_mailed_token_once,
    a_token_is_good_for_an_hour_for_one_purpose_and_until_the_next,
    a_token_dies_when_the_address_changes_or_the_user_is_deactivated,
    of_many_that_use_a_token_at_once_one_wins,
    asking_without_signing_in_tells_nothing_and_mails_once_a_minute,
    nobody_has_others_addresses_verified,
    pages_of_mailed_links_lead_on_and_use_nothing_up,
    whoever_guesses_tokens_has_to_wait,
);

const VERIFY: &str = "/api/v1/auth/verify-email";
const RESEND: &str = "/api/v1/auth/resend-verification";
const REFUSED: &str = "Invalid or expired verification token";

async fn verify(client: &Client, token: &str) -> Reply {
    client.post(VERIFY, json!({ "token": token })).await
}

fn assert_refused(reply: Reply) {
    assert_eq!(reply.expect(400).body, json!({ "detail": REFUSED }));
}

/// An account, and a user of it who has not verified the address.
async fn stage(database: Database) -> (Server, Client, Tenant, String) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let new = json!({ "email": "new@acme.com", "password": PASSWORD, "account_id": acme.id, "role": "user" });
    let id = superadmin.post("/api/v1/users", new).await.expect(201).str("id").to_owned();
    (server, superadmin, acme, id)
}

/// Has a superadmin send the mail, which fails without a provider; the token holds all the same.
async fn send(server: &Server, superadmin: &Client, user: &str) -> String {
    let path = format!("/api/v1/users/{user}/resend-verification");
    let failed = superadmin.post(&path, json!({})).await.expect(500);
    assert_eq!(failed.body, json!({ "detail": "Failed to send verification email" }));
    server.mailed().newest()
}

async fn who_registers_verifies_by_the_mailed_token_once(database: Database) {
    let server = Server::start(database);
    let anonymous = server.anonymous();
    let form = json!({ "email": "Eve@example.com", "password": PASSWORD, "account_name": "Eve Co" });
    let made = anonymous.post("/api/v1/auth/register", form).await.expect(201);
    let token = server.mailed().newest();
    assert_eq!(token.len(), 43);
    assert!(!made.text.contains(&token));
    anonymous.login("eve-co", "eve@example.com", PASSWORD).await.expect(401);
    for other in ["", "x", &token[1..], &format!("{token}="), &token.to_uppercase()] {
        assert_refused(verify(&anonymous, other).await);
    }
    let verified = verify(&anonymous, &token).await.expect(200);
    let user = json!({ "id": made.body["user"]["id"], "email": "Eve@example.com", "email_verified": true });
    assert_eq!(verified.body, json!({ "message": "Email verified successfully", "user": user }));
    anonymous.login("eve-co", "eve@example.com", PASSWORD).await.expect(200);
    assert_refused(verify(&anonymous, &token).await);
}

async fn a_token_is_good_for_an_hour_for_one_purpose_and_until_the_next(database: Database) {
    let (server, superadmin, _acme, id) = stage(database).await;
    let anonymous = server.anonymous();
    let first = send(&server, &superadmin, &id).await;
    let second = send(&server, &superadmin, &id).await;
    assert_refused(verify(&anonymous, &first).await);
    let reset = json!({ "token": second, "new_password": "An0ther!Passw0rd" });
    anonymous.post("/api/v1/auth/reset-password", reset).await.expect(400);
    let look = anonymous.get(&format!("/api/v1/auth/verify-reset-token/{second}")).await.expect(200);
    assert_eq!(look.body, json!({ "valid": false, "expires_at": null }));
    server.clock().pass(Duration::from_secs(3601));
    assert_refused(verify(&anonymous, &second).await);
    let superadmin = server.superadmin().await;
    let third = send(&server, &superadmin, &id).await;
    server.clock().pass(Duration::from_secs(3590));
    verify(&anonymous, &third).await.expect(200);
    let path = format!("/api/v1/users/{id}/resend-verification");
    let superadmin = server.superadmin().await;
    let done = superadmin.post(&path, json!({})).await.expect(400);
    assert_eq!(done.body, json!({ "detail": "User email is already verified" }));
}

async fn a_token_dies_when_the_address_changes_or_the_user_is_deactivated(database: Database) {
    let (server, superadmin, _acme, id) = stage(database).await;
    let anonymous = server.anonymous();
    let user = format!("/api/v1/users/{id}");
    let token = send(&server, &superadmin, &id).await;
    superadmin.patch(&user, json!({ "email": "newer@acme.com" })).await.expect(200);
    assert_refused(verify(&anonymous, &token).await);
    superadmin.patch(&user, json!({ "email": "new@acme.com" })).await.expect(200);
    assert_refused(verify(&anonymous, &token).await);
    for end in ["patch", "delete"] {
        let token = send(&server, &superadmin, &id).await;
        match end {
            "patch" => superadmin.patch(&user, json!({ "is_active": false })).await.expect(200),
            _ => superadmin.delete(&user).await.expect(204),
        };
        assert_refused(verify(&anonymous, &token).await);
        superadmin.patch(&user, json!({ "is_active": true })).await.expect(200);
        assert_refused(verify(&anonymous, &token).await);
    }
    assert_eq!(superadmin.get(&user).await.expect(200).body["email_verified"], false);
}

async fn of_many_that_use_a_token_at_once_one_wins(database: Database) {
    let (server, superadmin, _acme, id) = stage(database).await;
    let token = send(&server, &superadmin, &id).await;
    let anonymous = server.anonymous();
    let replies = join_all((0..30).map(|_| verify(&anonymous, &token))).await;
    let (won, lost): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
    assert_eq!(won.len(), 1);
    lost.into_iter().for_each(assert_refused);
}

async fn asking_without_signing_in_tells_nothing_and_mails_once_a_minute(database: Database) {
    let (server, superadmin, acme, id) = stage(database).await;
    let anonymous = server.anonymous();
    let sleeper = add_user(&superadmin, &acme.id, "sleeper@acme.com", "user").await;
    superadmin.delete(&format!("/api/v1/users/{sleeper}")).await.expect(204);
    let ask = async |email: &str, account: &str| {
        let reply = anonymous.post(RESEND, json!({ "email": email, "account": account })).await.expect(200);
        assert_eq!(reply.text, r#"{"message":"Verification email resent successfully"}"#);
    };
    // Nobody, verified already, deactivated, in another account.
    for (email, account) in [
        ("nobody@acme.com", acme.code.as_str()),
        (&acme.user_email, &acme.slug),
        ("sleeper@acme.com", &acme.code),
        ("new@acme.com", "SY0000"),
        ("new@acme.com", "nosuch"),
    ] {
        ask(email, account).await;
    }
    ask("NEW@acme.com", &acme.slug.to_uppercase()).await;
    let first = server.mailed().nth(1).await;
    // Within the minute a token is made, but neither kept nor mailed.
    ask("new@acme.com", &acme.code).await;
    let within = server.mailed().nth(2).await;
    server.clock().pass(Duration::from_secs(61));
    ask("new@acme.com", &acme.code).await;
    let third = server.mailed().nth(3).await;
    assert_eq!(server.mailed().made().len(), 3, "the first five asked in vain");
    assert_refused(verify(&anonymous, &within).await);
    let mut verified = false;
    for _ in 0..500 {
        // It is stored behind the reply.
        verified = verify(&anonymous, &third).await.status == 200;
        if verified {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(verified, "the token made after a minute holds");
    assert_refused(verify(&anonymous, &first).await);
    assert_eq!(superadmin.get(&format!("/api/v1/users/{id}")).await.expect(200).body["email_verified"], true);
    // Without an account or an address there is nothing to ask for.
    anonymous.post(RESEND, json!({ "email": "new@acme.com" })).await.expect(400);
    anonymous.post(RESEND, json!({})).await.expect(401);
    anonymous.with_token("garbage").post(RESEND, json!({ "email": "new@acme.com" })).await.expect(401);
}

async fn nobody_has_others_addresses_verified(database: Database) {
    let (server, _superadmin, acme, _id) = stage(database).await;
    for path in ["/api/v1/auth/send-verification", RESEND] {
        let refused = acme.user.post(path, json!({ "email": "new@acme.com" })).await.expect(400);
        assert_eq!(refused.body, json!({ "detail": "Email does not match the authenticated user" }));
        assert!(server.mailed().made().is_empty());
    }
    let own = acme.user_email.to_uppercase();
    acme.user.post(RESEND, json!({ "email": own })).await.expect(500);
    acme.user.post(RESEND, json!({})).await.expect(500);
    assert_eq!(server.mailed().made().len(), 2);
    server.anonymous().post("/api/v1/auth/send-verification", json!({})).await.expect(401);
    let path = format!("/api/v1/users/{}/resend-verification", acme.admin_id);
    acme.admin.post(&path, json!({})).await.expect(403);
}

async fn pages_of_mailed_links_lead_on_and_use_nothing_up(database: Database) {
    let (server, superadmin, _acme, id) = stage(database).await;
    let token = send(&server, &superadmin, &id).await;
    let http = reqwest::Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    for page in ["verify-email", "reset-password", "accept-invitation"] {
        for method in [reqwest::Method::GET, reqwest::Method::HEAD] {
            let url = format!("{}/{page}?token={token}&x=%2F%20", server.base());
            let reply = http.request(method, url).send().await.unwrap();
            assert_eq!(reply.status(), 307);
            assert_eq!(reply.headers()["location"], format!("/_/{page}?token={token}&x=%2F%20"));
            assert_eq!(reply.headers()["cache-control"], "no-store");
        }
        let bare = http.get(format!("{}/{page}", server.base())).send().await.unwrap();
        assert_eq!(bare.headers()["location"], format!("/_/{page}"));
    }
    verify(&server.anonymous(), &token).await.expect(200);
}

async fn whoever_guesses_tokens_has_to_wait(database: Database) {
    let server = Server::start_with(database, &[("LOGIN_THROTTLE_ENABLED", "true")]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let invited = json!({ "email": "new@acme.com" });
    acme.admin.post("/api/v1/invitations", invited).await.expect(201);
    let token = server.mailed().newest();
    let anonymous = server.anonymous();
    let guess = async |n: usize| match n % 4 {
        0 => verify(&anonymous, &format!("guess {n}")).await,
        1 => anonymous.get(&format!("/api/v1/auth/verify-reset-token/guess-{n}")).await,
        2 => anonymous.get(&format!("/api/v1/invitations/guess-{n}")).await,
        _ => {
            let body = json!({ "token": format!("guess {n}"), "new_password": "An0ther!Passw0rd" });
            anonymous.post("/api/v1/auth/reset-password", body).await
        }
    };
    let mut answered = 0;
    for n in 0..60 {
        let reply = guess(n).await;
        if reply.status == 429 {
            break;
        }
        assert!([200, 400, 404].contains(&reply.status), "{}", reply.text);
        answered += 1;
    }
    assert!((40..60).contains(&answered), "{answered}");
    for n in 0..4 {
        assert!(guess(n).await.expect(429).headers.contains_key("retry-after"));
    }
    // Then even what is right is not looked at, until the window is over.
    anonymous.get(&format!("/api/v1/invitations/{token}")).await.expect(429);
    server.clock().pass(Duration::from_secs(15 * 60 + 1));
    anonymous.get(&format!("/api/v1/invitations/{token}")).await.expect(200);
}
