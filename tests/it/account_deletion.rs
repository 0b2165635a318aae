//! An account goes with everything in it, and others hardly notice.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Client;
use crate::on_each_database;
use crate::program::Program;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    whatever_refers_to_what_all_of_an_account_goes_and_nothing_else,
    others_write_while_a_large_account_goes,
);

async fn total(superadmin: &Client, collection: &str) -> u64 {
    let reply = superadmin.get(&format!("/api/v1/records/{collection}?limit=1")).await.expect(200);
    reply.body["total"].as_u64().unwrap()
}

async fn whatever_refers_to_what_all_of_an_account_goes_and_nothing_else(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let reference = |name: &str, to: &str, on_delete: &str| json!({ "name": name, "type": "reference", "collection": to, "on_delete": on_delete });
    add_collection(&superadmin, "teams", json!([{ "name": "name", "type": "text" }]), json!({})).await;
    let teams_to_people = json!([
        { "name": "name", "type": "text" }, reference("lead", "people", "restrict"),
    ]);
    let people = json!([reference("team", "teams", "restrict"), reference("boss", "people", "restrict")]);
    add_collection(&superadmin, "people", people, json!({})).await;
    let id = superadmin.get("/api/v1/collections?search=teams").await.expect(200).items()[0]["id"].clone();
    let path = format!("/api/v1/collections/{}", id.as_str().unwrap());
    superadmin.put(&path, json!({ "schema": teams_to_people })).await.expect(200);
    let tasks = json!([reference("of", "people", "restrict")]);
    add_collection(&superadmin, "tasks", tasks, json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    for tenant in [&acme, &other] {
        let add = async |collection: &str, record: Value| -> String {
            let path = format!("/api/v1/records/{collection}");
            tenant.user.post(&path, record).await.expect(201).str("id").to_owned()
        };
        let team = add("teams", json!({ "name": "team" })).await;
        let boss = add("people", json!({ "team": team })).await;
        for _ in 0..3 {
            let person = add("people", json!({ "team": team, "boss": boss })).await;
            add("tasks", json!({ "of": person })).await;
        }
        tenant
            .user
            .patch(&format!("/api/v1/records/teams/{team}"), json!({ "lead": boss }))
            .await
            .expect(200);
    }
    superadmin.delete(&format!("/api/v1/accounts/{}", acme.id)).await.expect(204);
    for (collection, left) in [("teams", 1), ("people", 4), ("tasks", 3)] {
        assert_eq!(total(&superadmin, collection).await, left, "{collection}");
    }
    superadmin.get(&format!("/api/v1/accounts/{}", acme.id)).await.expect(404);
    superadmin.get(&format!("/api/v1/users/{}", acme.user_id)).await.expect(404);
    superadmin.delete(&format!("/api/v1/accounts/{}", acme.id)).await.expect(404);
    let gone = acme.user.get("/api/v1/auth/me").await.expect(401);
    assert_eq!(gone.str("detail"), "User does not belong to the specifying account");
    server.anonymous().refresh(acme.user.refresh_token()).await.expect(401);
    server.anonymous().login(&acme.code, &acme.user_email, crate::server::PASSWORD).await.expect(401);
    other.user.get("/api/v1/auth/me").await.expect(200);
    let successor = json!({ "name": "Acme", "slug": acme.slug });
    superadmin.post("/api/v1/accounts", successor).await.expect(201);
}

/// Makes records of an account, a thousand at a time.
async fn fill(superadmin: &Client, account: &str, count: usize) {
    let record = json!({ "account_id": account, "title": "x".repeat(100) });
    for _ in 0..count / 1000 {
        let batch = json!({ "records": vec![record.clone(); 1000] });
        superadmin.post("/api/v1/records/notes/batch", batch).await.expect(201);
    }
}

async fn others_write_while_a_large_account_goes(database: Database) {
    const RECORDS: usize = 50_000;
    let server = Server::start_with(database, &[("BATCH_MAX_SIZE", "1000")]);
    let superadmin = server.superadmin().await;
    let schema = json!([{ "name": "title", "type": "text" }]);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    let large = Tenant::create(&server, &superadmin, "Large").await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    fill(&superadmin, &large.id, RECORDS).await;
    let path = format!("/api/v1/accounts/{}", large.id);
    let deletion = {
        let (superadmin, path) = (superadmin.clone(), path.clone());
        tokio::spawn(async move { superadmin.delete(&path).await.expect(204) })
    };
    let mut times = Vec::new();
    let mut hidden = None;
    loop {
        let start = Instant::now();
        other.user.post("/api/v1/records/notes", json!({ "title": "mine" })).await.expect(201);
        times.push(start.elapsed());
        if hidden.is_none() && superadmin.get(&path).await.status == 404 {
            hidden = Some(total(&superadmin, "notes").await);
        }
        if times.len() % 10 == 0 && total(&superadmin, "notes").await == times.len() as u64 {
            break;
        }
    }
    deletion.await.unwrap();
    assert!(hidden.unwrap() > 1000, "hidden at once, gone later");
    times.sort();
    let p99 = times[(times.len() * 99).div_ceil(100) - 1];
    assert!(times.len() >= 20 && p99 < Duration::from_millis(500), "p99 of {} writes: {p99:?}", times.len());
    superadmin.get(&path).await.expect(404);
}

#[tokio::test]
async fn a_deletion_that_a_kill_interrupts_is_finished_at_the_next_start() {
    let Some(program) = Program::find("account deletion: kill") else { return };
    let settings = [("BATCH_MAX_SIZE", "1000")];
    let mut serving = program.serve_with(&settings).await;
    let superadmin = serving.superadmin().await;
    add_collection(&superadmin, "notes", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let account = superadmin.post("/api/v1/accounts", json!({ "name": "Large" })).await.expect(201);
    let (id, path) = (account.str("id"), format!("/api/v1/accounts/{}", account.str("id")));
    fill(&superadmin, id, 20_000).await;
    let deletion = {
        let (superadmin, path) = (superadmin.clone(), path.clone());
        tokio::spawn(async move { superadmin.delete_while_it_lasts(&path).await })
    };
    while superadmin.get(&path).await.status == 200 {
        tokio::task::yield_now().await;
    }
    serving.kill();
    assert!(deletion.await.unwrap().is_none(), "the kill came first");
    let serving = program.serve_with(&settings).await;
    let superadmin = serving.superadmin().await;
    superadmin.get(&path).await.expect(404);
    for _ in 0..600 {
        if total(&superadmin, "notes").await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("records of the account are left: {}", program.log());
}
