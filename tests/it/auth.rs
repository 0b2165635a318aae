//! /auth: who gets in, and when access ends.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;

use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server};
use crate::tenant::{Tenant, add_collection, add_user};

on_each_database!(
    forged_expired_and_refresh_tokens_are_401,
    refusals_of_a_login_tell_nothing,
    a_deactivated_user_is_out_with_the_next_request,
    a_changed_password_ends_all_sign_ins,
    a_changed_role_counts_with_the_next_request,
    a_deleted_accounts_users_are_out_at_once,
    an_api_key_acts_as_its_superadmin_until_revoked,
    of_two_refreshes_at_once_one_wins_and_nobody_is_logged_out,
    a_used_refresh_token_that_comes_late_ends_the_sign_in,
    logout_ends_the_sign_in,
    fields_that_are_not_the_callers_to_set_are_never_set,
);

const ME: &str = "/api/v1/auth/me";

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

/// A token with other claims or another header, under the old signature.
fn tampered(token: &str, part: usize, change: impl FnOnce(&mut Value)) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let mut json: Value =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(&parts[part]).unwrap()).unwrap();
    change(&mut json);
    parts[part] = BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
    parts.join(".")
}

async fn forged_expired_and_refresh_tokens_are_401(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let token = acme.user.token();
    let unsigned = tampered(token, 0, |header| header["alg"] = json!("none"));
    let bare = format!("{}.", unsigned.rsplit_once('.').unwrap().0);
    let superadmins =
        tampered(token, 1, |claims| claims["account_id"] = json!("00000000-0000-0000-0000-000000000000"));
    let later = tampered(token, 1, |claims| claims["exp"] = json!(4_102_444_800_i64));
    let admins = tampered(token, 1, |claims| claims["role"] = json!("admin"));
    let hs512 = tampered(token, 0, |header| header["alg"] = json!("HS512"));
    let cut = token[..token.len() - 2].to_owned();
    for bad in [unsigned, bare, superadmins, later, admins, hs512, cut, "x.y.z".into(), "garbage".into()] {
        for path in [ME, "/api/v1/records/notes", "/api/v1/accounts", "/api/v1/groups"] {
            let caller = server.anonymous().with_token(&bad).with_header("x-account-id", &acme.code);
            let reply = caller.get(path).await.expect(401);
            assert_eq!(reply.body, json!({ "detail": "Invalid token" }), "{path} {bad}");
            assert_eq!(reply.headers["www-authenticate"], "Bearer");
        }
    }
    let refresh = acme.user.with_token(acme.user.refresh_token());
    assert_eq!(refresh.get(ME).await.expect(401).body["detail"], "Not an access token");
    assert_eq!(
        server.anonymous().get(ME).await.expect(401).body["detail"],
        "Missing authentication credentials"
    );
    server.anonymous().refresh(acme.user.token()).await.expect(401);
    acme.user.get(ME).await.expect(200);
    server.clock().pass(Duration::from_secs(59 * 60));
    acme.user.get(ME).await.expect(200);
    server.clock().pass(Duration::from_secs(2 * 60));
    for path in [ME, "/api/v1/records/notes", "/api/v1/groups"] {
        assert_eq!(acme.user.get(path).await.expect(401).body["detail"], "Token has expired", "{path}");
    }
    let renewed = server.anonymous().refresh(acme.user.refresh_token()).await.expect(200);
    acme.user.with_token(renewed.str("token")).get(ME).await.expect(200);
    server.clock().pass(Duration::from_secs(8 * 24 * 3600));
    server.anonymous().refresh(renewed.str("refresh_token")).await.expect(401);
}

async fn refusals_of_a_login_tell_nothing(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let sleeper = add_user(&superadmin, &acme.id, "sleeper@example.com", "user").await;
    superadmin.delete(&format!("/api/v1/users/{sleeper}")).await.expect(204);
    let new =
        json!({ "email": "new@example.com", "password": PASSWORD, "account_id": acme.id, "role_id": 2 });
    superadmin.post("/api/v1/users", new).await.expect(201);
    let anonymous = server.anonymous();
    for (account, email, password) in [
        ("ZZ9999", acme.user_email.as_str(), PASSWORD),
        ("nosuch", &acme.user_email, PASSWORD),
        (&acme.id, &acme.user_email, PASSWORD),
        (&acme.code, "nobody@example.com", PASSWORD),
        (&acme.code, &acme.user_email, "Wr0ng!Passw0rd"),
        (&acme.code, "sleeper@example.com", PASSWORD),
        (&acme.code, "new@example.com", "Wr0ng!Passw0rd"),
        ("SY0000", &acme.user_email, PASSWORD),
    ] {
        let reply = anonymous.login(account, email, password).await.expect(401);
        assert_eq!(reply.text, r#"{"error":"Authentication failed","message":"Invalid credentials"}"#);
    }
    let unverified = anonymous.login(&acme.code, "new@example.com", PASSWORD).await.expect(401);
    assert!(unverified.str("message").starts_with("Email not verified"));
    // A bad token does not stand in the way of signing in.
    let garbage = anonymous.with_token("garbage");
    garbage.login(&acme.slug.to_uppercase(), &acme.user_email.to_uppercase(), PASSWORD).await.expect(200);
}

async fn a_deactivated_user_is_out_with_the_next_request(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    acme.user.get(ME).await.expect(200);
    let user = format!("/api/v1/users/{}", acme.user_id);
    superadmin.patch(&user, json!({ "is_active": false })).await.expect(200);
    assert_eq!(acme.user.get(ME).await.expect(401).body["detail"], "User account is inactive");
    server.anonymous().refresh(acme.user.refresh_token()).await.expect(401);
    server.anonymous().login(&acme.code, &acme.user_email, PASSWORD).await.expect(401);
    superadmin.patch(&user, json!({ "is_active": true })).await.expect(200);
    server.anonymous().refresh(acme.user.refresh_token()).await.expect(401);
    let again = server.anonymous().signed_in(&acme.code, &acme.user_email).await;
    again.get(ME).await.expect(200);
    superadmin.delete(&user).await.expect(204);
    again.get(ME).await.expect(401);
}

async fn a_changed_password_ends_all_sign_ins(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    acme.user.get(ME).await.expect(200);
    // Tokens of the same second stay.
    server.clock().pass(Duration::from_secs(2));
    let new = "An0ther!Passw0rd";
    let path = format!("/api/v1/users/{}/password", acme.user_id);
    superadmin.put(&path, json!({ "new_password": new })).await.expect(200);
    assert_eq!(acme.user.get(ME).await.expect(401).body["detail"], "Token has been revoked");
    server.anonymous().refresh(acme.user.refresh_token()).await.expect(401);
    server.anonymous().login(&acme.code, &acme.user_email, PASSWORD).await.expect(401);
    let reply = server.anonymous().login(&acme.code, &acme.user_email, new).await.expect(200);
    acme.user.with_token(reply.str("token")).get(ME).await.expect(200);
    acme.admin.get(ME).await.expect(200);
}

async fn a_changed_role_counts_with_the_next_request(database: Database) {
    let (_server, superadmin, acme) = stage(database).await;
    let group = json!({ "name": "crew" });
    acme.user.post("/api/v1/groups", group.clone()).await.expect(403);
    let user = format!("/api/v1/users/{}", acme.user_id);
    superadmin.patch(&user, json!({ "role": "admin" })).await.expect(200);
    acme.user.post("/api/v1/groups", group).await.expect(201);
    assert_eq!(acme.user.get(ME).await.expect(200).body["role"], "admin");
    superadmin.patch(&user, json!({ "role_id": 2 })).await.expect(200);
    acme.user.post("/api/v1/groups", json!({ "name": "gang" })).await.expect(403);
}

async fn a_deleted_accounts_users_are_out_at_once(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    acme.user.get(ME).await.expect(200);
    superadmin.delete(&format!("/api/v1/accounts/{}", acme.id)).await.expect(204);
    acme.user.get(ME).await.expect(401);
    server.anonymous().refresh(acme.user.refresh_token()).await.expect(401);
    server.anonymous().login(&acme.code, &acme.user_email, PASSWORD).await.expect(401);
}

async fn an_api_key_acts_as_its_superadmin_until_revoked(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    acme.admin.post("/api/v1/admin/api-keys", json!({ "name": "mine" })).await.expect(403);
    for format in ["sb_ak", "sb_sk"] {
        let body = json!({ "name": "for tests", "format": format });
        let made = superadmin.post("/api/v1/admin/api-keys", body).await.expect(201);
        let (key, id) = (made.str("key"), made.str("id"));
        let (bearer, header) =
            (server.anonymous().with_token(key), server.anonymous().with_header("x-api-key", key));
        for caller in [&bearer, &header] {
            let me = caller.get(ME).await.expect(200);
            assert_eq!(me.body["email"], "admin@example.com");
            caller.get("/api/v1/accounts").await.expect(200);
        }
        let listed = superadmin.get("/api/v1/admin/api-keys").await.expect(200);
        assert!(!listed.text.contains(key));
        let forged = format!("{}x", &key[..key.len() - 1]);
        server.anonymous().with_header("x-api-key", &forged).get(ME).await.expect(401);
        // A bearer that is there decides, also when it is bad.
        header.with_token("garbage").get(ME).await.expect(401);
        superadmin.delete(&format!("/api/v1/admin/api-keys/{id}")).await.expect(204);
        for caller in [&bearer, &header] {
            caller.get(ME).await.expect(401);
            caller.get("/api/v1/records/notes").await.expect(401);
        }
    }
    let past = json!({ "name": "short", "expires_at": "2999-01-01T00:00:00Z" });
    let made = superadmin.post("/api/v1/admin/api-keys", past).await.expect(201);
    let header = server.anonymous().with_header("x-api-key", made.str("key"));
    header.get(ME).await.expect(200);
    server.clock().pass(Duration::from_secs(1000 * 365 * 86_400));
    assert_eq!(header.get(ME).await.expect(401).body["detail"], "Token has expired");
}

async fn of_two_refreshes_at_once_one_wins_and_nobody_is_logged_out(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    let mut token = acme.user.refresh_token().to_owned();
    for _ in 0..5 {
        let replies = join_all((0..6).map(|_| anonymous.refresh(&token))).await;
        let (won, lost): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1);
        for reply in lost {
            let refused =
                json!({ "error": "Authentication failed", "message": "Invalid or expired refresh token" });
            assert_eq!(reply.expect(401).body, refused);
        }
        acme.user.with_token(won[0].str("token")).get(ME).await.expect(200);
        token = won[0].str("refresh_token").to_owned();
    }
    anonymous.refresh(&token).await.expect(200);
}

async fn a_used_refresh_token_that_comes_late_ends_the_sign_in(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    let other = anonymous.signed_in(&acme.code, &acme.user_email).await;
    let stolen = acme.user.refresh_token();
    let second = anonymous.refresh(stolen).await.expect(200);
    server.clock().pass(Duration::from_secs(9));
    anonymous.refresh(stolen).await.expect(401);
    let third = anonymous.refresh(second.str("refresh_token")).await.expect(200);
    server.clock().pass(Duration::from_secs(3));
    anonymous.refresh(stolen).await.expect(401);
    anonymous.refresh(third.str("refresh_token")).await.expect(401);
    // Another sign-in of the same user is not concerned.
    anonymous.refresh(other.refresh_token()).await.expect(200);
}

async fn logout_ends_the_sign_in(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    let path = "/api/v1/auth/logout";
    let done = json!({ "message": "Logged out successfully" });
    let second = anonymous.refresh(acme.user.refresh_token()).await.expect(200);
    let body = json!({ "refresh_token": second.str("refresh_token") });
    assert_eq!(anonymous.post(path, body).await.expect(200).body, done);
    anonymous.refresh(second.str("refresh_token")).await.expect(401);
    // By the access token alone.
    let again = anonymous.signed_in(&acme.code, &acme.user_email).await;
    assert_eq!(again.post(path, json!({})).await.expect(200).body, done);
    anonymous.refresh(again.refresh_token()).await.expect(401);
    for who in [anonymous.clone(), anonymous.with_token("garbage")] {
        assert_eq!(who.post(path, json!({ "refresh_token": "unknown" })).await.expect(200).body, done);
        assert_eq!(who.post(path, json!({})).await.expect(200).body, done);
    }
    anonymous.refresh(acme.admin.refresh_token()).await.expect(200);
}

async fn fields_that_are_not_the_callers_to_set_are_never_set(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let note = acme.user.post("/api/v1/records/notes", json!({ "title": "kept" })).await.expect(201);
    let path = format!("/api/v1/records/notes/{}", note.str("id"));
    let batch = "/api/v1/records/notes/batch";
    for (field, value) in [
        ("id", "00000000-0000-4000-8000-000000000001"),
        ("account_id", other.id.as_str()),
        ("created_by", other.user_id.as_str()),
        ("updated_by", other.user_id.as_str()),
        ("created_at", "2000-01-01T00:00:00Z"),
        ("updated_at", "2000-01-01T00:00:00Z"),
    ] {
        let mut body = json!({ "title": "x" });
        body[field] = json!(value);
        for reply in [
            acme.user.post("/api/v1/records/notes", body.clone()).await,
            acme.user.put(&path, body.clone()).await,
            acme.user.patch(&path, body.clone()).await,
            acme.user.post(batch, json!({ "records": [body] })).await,
            acme.user.patch(batch, json!({ "records": [{ "id": note.body["id"], "data": body }] })).await,
        ] {
            let detail = &reply.expect(422).body["detail"];
            assert_eq!(detail["unauthorized_fields"], json!([field]));
            assert_eq!(detail["field_type"], "system");
        }
        // Not even a superadmin moves a record to another account or author.
        superadmin.patch(&path, body).await.expect(422);
    }
    assert_eq!(acme.user.get(&path).await.expect(200).body, note.body);
    assert_eq!(acme.user.get("/api/v1/records/notes").await.expect(200).body["total"], 1);

    let user = format!("/api/v1/users/{}", acme.user_id);
    let before = superadmin.get(&user).await.expect(200);
    let greedy = json!({
        "role": "admin", "role_id": 1, "email_verified": true, "is_active": true, "account_id": other.id,
    });
    for caller in [&acme.user, &acme.admin] {
        caller.patch(&user, greedy.clone()).await.expect(403);
        let mut body = greedy.clone();
        body["email"] = json!("new@example.com");
        body["password"] = json!(PASSWORD);
        caller.post("/api/v1/users", body).await.expect(403);
        caller.put(&format!("{user}/password"), json!({ "new_password": PASSWORD })).await.expect(403);
        caller.post(&format!("{user}/verify"), json!({})).await.expect(403);
    }
    let ignored = json!({
        "id": other.user_id, "account_id": other.id, "password": "N3w!Passw0rd!!", "password_hash": "x",
        "created_at": "2000-01-01T00:00:00Z", "last_login": null,
    });
    superadmin.patch(&user, ignored).await.expect(200);
    assert_eq!(superadmin.get(&user).await.expect(200).body, before.body);
    server.anonymous().login(&acme.code, &acme.user_email, PASSWORD).await.expect(200);
    let new = json!({
        "email": "new@example.com", "password": PASSWORD, "account_id": acme.id, "role_id": 2, "email_verified": true,
    });
    assert_eq!(superadmin.post("/api/v1/users", new).await.expect(201).body["email_verified"], false);
}
