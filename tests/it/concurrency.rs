//! Many at once.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    of_creates_with_the_same_unique_value_one_wins,
    accounts_made_at_once_get_codes_of_their_own,
    a_batch_with_one_bad_record_leaves_nothing,
    updates_and_deletes_at_once_leave_a_record_whole_or_gone,
    collections_made_at_once_are_all_there,
);

const NOTES: &str = "/api/v1/records/notes";

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "title", "type": "text", "required": true, "unique": true },
        { "name": "n", "type": "number" },
    ]);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

async fn of_creates_with_the_same_unique_value_one_wins(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let creates = (0..50).map(|n| acme.user.post(NOTES, json!({ "title": "the one", "n": n })));
    let (made, refused): (Vec<_>, Vec<_>) =
        join_all(creates).await.into_iter().partition(|r| r.status == 201);
    assert_eq!((made.len(), refused.len()), (1, 49));
    for reply in refused {
        let reply = reply.expect(400);
        assert_eq!(reply.body["message"], "Unique constraint violation");
        assert_eq!(reply.body["details"][0]["code"], "unique_violation");
    }
    let listed = acme.user.get(NOTES).await.expect(200);
    assert_eq!(listed.each("id"), [made[0].body["id"].clone()]);
    // Another account's value is another value.
    other.user.post(NOTES, json!({ "title": "the one" })).await.expect(201);
    let second = acme.user.post(NOTES, json!({ "title": "another" })).await.expect(201);
    let path = format!("{NOTES}/{}", second.str("id"));
    acme.user.patch(&path, json!({ "title": "the one" })).await.expect(400);
    acme.user.patch(&path, json!({ "title": "another", "n": 1 })).await.expect(200);
    server.assert_ready().await;
}

async fn accounts_made_at_once_get_codes_of_their_own(database: Database) {
    let (_server, superadmin, _acme) = stage(database).await;
    let creates = (0..100).map(|_| superadmin.post("/api/v1/accounts", json!({ "name": "Twin" })));
    let made: Vec<_> = join_all(creates).await.into_iter().map(|reply| reply.expect(201)).collect();
    for key in ["account_code", "slug", "id"] {
        assert_eq!(made.iter().map(|reply| reply.str(key)).collect::<HashSet<_>>().len(), 100, "{key}");
    }
}

async fn a_batch_with_one_bad_record_leaves_nothing(database: Database) {
    let (_server, _superadmin, acme) = stage(database).await;
    let batch = format!("{NOTES}/batch");
    let mut records: Vec<Value> = (0..100).map(|n| json!({ "title": format!("note {n}"), "n": n })).collect();
    for bad in [
        json!({ "n": 1 }),
        json!({ "title": 1 }),
        json!({ "title": "note 7" }),
        json!({ "title": "x", "y": 1 }),
    ] {
        let good = std::mem::replace(&mut records[99], bad);
        let refused = acme.user.post(&batch, json!({ "records": records })).await.expect(400);
        assert_eq!(
            (&refused.body["error"], &refused.body["index"]),
            (&json!("validation_error"), &json!(99))
        );
        assert_eq!(acme.user.get(NOTES).await.expect(200).body["total"], 0);
        records[99] = good;
    }
    let made = acme.user.post(&batch, json!({ "records": records })).await.expect(201);
    let ids: Vec<_> = made.body["created"].as_array().unwrap().iter().map(|r| r["id"].clone()).collect();
    assert_eq!(ids.len(), 100);
    let before = acme.user.get(NOTES).await.expect(200);
    let mut changes: Vec<_> = ids.iter().map(|id| json!({ "id": id, "data": { "n": -1 } })).collect();
    changes[99]["data"] = json!({ "title": "note 7" });
    let refused = acme.user.patch(&batch, json!({ "records": changes })).await.expect(400);
    assert_eq!(refused.body["details"][0]["code"], "unique_violation");
    changes[99] = json!({ "id": "00000000-0000-4000-8000-000000000000", "data": {} });
    acme.user.patch(&batch, json!({ "records": changes })).await.expect(404);
    let mut doomed = ids.clone();
    doomed[99] = json!("nosuch");
    let method = reqwest::Method::DELETE;
    acme.user.send(method.clone(), &batch, Some(json!({ "ids": doomed }))).await.expect(404);
    assert_eq!(acme.user.get(NOTES).await.expect(200).body, before.body);
    let gone = acme.user.send(method, &batch, Some(json!({ "ids": ids }))).await.expect(200);
    assert_eq!(gone.body["count"], 100);
}

async fn updates_and_deletes_at_once_leave_a_record_whole_or_gone(database: Database) {
    let (server, _superadmin, acme) = stage(database).await;
    for round in 0..10 {
        let made = acme.user.post(NOTES, json!({ "title": format!("note {round}") })).await.expect(201);
        let path = format!("{NOTES}/{}", made.str("id"));
        let updates = join_all((0..10).map(|n| acme.user.patch(&path, json!({ "n": n }))));
        let (updated, deleted) = tokio::join!(updates, acme.user.delete(&path));
        deleted.expect(204);
        assert!(updated.iter().all(|reply| matches!(reply.status, 200 | 404)));
        acme.user.get(&path).await.expect(404);
    }
    server.assert_ready().await;
}

async fn collections_made_at_once_are_all_there(database: Database) {
    let (_server, superadmin, acme) = stage(database).await;
    let schema = json!([{ "name": "title", "type": "text" }]);
    let creates = (0..10).map(|n| {
        // Half of them meet another of the same name.
        let name = format!("things{}", n / 2);
        superadmin.post("/api/v1/collections", json!({ "name": name, "schema": schema, "create_rule": "" }))
    });
    let statuses: Vec<_> = join_all(creates).await.into_iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 5, "{statuses:?}");
    for n in 0..5 {
        let path = format!("/api/v1/records/things{n}");
        acme.user.post(&path, json!({ "title": "x" })).await.expect(201);
    }
}
