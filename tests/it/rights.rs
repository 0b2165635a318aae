//! Rights end with the next request, also under load, and no body gives any that it should not.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server};
use crate::tenant::{Tenant, add_user};

on_each_database!(
    under_load_a_suspended_user_is_out_with_the_next_request,
    a_deactivated_superadmins_keys_and_sign_ins_are_out,
    no_body_moves_or_raises_what_it_is_about,
);

const ME: &str = "/api/v1/auth/me";
const SYSTEM: &str = "00000000-0000-0000-0000-000000000000";

/// Many requests of a user are under way at any time: what they have just read must not outlive the change.
async fn under_load_a_suspended_user_is_out_with_the_next_request(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let path = format!("/api/v1/users/{}", acme.user_id);
    for round in 0..20 {
        let user = server.anonymous().signed_in(&acme.code, &acme.user_email).await;
        let suspended = tokio::sync::watch::channel(false).0;
        let requests = (0..8).map(|_| async {
            while !*suspended.borrow() {
                let reply = user.get(ME).await;
                assert!(matches!(reply.status, 200 | 401), "{}", reply.text);
            }
        });
        let suspension = async {
            superadmin.patch(&path, json!({ "is_active": false })).await.expect(200);
            let next = join_all((0..4).map(|_| user.get(ME))).await;
            suspended.send_replace(true);
            next
        };
        let (next, _) = tokio::join!(suspension, join_all(requests));
        for reply in next {
            assert_eq!(reply.status, 401, "round {round}: {}", reply.text);
        }
        superadmin.patch(&path, json!({ "is_active": true })).await.expect(200);
    }
}

async fn a_deactivated_superadmins_keys_and_sign_ins_are_out(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let id = add_user(&superadmin, SYSTEM, "second@example.com", "admin").await;
    let second = server.anonymous().signed_in("SY0000", "second@example.com").await;
    let mut callers = vec![second.clone()];
    for format in ["sb_ak", "sb_sk"] {
        let body = json!({ "name": "for tests", "format": format });
        let made = second.post("/api/v1/admin/api-keys", body).await.expect(201);
        callers.push(server.anonymous().with_header("x-api-key", made.str("key")));
        callers.push(server.anonymous().with_token(made.str("key")));
    }
    for caller in &callers {
        caller.get("/api/v1/accounts").await.expect(200);
    }
    superadmin.delete(&format!("/api/v1/users/{id}")).await.expect(204);
    for caller in &callers {
        caller.get("/api/v1/accounts").await.expect(401);
        caller.post("/api/v1/accounts", json!({ "name": "mine" })).await.expect(401);
    }
    server.anonymous().refresh(second.refresh_token()).await.expect(401);
    superadmin.get(ME).await.expect(200);
}

/// Fields that a thief adds to a body that is granted. Where they are refused nothing changes; where they are
/// ignored, they are in no reply and in nothing that is stored.
async fn no_body_moves_or_raises_what_it_is_about(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let spoof = "00000000-0000-4000-8000-00000000bad1";
    let greedy = json!({
        "id": spoof, "user_id": other.user_id, "created_by": other.user_id, "invited_by": other.user_id,
        "created_at": "2000-01-01T00:00:00Z", "updated_at": "2000-01-01T00:00:00Z", "account_code": "SY0001",
        "slug": "taken-over", "member_count": 77, "users": [other.user_id], "is_superadmin": true,
        "is_active": false, "is_builtin": true, "is_system": true, "is_default": true, "status": "accepted",
        "accepted_at": "2000-01-01T00:00:00Z", "expires_at": "2999-01-01T00:00:00Z", "token": "chosen-by-thief",
        "email_verified": true, "password_hash": "chosen-by-thief", "permissions": ["*"],
    });
    let with = |body: Value| {
        let mut all = greedy.as_object().unwrap().clone();
        all.extend(body.as_object().unwrap().clone());
        Value::from(all)
    };
    let clean = |what: &str, reply: &Reply| {
        for text in [spoof, "chosen-by-thief", "2000-01-01", "2999-01-01", "taken-over", "SY0001"] {
            assert!(!reply.text.contains(&format!("\"{text}")), "{what} took {text}: {}", reply.text);
        }
        assert!(!reply.text.contains(&other.user_id), "{what}: {}", reply.text);
        assert_ne!(reply.body["member_count"], 77, "{what}");
    };

    let group = acme.admin.post("/api/v1/groups", with(json!({ "name": "crew" }))).await.expect(201);
    clean("a new group", &group);
    assert_eq!((&group.body["account_id"], &group.body["users"]), (&json!(acme.id), &json!([])));
    let path = format!("/api/v1/groups/{}", group.str("id"));
    let moved = json!({ "description": "d", "account_id": other.id });
    let changed = acme.admin.patch(&path, with(moved.clone())).await.expect(200);
    clean("a changed group", &changed);
    assert_eq!(changed.body["account_id"], acme.id);
    // A superadmin may name the account of a new group, and no more.
    let changed = superadmin.patch(&path, with(moved)).await.expect(200);
    assert_eq!(changed.body["account_id"], acme.id);
    let member = json!({ "user_id": acme.user_id, "role": "admin", "role_id": 1, "account_id": other.id });
    acme.admin.post(&format!("{path}/users"), member).await.expect(201);
    assert_eq!(acme.user.get(ME).await.expect(200).body["role"], "user");

    let invited = with(json!({ "email": "zoe@example.com", "role": "admin" }));
    let invitation = acme.admin.post("/api/v1/invitations", invited).await.expect(201);
    clean("an invitation", &invitation);
    let told = (&invitation.body["status"], &invitation.body["invited_by"], &invitation.body["account_id"]);
    assert_eq!(told, (&json!("pending"), &json!(acme.admin_id), &json!(acme.id)));
    let accept = with(json!({
        "password": PASSWORD, "email": "thief@example.com", "role": "admin", "role_id": 1,
        "account_id": other.id, "groups": [group.body["id"]],
    }));
    let accept_path = format!("/api/v1/invitations/{}/accept", invitation.str("token"));
    let session = server.anonymous().post(&accept_path, accept).await.expect(200);
    let zoe = server.anonymous().with_token(session.str("token"));
    let me = zoe.get(ME).await.expect(200);
    let told = (&me.body["email"], &me.body["role"], &me.body["account_id"]);
    assert_eq!(told, (&json!("zoe@example.com"), &json!("user"), &json!(acme.id)));
    let members = acme.admin.get(&path).await.expect(200);
    assert!(!members.text.contains("zoe@"), "{}", members.text);

    let renamed =
        superadmin.put(&format!("/api/v1/accounts/{}", acme.id), with(json!({ "name": "New" }))).await;
    clean("a renamed account", &renamed.expect(200));
    assert_eq!(server.anonymous().login(&acme.slug, &acme.user_email, PASSWORD).await.status, 200);
    let key = with(json!({ "name": "key", "expires_at": null, "account_id": other.id }));
    clean("a key", &superadmin.post("/api/v1/admin/api-keys", key).await.expect(201));
    settings_and_templates_stay_where_they_are(&superadmin, &acme, &other, with).await;
}

async fn settings_and_templates_stay_where_they_are(
    superadmin: &Client,
    acme: &Tenant,
    other: &Tenant,
    with: impl Fn(Value) -> Value,
) {
    let config = json!({ "category": "email_providers", "provider_name": "resend", "display_name": "Mail",
        "account_id": acme.id, "config": { "from_email": "a@example.com" } });
    let made = superadmin.post("/api/v1/admin/configuration", with(config)).await.expect(200);
    let listed = format!("/api/v1/admin/configuration/account?account_id={}", acme.id);
    let row = superadmin.get(&listed).await.expect(200).body[0].clone();
    assert_eq!((&row["id"], &row["is_default"]), (&made.body["id"], &json!(false)), "{row}");
    let path = format!("/api/v1/admin/configuration/{}", made.str("id"));
    let moved = with(json!({ "enabled": true, "account_id": other.id, "category": "storage_providers" }));
    superadmin.patch(&path, moved).await.expect(200);
    let after = superadmin.get(&listed).await.expect(200).body[0].clone();
    for key in ["id", "category", "account_id", "is_default"] {
        assert_eq!(after[key], row[key], "{key}");
    }
    // What claims to be built in could not be deleted.
    superadmin.delete(&path).await.expect(200);
    let template = json!({ "template_type": "welcome", "locale": "en", "account_id": acme.id, "subject": "s",
        "html_body": "h", "text_body": "t" });
    let made = superadmin.post("/api/v1/admin/email/templates", with(template)).await.expect(201);
    assert_eq!((&made.body["is_builtin"], &made.body["account_id"]), (&json!(false), &json!(acme.id)));
    let path = format!("/api/v1/admin/email/templates/{}", made.str("id"));
    let moved = with(
        json!({ "subject": "s", "account_id": other.id, "template_type": "invitation", "locale": "de" }),
    );
    let kept = superadmin.put(&path, moved).await.expect(200);
    for key in ["id", "account_id", "template_type", "locale", "is_builtin", "created_at"] {
        assert_eq!(kept.body[key], made.body[key], "{key}");
    }
    superadmin.delete(&path).await.expect(204);
}
