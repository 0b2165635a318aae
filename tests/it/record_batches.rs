//! Batches: in which order they are judged, and by what.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    a_record_that_is_missing_is_told_before_anything_else,
    update_rules_judge_each_record_by_what_is_sent_for_it,
);

const BATCH: &str = "/api/v1/records/notes/batch";

async fn stage(database: Database, rules: Value) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema =
        json!([{ "name": "title", "type": "text", "required": true }, { "name": "owner", "type": "text" }]);
    add_collection(&superadmin, "notes", schema, rules).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

async fn make(by: &Client, title: &str) -> String {
    let made = by.post("/api/v1/records/notes", json!({ "title": title })).await.expect(201);
    made.str("id").to_owned()
}

async fn update(by: &Client, changes: &[(&str, Value)]) -> Reply {
    let records: Vec<_> = changes.iter().map(|(id, data)| json!({ "id": id, "data": data })).collect();
    by.patch(BATCH, json!({ "records": records })).await
}

async fn a_record_that_is_missing_is_told_before_anything_else(database: Database) {
    let (server, superadmin, acme) = stage(database, json!({ "update_fields": "[\"title\"]" })).await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let (user, known) = (&acme.user, make(&acme.user, "a").await);
    let foreign = make(&other.user, "foreign").await;
    let titles = async || user.get("/api/v1/records/notes").await.expect(200).each("title");
    for round in ["open", "locked"] {
        if round == "locked" {
            let locked = json!({ "update_rule": null, "delete_rule": null });
            superadmin.put("/api/v1/collections/notes/rules", locked).await.expect(200);
        }
        for missing in ["nothing", foreign.as_str()] {
            for first in [json!({ "title": "b" }), json!({ "title": 7 }), json!({ "owner": "x" })] {
                let refused = update(user, &[(&known, first), (missing, json!({}))]).await.expect(404);
                let told = json!({
                    "error": "not_found", "message": format!("Record '{missing}' not found (index 1)"),
                });
                assert_eq!(refused.body, told, "{round}");
            }
            let gone = json!({ "ids": [known, missing, "nothing else"] });
            let refused = user.send(Method::DELETE, BATCH, Some(gone)).await.expect(404);
            assert_eq!(refused.str("message"), format!("Record '{missing}' not found (index 1)"), "{round}");
        }
        assert_eq!(titles().await, ["a"]);
    }
    update(user, &[(&known, json!({ "title": 7 }))]).await.expect(403);
    // A superadmin reaches all of them.
    update(&superadmin, &[(&known, json!({ "title": "c" })), (&foreign, json!({ "title": "c" }))])
        .await
        .expect(200);
    assert_eq!(titles().await, ["c"]);
}

async fn update_rules_judge_each_record_by_what_is_sent_for_it(database: Database) {
    let rule = "title != \"kept\" && (@request.data.owner IS NULL || @request.data.owner = @request.auth.id)";
    let (_server, superadmin, acme) = stage(database, json!({ "update_rule": rule })).await;
    let user = &acme.user;
    let (one, two, kept) = (make(user, "one").await, make(user, "two").await, make(user, "kept").await);
    let (mine, others) = (json!({ "owner": acme.user_id }), json!({ "owner": acme.admin_id }));
    let owners = async || {
        let mut owners =
            superadmin.get("/api/v1/records/notes?sort=%2Btitle").await.expect(200).each("owner");
        owners.retain(|owner| !owner.is_null());
        owners
    };
    for (second, data) in [(&two, &others), (&kept, &mine), (&one, &others)] {
        let refused = update(user, &[(&one, mine.clone()), (second, data.clone())]).await.expect(404);
        assert_eq!(refused.str("message"), format!("Record '{second}' not found (index 1)"));
        assert!(owners().await.is_empty(), "nothing of it happened");
    }
    for path in [&one, &two].map(|id| format!("/api/v1/records/notes/{id}")) {
        user.patch(&path, others.clone()).await.expect(404);
    }
    update(user, &[(&one, mine.clone()), (&two, json!({ "title": "new" }))]).await.expect(200);
    assert_eq!(owners().await, [json!(acme.user_id)]);
}
