//! What a rule would decide, and why: the answer is that of a real request.

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(a_trial_says_what_a_request_would_get, a_trial_names_the_clause_that_decided);

const TRIAL: &str = "/api/v1/collections/notes/rules/test";

async fn stage(database: Database) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "title", "type": "text", "options": { "searchable": true } },
        { "name": "n", "type": "number" },
        { "name": "ok", "type": "boolean" },
    ]);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

async fn view_rule(superadmin: &Client, rule: Value) {
    superadmin.put("/api/v1/collections/notes/rules", json!({ "view_rule": rule })).await.expect(200);
}

async fn a_trial_says_what_a_request_would_get(database: Database) {
    let (_server, superadmin, acme) = stage(database).await;
    let many =
        json!({ "name": "many", "sql_query": "SELECT count(*) > :n FROM col_notes", "parameters": ["n"] });
    superadmin.post("/api/v1/macros", many).await.expect(201);
    let mut ids = Vec::new();
    for fields in
        [json!({ "title": "a", "n": 1, "ok": true }), json!({ "n": 5 }), json!({ "title": "", "ok": false })]
    {
        let made = acme.user.post("/api/v1/records/notes", fields).await.expect(201);
        ids.push(made.str("id").to_owned());
    }
    let leaves = [
        "n > 2",
        "title = \"a\"",
        "ok",
        "title IS NULL",
        "!(n = 1)",
        "@owns_record()",
        "@has_role(\"admin\")",
        "title ~ \"%a%\"",
        "title @@ \"A*\"",
        "n IN (1, 5)",
        "@many(n)",
        "length(title) = 0",
    ];
    // Every 7th pair of a fixed walk through all of them, joined and nested in turns.
    let mut rules: Vec<String> = leaves.iter().map(|leaf| (*leaf).to_owned()).collect();
    for step in (0..leaves.len() * leaves.len()).step_by(7) {
        let (a, b) = (leaves[step % leaves.len()], leaves[step / leaves.len()]);
        let c = leaves[(step * 5 + 3) % leaves.len()];
        rules.push(match step % 3 {
            0 => format!("{a} && ({b} || {c})"),
            1 => format!("{a} || {b} && !({c})"),
            _ => format!("({a} || {b}) && {c}"),
        });
    }
    for rule in rules {
        view_rule(&superadmin, json!(rule)).await;
        for (user, client) in [(&acme.user_id, &acme.user), (&acme.admin_id, &acme.admin)] {
            for id in &ids {
                let body = json!({ "operation": "view", "as": { "user_id": user }, "record_id": id });
                let told = superadmin.post(TRIAL, body).await.expect(200);
                let seen = client.get(&format!("/api/v1/records/notes/{id}")).await.status == 200;
                assert_eq!(told.body["allowed"], seen, "{rule}: {}", told.text);
                assert_eq!(told.body["decided_by"], "rule", "{rule}");
            }
        }
    }
}

async fn a_trial_names_the_clause_that_decided(database: Database) {
    let (_server, superadmin, acme) = stage(database).await;
    let made = acme.user.post("/api/v1/records/notes", json!({ "title": "a", "n": 1 })).await.expect(201);
    let id = made.str("id");
    let rule = "title = \"a\" && (n > 2 || ok)";
    view_rule(&superadmin, json!(rule)).await;
    let ask = async |caller: Value, more: Value| -> Reply {
        let mut body = json!({ "operation": "view", "as": caller, "record_id": id });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        superadmin.post(TRIAL, body).await
    };
    let user = json!({ "user_id": acme.user_id });
    let told = ask(user.clone(), json!({})).await.expect(200);
    assert_eq!(
        (&told.body["allowed"], &told.body["join"], &told.body["rule"]),
        (&json!(false), &json!("and"), &json!(rule))
    );
    let clauses = told.body["clauses"].as_array().unwrap();
    assert_eq!((&clauses[0]["text"], &clauses[0]["result"]), (&json!("title = \"a\""), &json!(true)));
    assert_eq!((&clauses[0]["decisive"], &clauses[1]["decisive"]), (&json!(false), &json!(true)));
    let group = &clauses[1];
    assert_eq!(
        (&group["text"], &group["start"], &group["join"]),
        (&json!("(n > 2 || ok)"), &json!(15), &json!("or"))
    );
    assert!(told.str("sql").contains("title") && !told.str("sql").contains("\"a\"'"), "{}", told.text);

    for (caller, more, allowed, decided_by) in [
        (user.clone(), json!({ "rule": "title = \"a\"" }), true, "rule"),
        (user.clone(), json!({ "rule": "" }), true, "public"),
        (
            user.clone(),
            json!({ "operation": "create", "record_id": null, "record": { "n": 3 },
            "rule": "n = 3 && @owns_record()" }),
            true,
            "rule",
        ),
        (json!({ "anonymous": true, "account": acme.code }), json!({}), false, "anonymous"),
    ] {
        let told = ask(caller, more).await.expect(200);
        assert_eq!(
            (&told.body["allowed"], told.str("decided_by")),
            (&json!(allowed), decided_by),
            "{}",
            told.text
        );
    }
    let mine = superadmin.get("/api/v1/auth/me").await.expect(200);
    let mine = json!({ "user_id": mine.body.get("user_id").or(mine.body.get("id")).unwrap() });
    assert_eq!(ask(mine, json!({})).await.expect(200).str("decided_by"), "superadmin");
    view_rule(&superadmin, json!(null)).await;
    assert_eq!(ask(user.clone(), json!({})).await.expect(200).str("decided_by"), "locked");
    ask(user.clone(), json!({ "rule": "zzz = 1" })).await.expect(400);
    ask(json!({ "user_id": "nobody" }), json!({})).await.expect(404);
    ask(json!({}), json!({})).await.expect(422);
    acme.admin.post(TRIAL, json!({})).await.expect(403);

    view_rule(&superadmin, json!("title = \"a\"")).await;
    let sql = superadmin.get("/api/v1/collections/notes/rules/sql").await.expect(200);
    assert!(sql.str("view").contains("title"), "{}", sql.text);
    assert_eq!((&sql.body["list"], sql.text.contains("\"a\"")), (&json!(""), false));
    acme.admin.get("/api/v1/collections/notes/rules/sql").await.expect(403);
}
