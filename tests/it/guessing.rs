//! /auth/login under attack: whoever guesses passwords has to wait.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::client::Reply;
use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server};
use crate::tenant::{Tenant, add_user};

on_each_database!(
    guesses_are_refused_from_the_twentieth_on_whether_the_user_exists_or_not,
    guesses_at_once_are_refused_as_well,
);

/// Settings that differ from those of other tests.
const THROTTLED: [(&str, &str); 1] = [("LOGIN_THROTTLE_ENABLED", "true")];

fn assert_told_to_wait(reply: &Reply) {
    assert_eq!(reply.status, 429, "{}", reply.text);
    assert_eq!(reply.body["error"], "Too Many Requests");
    let detail = reply.body["detail"].as_str().unwrap();
    assert!(detail.starts_with("Rate limit exceeded. Try again in "), "{detail}");
}

async fn guesses_are_refused_from_the_twentieth_on_whether_the_user_exists_or_not(database: Database) {
    let server = Server::start_with(database, &THROTTLED);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let anonymous = server.anonymous();
    for (account, email) in [(&acme.code, acme.user_email.as_str()), (&acme.code, "nobody@example.com")] {
        for n in 1..20 {
            let refused = anonymous.login(account, email, &format!("guess {n}")).await.expect(401);
            assert_eq!(refused.body["message"], "Invalid credentials");
        }
        assert_told_to_wait(&anonymous.login(account, email, "guess 20").await);
        for password in [PASSWORD, "guess 21"] {
            assert_told_to_wait(&anonymous.login(account, email, password).await);
            let shouted = email.to_uppercase();
            assert_told_to_wait(&anonymous.login(&account.to_lowercase(), &shouted, password).await);
        }
    }
    // Nobody else is kept out, nor those who are signed in.
    anonymous.login(&acme.code, "admin@acme.com", PASSWORD).await.expect(200);
    acme.user.get("/api/v1/auth/me").await.expect(200);
    anonymous.refresh(acme.user.refresh_token()).await.expect(200);
    server.clock().pass(Duration::from_secs(15 * 60));
    anonymous.login(&acme.code, &acme.user_email, PASSWORD).await.expect(200);
    // A success is a new start.
    for n in 1..20 {
        anonymous.login(&acme.code, &acme.user_email, &format!("guess {n}")).await.expect(401);
    }
    anonymous.login(&acme.code, &acme.user_email, PASSWORD).await.expect(200);
    anonymous.login(&acme.code, &acme.user_email, "guess 20").await.expect(401);
}

async fn guesses_at_once_are_refused_as_well(database: Database) {
    let server = Server::start_with(database, &THROTTLED);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let email = "eve@example.com";
    add_user(&superadmin, &acme.id, email, "user").await;
    let anonymous = server.anonymous();
    let guesses = (0..60).map(|n| {
        let (anonymous, account) = (anonymous.clone(), acme.code.clone());
        async move {
            let body = json!({ "account": account, "email": email, "password": format!("guess {n}") });
            anonymous.post("/api/v1/auth/login", body).await
        }
    });
    let (told, waiting): (Vec<_>, Vec<_>) =
        join_all(guesses).await.into_iter().partition(|reply| reply.status == 401);
    assert_eq!(told.len(), 19, "from the twentieth failure on nothing is told any more");
    waiting.iter().for_each(assert_told_to_wait);
    assert_told_to_wait(&anonymous.login(&acme.code, email, PASSWORD).await);
}
