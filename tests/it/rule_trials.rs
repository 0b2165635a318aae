//! What a rule would decide, and why: the answer is that of a real request.

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    a_trial_says_what_a_request_would_get,
    a_trial_names_the_clause_that_decided,
    a_trial_of_an_update_judges_what_it_leaves,
    an_unreadable_rule_is_shown_as_that,
);

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

async fn a_trial_of_an_update_judges_what_it_leaves(database: Database) {
    let (_server, superadmin, acme) = stage(database).await;
    let made = acme.user.post("/api/v1/records/notes", json!({ "title": "a", "n": 1 })).await.expect(201);
    let (id, one) = (made.str("id"), format!("/api/v1/records/notes/{}", made.str("id")));
    let rules = [
        (json!(""), json!("n < 5 && title != \"\"")),
        (json!("n < 3"), json!("updated_by = @request.auth.id && n < 5")),
        (json!("n < 3 || @has_role(\"admin\")"), json!("@request.data.n IS NULL || n = @request.data.n")),
        (json!("@request.data.title IS NULL"), json!("length(title) = 1")),
        (json!("title = \"a\""), json!(null)),
        (json!(null), json!("n < 5")),
        (json!("n < 3"), json!("")),
    ];
    for (update, check) in rules {
        let both = json!({ "update_rule": update, "update_check_rule": check });
        superadmin.put("/api/v1/collections/notes/rules", both).await.expect(200);
        for data in [
            json!({}),
            json!({ "n": 7 }),
            json!({ "n": 2 }),
            json!({ "title": "" }),
            json!({ "title": "bb", "n": 9 }),
            json!({ "n": "x" }),
            json!({ "nothing": 1 }),
        ] {
            for (user, client) in [(&acme.user_id, &acme.user), (&acme.admin_id, &acme.admin)] {
                let body = json!({ "operation": "update", "as": { "user_id": user }, "record_id": id, "data": data });
                let told = superadmin.post(TRIAL, body).await;
                let got = client.patch(&one, data.clone()).await;
                let what = format!("{update} {check} {data}: {} {}", told.text, got.text);
                if got.status == 200 {
                    superadmin.patch(&one, json!({ "title": "a", "n": 1 })).await.expect(200);
                }
                // Faults of what is sent are told as the request tells them.
                if got.body.get("details").is_some() {
                    assert_eq!((told.status, &told.body), (400, &got.body), "{what}");
                    continue;
                }
                let told = told.expect(200);
                assert_eq!(told.body["allowed"], got.status == 200, "{what}");
                let denied_by = match got.status {
                    200 => json!(null),
                    400 => json!("update_check_rule"),
                    _ => json!("update_rule"),
                };
                assert_eq!(told.body["denied_by"], denied_by, "{what}");
                let checked = !update.is_null() && check.as_str().is_some_and(|rule| !rule.is_empty());
                assert_eq!(told.body["update_check"].is_object(), checked, "{what}");
            }
        }
    }
    // The clauses of both are told, and a check of one's own can be tried.
    let body = json!({
        "operation": "update", "as": { "user_id": acme.user_id }, "record_id": id, "data": { "n": 9 },
        "rule": "n = 1", "update_check_rule": "title = \"a\" && n < 5",
    });
    let told = superadmin.post(TRIAL, body.clone()).await.expect(200);
    assert_eq!(
        (&told.body["clauses"][0]["result"], &told.body["decided_by"]),
        (&json!(true), &json!("rule"))
    );
    let check = &told.body["update_check"];
    assert_eq!(
        (&check["allowed"], &check["join"], &check["rule"]),
        (&json!(false), &json!("and"), &body["update_check_rule"])
    );
    let results =
        [0, 1].map(|n| (check["clauses"][n]["result"].clone(), check["clauses"][n]["decisive"].clone()));
    assert_eq!(results, [(json!(true), json!(false)), (json!(false), json!(true))]);
    let mut anonymous = body.clone();
    anonymous["as"] = json!({ "anonymous": true, "account": acme.code });
    anonymous["rule"] = json!("");
    let told = superadmin.post(TRIAL, anonymous).await.expect(200);
    assert_eq!(
        (&told.body["decided_by"], &told.body["update_check"]["decided_by"]),
        (&json!("public"), &json!("anonymous"))
    );
    let mut wrong = body;
    wrong["update_check_rule"] = json!("zzz = 1");
    let refused = superadmin.post(TRIAL, wrong).await.expect(400);
    assert!(refused.str("detail").starts_with("Invalid update_check_rule: Field 'zzz'"), "{}", refused.text);
}

async fn an_unreadable_rule_is_shown_as_that(database: Database) {
    let (server, superadmin, acme) = stage(database).await;
    let query = json!({ "name": "fleeting", "sql_query": "SELECT :n > 1", "parameters": ["n"] });
    superadmin.post("/api/v1/macros", query).await.expect(201);
    let rules = json!({ "list_rule": null, "view_rule": "n > 1", "update_rule": "@fleeting(n)", "update_check_rule": "n > 2" });
    let path = "/api/v1/collections/notes/rules";
    superadmin.put(path, rules).await.expect(200);
    let sql = "/api/v1/collections/notes/rules/sql";
    let shown = superadmin.get(sql).await.expect(200);
    assert_eq!(
        (&shown.body["list"], &shown.body["create"], &shown.body["unreadable"]),
        (&json!(null), &json!(""), &json!([]))
    );
    for rule in ["view", "update", "update_check"] {
        assert!(!shown.str(rule).is_empty(), "{}", shown.text);
    }
    // The macro goes past the call that would refuse it.
    server.database().execute("DELETE FROM macros WHERE name = 'fleeting'").await.unwrap();
    add_collection(&superadmin, "others", json!([{ "name": "a", "type": "text" }]), json!({})).await;
    let shown = superadmin.get(sql).await.expect(200);
    assert_eq!((&shown.body["update"], &shown.body["unreadable"]), (&json!(null), &json!(["update"])));
    assert!(shown.str("view").contains("n") && shown.str("update_check").contains("n"), "{}", shown.text);
    let body =
        json!({ "operation": "update", "as": { "user_id": acme.user_id }, "record": { "n": 3 }, "data": {} });
    let told = superadmin.post(TRIAL, body).await.expect(200);
    assert_eq!((told.str("decided_by"), told.str("denied_by")), ("unreadable", "update_rule"));
    assert_eq!(told.body["update_check"]["allowed"], true);
}
