//! /auth/forgot-password and /auth/reset-password.

use futures_util::future::join_all;
use serde_json::json;
use std::time::Duration;

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, PASSWORD, SUPERADMIN_EMAIL, Server};
use crate::tenant::{Tenant, add_user};

on_each_database!(
    a_mailed_token_sets_another_password_once_and_ends_all_sign_ins,
    replies_tell_nothing_and_only_those_with_a_password_get_a_token,
    a_token_is_good_for_an_hour_and_until_another_password_is_set,
    of_many_that_use_a_token_at_once_one_wins,
    a_superadmin_has_a_link_sent,
    in_a_demonstration_superadmins_stay_as_they_are,
    whoever_asks_for_many_mails_has_to_wait,
);

const FORGOT: &str = "/api/v1/auth/forgot-password";
const RESET: &str = "/api/v1/auth/reset-password";
const ME: &str = "/api/v1/auth/me";
const NEW: &str = "An0ther!Passw0rd";

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

/// Asks for a mail; what it does is done behind the reply.
async fn forgot(server: &Server, email: &str, account: &str) {
    let reply =
        server.anonymous().post(FORGOT, json!({ "email": email, "account": account })).await.expect(200);
    let text = r#"{"message":"If an account with that email exists, a password reset link has been sent."}"#;
    assert_eq!(reply.text, text);
}

async fn look(client: &Client, token: &str) -> bool {
    let reply = client.get(&format!("/api/v1/auth/verify-reset-token/{token}")).await.expect(200);
    assert_eq!(reply.body["expires_at"].is_string(), reply.body["valid"] == true, "{}", reply.text);
    reply.body["valid"] == true
}

/// The n-th token, once it is stored.
async fn stored(server: &Server, n: usize) -> String {
    let token = server.mailed().nth(n).await;
    for _ in 0..500 {
        if look(&server.anonymous(), &token).await {
            return token;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("token {n} is not stored");
}

async fn reset(client: &Client, token: &str, password: &str) -> Reply {
    client.post(RESET, json!({ "token": token, "new_password": password })).await
}

fn assert_refused(reply: Reply) {
    let detail = "Invalid, expired, or already used reset token";
    assert_eq!(reply.expect(400).body, json!({ "detail": detail }));
}

async fn a_mailed_token_sets_another_password_once_and_ends_all_sign_ins(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    acme.user.get(ME).await.expect(200);
    forgot(&server, &acme.user_email.to_uppercase(), &acme.slug).await;
    let token = stored(&server, 1).await;
    let shown = anonymous.get(&format!("/api/v1/auth/verify-reset-token/{token}")).await.expect(200);
    assert!(!shown.str("expires_at").contains('.'), "to the second: {}", shown.text);
    reset(&anonymous, &token, "short").await.expect(422);
    let weak = reset(&anonymous, &token, "weakpassword").await.expect(400);
    assert_eq!(weak.body["detail"]["error"], "Validation error");
    assert_eq!(weak.body["detail"]["details"].as_array().unwrap().len(), 3);
    assert!(look(&anonymous, &token).await, "a refusal does not use it up");
    acme.user.get(ME).await.expect(200);
    // Not only those who knew the old password are out: all are, within the same second.
    let done = reset(&anonymous, &token, NEW).await.expect(200);
    let message = "Password reset successfully. You can now log in with your new password.";
    assert_eq!(done.body, json!({ "message": message }));
    assert_eq!(acme.user.get(ME).await.expect(401).body["detail"], "Token has been revoked");
    anonymous.refresh(acme.user.refresh_token()).await.expect(401);
    anonymous.login(&acme.code, &acme.user_email, PASSWORD).await.expect(401);
    anonymous.login(&acme.code, &acme.user_email, NEW).await.expect(200);
    assert!(!look(&anonymous, &token).await);
    assert_refused(reset(&anonymous, &token, PASSWORD).await);
    acme.admin.get(ME).await.expect(200);
}

async fn replies_tell_nothing_and_only_those_with_a_password_get_a_token(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let sleeper = add_user(&superadmin, &acme.id, "sleeper@acme.com", "user").await;
    superadmin.delete(&format!("/api/v1/users/{sleeper}")).await.expect(204);
    let elsewhere = json!({
        "email": "sso@acme.com", "account_id": acme.id, "role": "user", "auth_provider": "oauth",
    });
    superadmin.post("/api/v1/users", elsewhere).await.expect(201);
    for (email, account) in [
        ("nobody@acme.com", acme.code.as_str()),
        ("sleeper@acme.com", &acme.code),
        ("sso@acme.com", &acme.code),
        (&acme.user_email, "SY0000"),
        (&acme.user_email, "nosuch"),
        (&acme.user_email, &acme.id),
    ] {
        forgot(&server, email, account).await;
    }
    // One whose address is not verified may have forgotten the password all the same.
    let new = json!({ "email": "new@acme.com", "password": PASSWORD, "account_id": acme.id, "role": "user" });
    superadmin.post("/api/v1/users", new).await.expect(201);
    forgot(&server, "new@acme.com", &acme.code).await;
    let token = stored(&server, 1).await;
    assert_eq!(server.mailed().made().len(), 1, "the others got none");
    reset(&server.anonymous(), &token, NEW).await.expect(200);
    let refused = server.anonymous().login(&acme.code, "new@acme.com", NEW).await.expect(401);
    assert!(refused.str("message").starts_with("Email not verified"), "a reset does not verify");
    let missing = server.anonymous().post(FORGOT, json!({ "email": "a@example.com" })).await.expect(400);
    assert_eq!(missing.body["details"][0]["code"], "required");
}

async fn a_token_is_good_for_an_hour_and_until_another_password_is_set(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    forgot(&server, &acme.user_email, &acme.code).await;
    let first = stored(&server, 1).await;
    forgot(&server, &acme.user_email, &acme.code).await;
    let second = stored(&server, 2).await;
    assert!(!look(&anonymous, &first).await, "a new request takes the former's place");
    assert_refused(reset(&anonymous, &first, NEW).await);
    server.clock().pass(Duration::from_secs(3595));
    assert!(look(&anonymous, &second).await);
    server.clock().pass(Duration::from_secs(6));
    assert!(!look(&anonymous, &second).await);
    assert_refused(reset(&anonymous, &second, NEW).await);
    let superadmin = superadmin.with_token(server.superadmin().await.token());
    let user = format!("/api/v1/users/{}", acme.user_id);
    for (n, change) in ["password", "email", "is_active"].into_iter().enumerate() {
        forgot(&server, &acme.user_email, &acme.code).await;
        let token = stored(&server, 3 + n).await;
        match change {
            "password" => superadmin
                .put(&format!("{user}/password"), json!({ "new_password": PASSWORD }))
                .await
                .expect(200),
            "email" => superadmin.patch(&user, json!({ "email": "other@acme.com" })).await.expect(200),
            _ => superadmin.patch(&user, json!({ "is_active": false })).await.expect(200),
        };
        if change == "email" {
            superadmin.patch(&user, json!({ "email": acme.user_email })).await.expect(200);
        }
        assert!(!look(&anonymous, &token).await, "{change}");
        assert_refused(reset(&anonymous, &token, NEW).await);
    }
}

async fn of_many_that_use_a_token_at_once_one_wins(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    forgot(&server, &acme.user_email, &acme.code).await;
    let token = stored(&server, 1).await;
    let passwords: Vec<_> = (0..20).map(|n| format!("An0ther!Passw0rd{n}")).collect();
    let replies = join_all(passwords.iter().map(|password| reset(&anonymous, &token, password))).await;
    let mut winner = None;
    for (reply, password) in replies.into_iter().zip(&passwords) {
        if reply.status == 200 {
            assert!(winner.replace(password).is_none(), "two have won");
        } else {
            assert_refused(reply);
        }
    }
    let password = winner.expect("somebody has won");
    anonymous.login(&acme.code, &acme.user_email, password).await.expect(200);
}

async fn a_superadmin_has_a_link_sent(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    acme.user.get(ME).await.expect(200);
    let path = format!("/api/v1/users/{}/password", acme.user_id);
    let send = json!({ "send_reset_link": true });
    acme.admin.put(&path, send.clone()).await.expect(403);
    superadmin.put("/api/v1/users/nonsense/password", send.clone()).await.expect(404);
    let failed = superadmin.put(&path, send).await.expect(500);
    assert_eq!(failed.body, json!({ "detail": "Failed to send password reset email" }));
    // That there is no mail server does not keep the user signed in.
    assert_eq!(acme.user.get(ME).await.expect(401).body["detail"], "Token has been revoked");
    reset(&server.anonymous(), &server.mailed().newest(), NEW).await.expect(200);
    server.anonymous().login(&acme.code, &acme.user_email, NEW).await.expect(200);
    superadmin.put(&path, json!({})).await.expect(422);
    superadmin.put(&path, json!({ "send_reset_link": false })).await.expect(422);
}

async fn in_a_demonstration_superadmins_stay_as_they_are(database: Database) {
    let server = Server::start_with(database, &[("IS_DEMO", "true")]);
    let superadmin = server.superadmin().await;
    let system = "00000000-0000-0000-0000-000000000000";
    let other = add_user(&superadmin, system, "second@example.com", "admin").await;
    let own = superadmin.get(ME).await.expect(200).str("user_id").to_owned();
    let told = json!({ "detail": "Demo mode: superadmin credentials cannot be modified" });
    let user = format!("/api/v1/users/{other}");
    for body in [json!({ "email": "x@example.com" }), json!({ "is_active": false }), json!({})] {
        assert_eq!(superadmin.patch(&user, body).await.expect(403).body, told);
    }
    let bodies = [
        json!({ "new_password": NEW }),
        json!({ "new_password": "weak" }),
        json!({ "send_reset_link": true }),
    ];
    for id in [&other, &own] {
        for body in &bodies {
            let path = format!("/api/v1/users/{id}/password");
            assert_eq!(superadmin.put(&path, body.clone()).await.expect(403).body, told);
        }
    }
    assert_eq!(superadmin.delete(&user).await.expect(403).body, told);
    // What concerns oneself is said first, and what is not there is not there.
    let own = format!("/api/v1/users/{own}");
    let detail = superadmin.patch(&own, json!({})).await.expect(403).body["detail"].clone();
    assert_eq!(detail, "Cannot modify your own account through this endpoint");
    let detail = superadmin.delete(&own).await.expect(403).body["detail"].clone();
    assert_eq!(detail, "Cannot deactivate your own account");
    superadmin.delete("/api/v1/users/nonsense").await.expect(404);
    forgot(&server, "second@example.com", "system").await;
    let token = stored(&server, 1).await;
    let anonymous = server.anonymous();
    assert_eq!(reset(&anonymous, &token, NEW).await.expect(403).body, told);
    assert!(look(&anonymous, &token).await);
    for email in [SUPERADMIN_EMAIL, "second@example.com"] {
        anonymous.login("system", email, PASSWORD).await.expect(200);
    }
    // Others can be changed as ever.
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let user = format!("/api/v1/users/{}", acme.user_id);
    superadmin.put(&format!("{user}/password"), json!({ "new_password": NEW })).await.expect(200);
    superadmin.patch(&user, json!({ "is_active": false })).await.expect(200);
    superadmin.delete(&user).await.expect(204);
}

async fn whoever_asks_for_many_mails_has_to_wait(database: Database) {
    let server = Server::start_with(database, &[("LOGIN_THROTTLE_ENABLED", "true")]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let anonymous = server.anonymous();
    let mut answered = Vec::new();
    for email in [acme.user_email.as_str(), "nobody@acme.com"] {
        let mut count = 0;
        while anonymous.post(FORGOT, json!({ "email": email, "account": acme.code })).await.status == 200 {
            count += 1;
            assert!(count < 50, "{email}: no end");
        }
        answered.push(count);
    }
    assert_eq!(answered[0], answered[1], "whether the user exists or not");
    forgot(&server, "third@acme.com", &acme.code).await;
}
