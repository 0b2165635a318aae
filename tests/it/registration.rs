//! /auth/register: whoever registers gets an account of his own and nothing else.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server, refused_settings};
use crate::snapshot::snapshot;
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    who_registers_administers_the_new_account_and_sees_no_other,
    fields_beyond_the_form_give_no_rights,
    of_many_that_register_a_slug_at_once_one_gets_it,
    two_hundred_that_register_at_once_get_codes_of_their_own,
    the_name_of_the_system_account_cannot_be_taken,
    with_a_single_tenant_registration_makes_ordinary_users_of_it,
);

const REGISTER: &str = "/api/v1/auth/register";

async fn who_registers_administers_the_new_account_and_sees_no_other(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let note = acme.user.post("/api/v1/records/notes", json!({ "title": "of Acme" })).await.expect(201);

    let anonymous = server.anonymous();
    let form = json!({ "email": "eve@example.com", "password": PASSWORD, "account_name": "Eve & Co." });
    let made = anonymous.post(REGISTER, form).await.expect(201);
    assert_eq!(made.body["user"]["role"], "admin");
    assert_eq!(made.body["account"]["slug"], "eve-co");
    assert!(
        !made.text.contains("token"),
        "nobody is signed in before the address is verified: {}",
        made.text
    );
    anonymous.login("eve-co", "eve@example.com", PASSWORD).await.expect(401);
    let id = made.body["user"]["id"].as_str().unwrap();
    superadmin.post(&format!("/api/v1/users/{id}/verify"), json!({})).await.expect(200);

    let eve = anonymous.signed_in("eve-co", "eve@example.com").await;
    let me = eve.get("/api/v1/auth/me").await.expect(200);
    assert_eq!(me.body["account_id"], made.body["account"]["id"]);
    assert_eq!(eve.get("/api/v1/records/notes").await.expect(200).body["total"], 0);
    eve.get(&format!("/api/v1/records/notes/{}", note.str("id"))).await.expect(404);
    for path in ["accounts", "users", "roles", "collections", "admin/api-keys"] {
        eve.get(&format!("/api/v1/{path}")).await.expect(403);
    }
    let groups = eve.get("/api/v1/groups").await.expect(200);
    let groups: Vec<_> = groups.body.as_array().unwrap().iter().map(|group| &group["name"]).collect();
    assert_eq!(groups, ["pii_access"]);
}

async fn fields_beyond_the_form_give_no_rights(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let form = json!({
        "email": "eve@example.com", "password": PASSWORD, "account_name": "Eve",
        "id": acme.user_id, "account_id": "00000000-0000-0000-0000-000000000000", "account": "SY0000",
        "account_code": "SY0000", "role": "superadmin", "role_id": 1, "email_verified": true,
        "is_active": true, "groups": ["pii_access"], "auth_provider": "google",
    });
    let reply = server.anonymous().post(REGISTER, form).await;
    assert!(matches!(reply.status, 201 | 422), "{}", reply.text);
    let users = superadmin.get("/api/v1/users?limit=100").await.expect(200);
    let eve: Vec<&Value> = users.items().iter().filter(|user| user["email"] == "eve@example.com").collect();
    assert_eq!(eve.len(), usize::from(reply.status == 201));
    for user in eve {
        assert_ne!(user["id"], acme.user_id.as_str());
        assert_ne!(user["account_id"], acme.id.as_str());
        assert_ne!(user["account_id"], "00000000-0000-0000-0000-000000000000");
        assert_eq!(user["email_verified"], false);
        assert_eq!(user["auth_provider"], "password");
    }
}

async fn of_many_that_register_a_slug_at_once_one_gets_it(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let anonymous = server.anonymous();
    let attempts = (0..16).map(|n| {
        let email = format!("user{n}@example.com");
        let form = json!({
            "email": email, "password": PASSWORD, "account_name": "Wanted", "account_slug": "wanted",
        });
        let anonymous = anonymous.clone();
        async move { anonymous.post(REGISTER, form).await }
    });
    let (made, refused): (Vec<_>, Vec<_>) =
        join_all(attempts).await.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(made.len(), 1);
    for reply in refused {
        assert_eq!(reply.expect(409).body["field"], "account_slug");
    }
    // Of those that lost there is no user, no account and no group.
    let total = |reply: crate::client::Reply| reply.expect(200).body["total"].clone();
    assert_eq!(total(superadmin.get("/api/v1/users").await), 2);
    assert_eq!(total(superadmin.get("/api/v1/accounts").await), 2);
    assert_eq!(superadmin.get("/api/v1/groups").await.expect(200).body.as_array().unwrap().len(), 1);
}

async fn two_hundred_that_register_at_once_get_codes_of_their_own(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let anonymous = server.anonymous();
    let attempts = (0..200).map(|n| {
        let form = json!({
            "email": format!("user{n}@example.com"), "password": PASSWORD, "account_name": format!("Account {n}"),
        });
        let anonymous = anonymous.clone();
        async move { anonymous.post(REGISTER, form).await.expect(201) }
    });
    join_all(attempts).await;
    let mut codes = HashSet::new();
    for page in 1..=3 {
        let listed = superadmin.get(&format!("/api/v1/accounts?page_size=100&page={page}")).await.expect(200);
        codes.extend(listed.each("account_code").into_iter().map(|code| code.as_str().unwrap().to_owned()));
    }
    assert_eq!(codes.len(), 201, "one for each, and that of the system");
}

async fn the_name_of_the_system_account_cannot_be_taken(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let before = snapshot(&superadmin).await;
    for (name, slug) in [("System", None), ("system", None), ("x", Some("system")), ("x", Some("SYSTEM"))] {
        let form = json!({
            "email": "eve@example.com", "password": PASSWORD, "account_name": name, "account_slug": slug,
        });
        server.anonymous().post(REGISTER, form).await.expect(409);
    }
    assert_eq!(snapshot(&superadmin).await, before);
}

async fn with_a_single_tenant_registration_makes_ordinary_users_of_it(database: Database) {
    let settings = [
        ("SINGLE_TENANT_MODE", "true"),
        ("SINGLE_TENANT_ACCOUNT", "Home"),
        ("SINGLE_TENANT_ACCOUNT_NAME", "Us"),
    ];
    let server = Server::start_with(database, &settings);
    let superadmin = server.superadmin().await;
    let anonymous = server.anonymous();
    let form = json!({
        "email": "eve@example.com", "password": PASSWORD, "account_name": "Elsewhere", "account_slug": "system",
    });
    let made = anonymous.post(REGISTER, form.clone()).await.expect(201);
    assert_eq!(made.body["user"]["role"], "user");
    assert_eq!(
        (&made.body["account"]["name"], &made.body["account"]["slug"]),
        (&json!("Us"), &json!("home"))
    );
    assert_eq!(anonymous.post(REGISTER, form).await.expect(409).body["field"], "email");
    let id = made.body["user"]["id"].as_str().unwrap();
    superadmin.post(&format!("/api/v1/users/{id}/verify"), json!({})).await.expect(200);
    let login = json!({ "email": "eve@example.com", "password": PASSWORD });
    let session = anonymous.post("/api/v1/auth/login", login).await.expect(200);
    anonymous.with_token(session.str("token")).get("/api/v1/users").await.expect(403);
}

#[test]
fn an_installation_does_not_open_the_system_account_to_everybody() {
    for slug in ["system", "System", " system "] {
        let settings = [("SINGLE_TENANT_MODE", "true"), ("SINGLE_TENANT_ACCOUNT", slug)];
        let message = refused_settings(&settings);
        assert!(message.contains("SNACKBASE_SINGLE_TENANT_ACCOUNT"), "{slug:?}: {message}");
    }
}
