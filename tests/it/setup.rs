//! /setup: the first superadmin, made by whoever read the start of the log.

use futures_util::future::join_all;
use serde_json::json;
use snackbase_server::settings::Settings;

use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server};

on_each_database!(
    the_first_superadmin_needs_the_token_and_is_made_once,
    of_many_first_runs_at_once_one_makes_a_superadmin,
);

const SETUP: &str = "/api/v1/setup";

async fn the_first_superadmin_needs_the_token_and_is_made_once(database: Database) {
    let server = Server::start_first_run(database);
    let anonymous = server.anonymous();
    assert_eq!(anonymous.get(SETUP).await.expect(200).body, json!({ "needed": true }));
    let token = server.setup_token().unwrap();
    let form = |token: &str, password: &str| json!({ "email": "first@example.com", "password": password, "token": token });
    for wrong in ["guess", "0", &token[1..], &format!("{token}0"), &token.to_uppercase().replace('A', "B")] {
        anonymous.post(SETUP, form(wrong, PASSWORD)).await.expect(403);
    }
    anonymous.post(SETUP, json!({ "email": "first@example.com", "password": PASSWORD })).await.expect(422);
    anonymous.post(SETUP, form("", PASSWORD)).await.expect(422);
    let weak = anonymous.post(SETUP, form(token, "short")).await.expect(400);
    assert_eq!(weak.body["details"][0]["code"], "password_too_short");
    assert_eq!(anonymous.get(SETUP).await.expect(200).body, json!({ "needed": true }));

    let session = anonymous.post(SETUP, form(token, PASSWORD)).await.expect(201);
    let first = anonymous.with_token(session.str("token"));
    first.get("/api/v1/accounts").await.expect(200);
    anonymous.login("system", "first@example.com", PASSWORD).await.expect(200);
    assert_eq!(anonymous.get(SETUP).await.expect(200).body, json!({ "needed": false }));
    let second = json!({ "email": "second@example.com", "password": PASSWORD, "token": token });
    anonymous.post(SETUP, second).await.expect(409);
    assert_eq!(first.get("/api/v1/users").await.expect(200).body["total"], 1);
}

async fn of_many_first_runs_at_once_one_makes_a_superadmin(database: Database) {
    let server = Server::start_first_run(database);
    let anonymous = server.anonymous();
    let attempts = (0..12).map(|n| {
        let email = format!("first{n}@example.com");
        let form = json!({ "email": email, "password": PASSWORD, "token": server.setup_token() });
        let anonymous = anonymous.clone();
        async move { anonymous.post(SETUP, form).await }
    });
    let (made, refused): (Vec<_>, Vec<_>) =
        join_all(attempts).await.into_iter().partition(|r| r.status == 201);
    assert_eq!(made.len(), 1);
    for reply in refused {
        reply.expect(409);
    }
    let first = anonymous.with_token(made[0].str("token"));
    assert_eq!(first.get("/api/v1/users").await.expect(200).body["total"], 1);
}

#[test]
fn production_refuses_keys_that_are_missing_short_or_the_documented_ones() {
    let good = "0123456789abcdef0123456789abcdef";
    let load = |secret: &str, token: &str, encryption: &str| {
        let variables = [
            ("ENVIRONMENT", "production"),
            ("DATABASE_URL", "sqlite::memory:"),
            ("SECRET_KEY", secret),
            ("TOKEN_SECRET", token),
            ("ENCRYPTION_KEY", encryption),
        ];
        let variables = variables.map(|(name, value)| (format!("SNACKBASE_{name}"), value.to_owned()));
        Settings::load(variables, None).map_err(|error| error.to_string())
    };
    load(good, good, good).unwrap();
    for bad in ["", "short", "change-me-in-production-use-openssl-rand-hex-32", &good[1..]] {
        for (keys, name) in [
            ((bad, good, good), "SNACKBASE_SECRET_KEY"),
            ((good, bad, good), "SNACKBASE_TOKEN_SECRET"),
            ((good, good, bad), "SNACKBASE_ENCRYPTION_KEY"),
        ] {
            let message = load(keys.0, keys.1, keys.2).unwrap_err();
            assert!(message.contains(name), "{message}");
            assert!(bad.len() < 6 || !message.contains(bad), "{message}");
        }
    }
}
