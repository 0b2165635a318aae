//! /auth/sessions: people see where they are signed in, and sign out there.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::json;
use std::time::Duration;
use tokio::sync::watch;

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(
    a_user_sees_the_own_sign_ins_and_nobody_elses,
    an_ended_sign_in_is_over_with_the_next_request,
    signing_out_everywhere_spares_the_current_sign_in_if_asked,
    a_superadmin_signs_a_user_out,
    signing_out_stops_the_access_token_too,
    a_stolen_refresh_token_stops_the_access_tokens_of_its_family,
    five_hundred_refreshes_of_tabs_that_share_a_token_log_nobody_out,
);

const ME: &str = "/api/v1/auth/me";
const SESSIONS: &str = "/api/v1/auth/sessions";

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

fn assert_over(reply: Reply) {
    assert_eq!(reply.expect(401).body["detail"], "Token has been revoked");
}

/// The id of the sign-in that a client calls by.
async fn current(client: &Client) -> String {
    let listed = client.get(SESSIONS).await.expect(200);
    let mut own = listed.items().iter().filter(|item| item["current"] == true);
    let id = own.next().unwrap()["id"].as_str().unwrap().to_owned();
    assert!(own.next().is_none(), "one is the current one");
    id
}

async fn a_user_sees_the_own_sign_ins_and_nobody_elses(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let agent = "Mozilla/5.0 (tests)";
    server.clock().pass(Duration::from_secs(10));
    let phone = server.anonymous().with_header("user-agent", agent);
    let phone = phone.signed_in(&acme.code, &acme.user_email).await;
    server.clock().pass(Duration::from_secs(10));
    let renewed = server.anonymous().refresh(acme.user.refresh_token()).await.expect(200);
    let listed = phone.get(SESSIONS).await.expect(200);
    assert_eq!(listed.body["total"], 2);
    let [used_last, other] = listed.items() else { panic!("{}", listed.text) };
    assert_eq!((&used_last["current"], &other["current"]), (&json!(false), &json!(true)));
    assert_eq!(other["user_agent"], agent);
    assert_eq!(other["ip_address"], "127.0.0.1");
    assert_eq!(other["created_at"], other["last_used_at"]);
    // That the tokens were exchanged makes it no other sign-in.
    assert!(used_last["last_used_at"].as_str() > used_last["created_at"].as_str());
    assert!(used_last["expires_at"].as_str() > other["expires_at"].as_str());
    let desk = acme.user.with_token(renewed.str("token"));
    assert_eq!(current(&desk).await, used_last["id"].as_str().unwrap());
    assert!(!listed.text.contains("digest"), "{}", listed.text);
    assert_eq!(acme.admin.get(SESSIONS).await.expect(200).body["total"], 1);
    assert_eq!(superadmin.get(SESSIONS).await.expect(200).body["total"], 1);
    server.anonymous().get(SESSIONS).await.expect(401);
    // What has expired is no sign-in.
    server.clock().pass(Duration::from_secs(7 * 24 * 3600 - 5));
    let again = server.anonymous().signed_in(&acme.code, &acme.user_email).await;
    assert_eq!(again.get(SESSIONS).await.expect(200).body["total"], 2);
    server.clock().pass(Duration::from_secs(10));
    assert_eq!(again.get(SESSIONS).await.expect(200).body["total"], 1);
}

async fn an_ended_sign_in_is_over_with_the_next_request(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let phone = server.anonymous().signed_in(&acme.code, &acme.user_email).await;
    phone.get(ME).await.expect(200);
    let id = current(&phone).await;
    // Not by others, whatever their rights, and not what is not there.
    for (who, id) in [
        (&acme.admin, id.as_str()),
        (&acme.user, "nonsense"),
        (&acme.user, "00000000-0000-4000-8000-000000000000"),
        (&acme.user, &current(&acme.admin).await),
    ] {
        let refused = who.delete(&format!("{SESSIONS}/{id}")).await.expect(404);
        assert_eq!(refused.body, json!({ "detail": "Session not found" }));
    }
    server.anonymous().delete(&format!("{SESSIONS}/{id}")).await.expect(401);
    phone.get(ME).await.expect(200);
    acme.user.delete(&format!("{SESSIONS}/{id}")).await.expect(204);
    assert_over(phone.get(ME).await);
    server.anonymous().refresh(phone.refresh_token()).await.expect(401);
    acme.user.delete(&format!("{SESSIONS}/{id}")).await.expect(404);
    acme.user.get(ME).await.expect(200);
    acme.admin.get(ME).await.expect(200);
    // Also the own one.
    let id = current(&acme.user).await;
    acme.user.delete(&format!("{SESSIONS}/{id}")).await.expect(204);
    assert_over(acme.user.get(ME).await);
}

async fn signing_out_everywhere_spares_the_current_sign_in_if_asked(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let sign_in = async || server.anonymous().signed_in(&acme.code, &acme.user_email).await;
    let (phone, tablet) = (sign_in().await, sign_in().await);
    phone.get(ME).await.expect(200);
    acme.user.delete(&format!("{SESSIONS}?keep_current=perhaps")).await.expect(422);
    acme.user.delete(&format!("{SESSIONS}?keep_current=true")).await.expect(204);
    for over in [&phone, &tablet] {
        assert_over(over.get(ME).await);
        server.anonymous().refresh(over.refresh_token()).await.expect(401);
    }
    acme.user.get(ME).await.expect(200);
    assert_eq!(acme.user.get(SESSIONS).await.expect(200).body["total"], 1);
    acme.user.delete(SESSIONS).await.expect(204);
    assert_over(acme.user.get(ME).await);
    acme.admin.get(ME).await.expect(200);
    sign_in().await.get(ME).await.expect(200);
}

async fn a_superadmin_signs_a_user_out(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    acme.user.get(ME).await.expect(200);
    let path = format!("/api/v1/users/{}/sessions", acme.user_id);
    acme.admin.delete(&path).await.expect(403);
    server.anonymous().delete(&path).await.expect(401);
    superadmin.delete("/api/v1/users/nonsense/sessions").await.expect(404);
    superadmin.delete(&path).await.expect(204);
    assert_over(acme.user.get(ME).await);
    server.anonymous().refresh(acme.user.refresh_token()).await.expect(401);
    acme.admin.get(ME).await.expect(200);
    superadmin.get(ME).await.expect(200);
}

async fn signing_out_stops_the_access_token_too(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let phone = server.anonymous().signed_in(&acme.code, &acme.user_email).await;
    for client in [&phone, &acme.user] {
        client.get(ME).await.expect(200);
    }
    phone.post("/api/v1/auth/logout", json!({})).await.expect(200);
    assert_over(phone.get(ME).await);
    let by_token = json!({ "refresh_token": acme.user.refresh_token() });
    server.anonymous().post("/api/v1/auth/logout", by_token).await.expect(200);
    assert_over(acme.user.get(ME).await);
    acme.admin.get(ME).await.expect(200);
}

async fn a_stolen_refresh_token_stops_the_access_tokens_of_its_family(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    let stolen = acme.user.refresh_token();
    let second = anonymous.refresh(stolen).await.expect(200);
    let thief = acme.user.with_token(second.str("token"));
    thief.get(ME).await.expect(200);
    server.clock().pass(Duration::from_secs(11));
    anonymous.refresh(stolen).await.expect(401);
    assert_over(thief.get(ME).await);
    assert_over(acme.user.get(ME).await);
    anonymous.refresh(second.str("refresh_token")).await.expect(401);
}

/// Many tabs hold one token in common. Each exchanges it; one that is refused waits for what another has
/// got, as clients do which know of the grace window.
async fn five_hundred_refreshes_of_tabs_that_share_a_token_log_nobody_out(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    let anonymous = server.anonymous();
    let (shared, _) = watch::channel(acme.user.refresh_token().to_owned());
    let tabs = (0..500).map(|_| {
        let (anonymous, shared, mut seen) = (anonymous.clone(), shared.clone(), shared.subscribe());
        async move {
            let token = seen.borrow_and_update().clone();
            let reply = anonymous.refresh(&token).await;
            if reply.status == 200 {
                shared.send_replace(reply.str("refresh_token").to_owned());
                return Some(reply.str("token").to_owned());
            }
            reply.expect(401);
            let renewed = tokio::time::timeout(Duration::from_secs(30), seen.changed()).await;
            renewed.expect("another tab has got a token").unwrap();
            None
        }
    });
    let won: Vec<_> = join_all(tabs).await.into_iter().flatten().collect();
    assert!(!won.is_empty());
    assert_eq!(won.iter().collect::<HashSet<_>>().len(), won.len());
    let last = shared.borrow().clone();
    let renewed = anonymous.refresh(&last).await.expect(200);
    acme.user.with_token(renewed.str("token")).get(ME).await.expect(200);
    acme.user.get(ME).await.expect(200);
    assert_eq!(acme.user.get(SESSIONS).await.expect(200).body["total"], 1);
}
