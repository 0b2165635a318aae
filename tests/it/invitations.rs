//! /invitations: account admins let others join.

use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server};
use crate::tenant::{Tenant, add_user};

on_each_database!(
    who_accepts_becomes_a_user_with_the_role_and_the_groups,
    of_many_that_accept_at_once_one_wins,
    of_many_that_invite_an_address_at_once_one_does,
    an_invitation_holds_for_two_days_and_then_makes_room,
    only_admins_of_the_account_manage_its_invitations,
    nobody_is_invited_into_what_is_not_the_accounts,
    who_has_become_a_user_meanwhile_is_no_second_one,
);

const INVITATIONS: &str = "/api/v1/invitations";

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

async fn invite(by: &Client, email: &str) -> Reply {
    by.post(INVITATIONS, json!({ "email": email })).await.expect(201)
}

async fn accept(client: &Client, token: &str) -> Reply {
    client.post(&format!("{INVITATIONS}/{token}/accept"), json!({ "password": PASSWORD })).await
}

fn says(title: &str, message: &str) -> Value {
    json!({ "error": title, "message": message })
}

async fn who_accepts_becomes_a_user_with_the_role_and_the_groups(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    let mut groups = Vec::new();
    for name in ["crew", "gone"] {
        let made = acme.admin.post("/api/v1/groups", json!({ "name": name })).await.expect(201);
        groups.push(made.str("id").to_owned());
    }
    let body = json!({ "email": "Zoe@example.com", "role_id": "1", "groups": groups, "account_id": acme.id });
    let made = acme.admin.post(INVITATIONS, body).await.expect(201);
    let token = made.str("token").to_owned();
    assert_eq!(token, server.mailed().newest());
    assert_eq!((&made.body["role_id"], &made.body["groups"]), (&json!(1), &json!(groups)));
    assert_eq!((&made.body["email_sent"], &made.body["invited_by"]), (&json!(false), &json!(acme.admin_id)));
    let seen = anonymous.get(&format!("{INVITATIONS}/{token}")).await.expect(200);
    assert_eq!(seen.body["invited_by_name"], "admin@acme.com");
    assert!(!seen.text.contains(&token) && !seen.text.contains(&acme.id), "{}", seen.text);
    acme.admin.delete(&format!("/api/v1/groups/{}", groups[1])).await.expect(204);
    let session = accept(&anonymous, &token).await.expect(200);
    assert_eq!(session.body["user"]["role"], "admin");
    let zoe = anonymous.with_token(session.str("token"));
    let member = zoe.get(&format!("/api/v1/groups/{}", groups[0])).await.expect(200);
    assert_eq!(member.body["users"][0]["email"], "Zoe@example.com");
    assert_eq!(member.body["users"][0]["email_verified"], true);
    invite(&zoe, "yan@example.com").await;
    anonymous.login(&acme.code, "zoe@example.com", PASSWORD).await.expect(200);
    let listed = superadmin.get(&format!("{INVITATIONS}?account_id={}", acme.id)).await.expect(200);
    let states: Vec<_> =
        listed.body["invitations"].as_array().unwrap().iter().map(|i| &i["status"]).collect();
    assert_eq!(states, ["pending", "accepted"], "newest first");
}

async fn of_many_that_accept_at_once_one_wins(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let token = invite(&acme.admin, "zoe@example.com").await.str("token").to_owned();
    let anonymous = server.anonymous();
    let replies = join_all((0..20).map(|_| accept(&anonymous, &token))).await;
    let (won, lost): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
    assert_eq!(won.len(), 1);
    for reply in lost {
        assert_eq!(reply.expect(404).body, says("Not found", "Invitation has already been accepted"));
    }
    let users = superadmin.get("/api/v1/users?search=zoe@example.com").await.expect(200);
    assert_eq!(users.body["total"], 1);
    anonymous.with_token(won[0].str("token")).get("/api/v1/auth/me").await.expect(200);
}

async fn of_many_that_invite_an_address_at_once_one_does(database: Database) {
    let (_server, superadmin, acme) = stage(database).await;
    let invites = (0..16).map(|n| {
        let email = if n % 2 == 0 { "zoe@example.com" } else { "ZOE@example.com" };
        acme.admin.post(INVITATIONS, json!({ "email": email }))
    });
    let (made, refused): (Vec<_>, Vec<_>) =
        join_all(invites).await.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(made.len(), 1);
    let message = "A pending invitation already exists for this email";
    for reply in refused {
        assert_eq!(reply.expect(409).body, says("Conflict", message));
    }
    // Another account may invite the same address.
    let body = json!({ "email": "zoe@example.com", "account_id": "00000000-0000-0000-0000-000000000000" });
    superadmin.post(INVITATIONS, body).await.expect(201);
}

async fn an_invitation_holds_for_two_days_and_then_makes_room(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    let token = invite(&acme.admin, "zoe@example.com").await.str("token").to_owned();
    let path = format!("{INVITATIONS}/{token}");
    server.clock().pass(Duration::from_secs(48 * 3600 - 5));
    anonymous.get(&path).await.expect(200);
    server.clock().pass(Duration::from_secs(6));
    let expired = "Invitation has expired";
    assert_eq!(anonymous.get(&path).await.expect(400).body, says("Expired", expired));
    assert_eq!(accept(&anonymous, &token).await.expect(404).body, says("Not found", expired));
    let admin = anonymous.signed_in(&acme.code, "admin@acme.com").await;
    let total = async |state: &str| {
        admin.get(&format!("{INVITATIONS}?status={state}")).await.expect(200).body["total"].clone()
    };
    assert_eq!((total("expired").await, total("pending").await), (json!(1), json!(0)));
    let again = invite(&admin, "zoe@example.com").await;
    assert_ne!(again.str("token"), token);
    assert_eq!((total("expired").await, total("pending").await), (json!(0), json!(1)));
    let unknown = says("Not found", "Invalid invitation token");
    assert_eq!(anonymous.get(&path).await.expect(404).body, unknown);
    assert_eq!(accept(&anonymous, &token).await.expect(404).body, unknown);
    accept(&anonymous, again.str("token")).await.expect(200);
}

async fn only_admins_of_the_account_manage_its_invitations(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let made = invite(&acme.admin, "zoe@example.com").await;
    let (id, token) = (made.str("id"), made.str("token"));
    let (resend, delete) = (format!("{INVITATIONS}/{id}/resend"), format!("{INVITATIONS}/{id}"));
    let forbidden = says("Forbidden", "Admin access required");
    // Rights are asked for before the body is looked at.
    assert_eq!(acme.user.post(INVITATIONS, json!({})).await.expect(403).body, forbidden);
    assert_eq!(acme.user.get(INVITATIONS).await.expect(403).body, forbidden);
    assert_eq!(acme.user.post(&resend, json!({})).await.expect(403).body, forbidden);
    assert_eq!(acme.user.delete(&delete).await.expect(403).body, forbidden);
    let not_found = says("Not found", "Invitation not found");
    assert_eq!(other.admin.post(&resend, json!({})).await.expect(404).body, not_found);
    assert_eq!(other.admin.delete(&delete).await.expect(404).body, not_found);
    // The token is no id, and the id no token.
    assert_eq!(acme.admin.delete(&format!("{INVITATIONS}/{token}")).await.expect(404).body, not_found);
    server.anonymous().get(&format!("{INVITATIONS}/{id}")).await.expect(404);
    for path in [INVITATIONS.to_owned(), format!("{INVITATIONS}?account_id={}", acme.id)] {
        assert_eq!(other.admin.get(&path).await.expect(200).body["total"], 0);
    }
    let foreign = json!({ "email": "x@example.com", "account_id": acme.id });
    let only = says("Forbidden", "Only superadmins can invite users to other accounts");
    assert_eq!(other.admin.post(INVITATIONS, foreign.clone()).await.expect(403).body, only);
    superadmin.post(INVITATIONS, foreign).await.expect(201);
    let unknown = json!({ "email": "x@example.com", "account_id": "00000000-0000-4000-8000-000000000000" });
    let nowhere = superadmin.post(INVITATIONS, unknown).await.expect(404);
    assert_eq!(nowhere.body, says("Not found", "Account not found"));
    let failed = says("Internal error", "Failed to send email");
    assert_eq!(acme.admin.post(&resend, json!({})).await.expect(500).body, failed);
    server.anonymous().get(&format!("{INVITATIONS}/{token}")).await.expect(200);
    acme.admin.delete(&delete).await.expect(204);
    assert_eq!(acme.admin.delete(&delete).await.expect(404).body, not_found);
    accept(&server.anonymous(), token).await.expect(404);
}

async fn nobody_is_invited_into_what_is_not_the_accounts(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let group = other.admin.post("/api/v1/groups", json!({ "name": "crew" })).await.expect(201);
    let no_group = says("Not found", "Group not found");
    for id in [group.str("id"), "nonsense", "00000000-0000-4000-8000-000000000000"] {
        let body = json!({ "email": "zoe@example.com", "groups": [id] });
        assert_eq!(acme.admin.post(INVITATIONS, body).await.expect(404).body, no_group);
    }
    let no_role = says("Not found", "Role not found");
    for role in [json!("99"), json!(99), json!("admin"), json!("")] {
        let body = json!({ "email": "zoe@example.com", "role_id": role });
        assert_eq!(acme.admin.post(INVITATIONS, body).await.expect(404).body, no_role);
    }
    for role in [json!(true), json!([1]), json!(1.5)] {
        acme.admin
            .post(INVITATIONS, json!({ "email": "zoe@example.com", "role_id": role }))
            .await
            .expect(422);
    }
    assert_eq!(acme.admin.get(INVITATIONS).await.expect(200).body["total"], 0);
    // Nothing of what an invitation does not say comes with it.
    let body = json!({ "email": "zoe@example.com", "role": "admin", "is_active": false });
    acme.admin.post(INVITATIONS, body).await.expect(201);
    let session = accept(&server.anonymous(), &server.mailed().newest()).await.expect(200);
    assert_eq!(session.body["user"]["role"], "user");
    assert_eq!(session.body["account"]["id"], acme.id);
}

async fn who_has_become_a_user_meanwhile_is_no_second_one(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let made = invite(&acme.admin, "zoe@example.com").await;
    add_user(&superadmin, &acme.id, "ZOE@example.com", "user").await;
    let message = "User with this email already exists in this account";
    let refused = accept(&server.anonymous(), made.str("token")).await.expect(409);
    assert_eq!(refused.body, says("Conflict", message));
    let again = acme.admin.post(INVITATIONS, json!({ "email": "zoe@Example.com" })).await.expect(400);
    assert_eq!(again.body, says("Validation error", message));
    // The refusal has not used the invitation up.
    server.anonymous().get(&format!("{INVITATIONS}/{}", made.str("token"))).await.expect(200);
}

/// Whoever can read the database cannot act as the people in it.
#[tokio::test]
async fn tokens_are_not_in_the_database() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:///{}", folder.path().join("looked-at.db").display());
    let server = Server::start_with(Database::sqlite(), &[("DATABASE_URL", &url)]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    invite(&acme.admin, "zoe@example.com").await;
    let link = json!({ "send_reset_link": true });
    superadmin.put(&format!("/api/v1/users/{}/password", acme.user_id), link).await.expect(500);
    let form = json!({ "email": "eve@example.com", "password": PASSWORD, "account_name": "Eve Co" });
    server.anonymous().post("/api/v1/auth/register", form).await.expect(201);
    let session = server.anonymous().signed_in(&acme.code, "admin@acme.com").await;
    let mut stored = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        stored.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| stored.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("zoe@example.com") && holds("eve@example.com"), "these are the files");
    let secrets = server.mailed().made();
    assert_eq!(secrets.len(), 3);
    for secret in secrets.iter().map(String::as_str).chain([session.refresh_token(), session.token()]) {
        assert!(!holds(secret), "{secret}");
    }
    assert!(!holds(PASSWORD));
}
