//! Rules decide, and what they hide stays hidden.

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    a_locked_collection_is_closed_and_a_public_one_is_open_in_the_account_named,
    a_record_that_stops_matching_a_rule_is_gone_for_that_rule,
    a_batch_is_judged_record_by_record,
    hidden_fields_cannot_be_filtered_sorted_selected_or_expanded,
    expansion_shows_what_the_targets_rule_shows,
    masks_hold_in_every_reply,
    members_of_pii_access_see_what_is_masked,
    fields_outside_the_lists_cannot_be_written,
    a_changed_rule_counts_with_the_next_request,
    rules_and_filters_look_through_references,
    an_update_that_leaves_a_refused_record_is_undone,
);

const NOTES: &str = "/api/v1/records/notes";

fn note(reply: &Reply) -> String {
    format!("{NOTES}/{}", reply.str("id"))
}

async fn stage(database: Database, schema: Value, rules: Value) -> (Server, Client, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "notes", schema, rules).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

fn text(name: &str) -> Value {
    json!({ "name": name, "type": "text" })
}

async fn set_rules(superadmin: &Client, rules: Value) {
    superadmin.put("/api/v1/collections/notes/rules", rules).await.expect(200);
}

async fn a_locked_collection_is_closed_and_a_public_one_is_open_in_the_account_named(database: Database) {
    let locked = json!({
        "list_rule": null, "view_rule": null, "create_rule": null, "update_rule": null, "delete_rule": null,
    });
    let (server, superadmin, acme) = stage(database, json!([text("title")]), locked).await;
    let made = superadmin.post(NOTES, json!({ "title": "x", "account_id": acme.id })).await.expect(201);
    let stranger = server.anonymous().with_header("x-account-id", &acme.code);
    for caller in [&acme.user, &acme.admin, &stranger] {
        let denied = caller.get(NOTES).await.expect(403);
        assert_eq!(denied.body["detail"], "Access denied: list is locked for this collection");
        caller.get(&note(&made)).await.expect(403);
        caller.post(NOTES, json!({ "title": "y" })).await.expect(403);
        caller.patch(&note(&made), json!({ "title": "y" })).await.expect(403);
        caller.delete(&note(&made)).await.expect(403);
    }
    let open = json!({ "list_rule": "", "view_rule": "", "create_rule": "", "update_rule": "true" });
    set_rules(&superadmin, open).await;
    assert_eq!(stranger.get(NOTES).await.expect(200).body["total"], 1);
    stranger.get(&note(&made)).await.expect(200);
    let own = stranger.post(NOTES, json!({ "title": "from nobody" })).await.expect(201);
    assert_eq!((&own.body["created_by"], &own.body["account_id"]), (&json!("anonymous"), &json!(acme.id)));
    let unsigned = stranger.patch(&note(&made), json!({})).await.expect(401);
    assert_eq!(unsigned.body["detail"], "Authentication required to access this resource");
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let elsewhere = server.anonymous().with_header("x-account-id", &other.slug);
    assert_eq!(elsewhere.get(NOTES).await.expect(200).body["total"], 0);
    elsewhere.get(&note(&made)).await.expect(404);
    server.anonymous().with_header("x-account-id", &acme.id).get(NOTES).await.expect(404);
    server.anonymous().get(NOTES).await.expect(400);
}

async fn a_record_that_stops_matching_a_rule_is_gone_for_that_rule(database: Database) {
    let rules = json!({
        "view_rule": "status != \"secret\"",
        "list_rule": "status != \"secret\"",
        "update_rule": "status = \"draft\" && created_by = @request.auth.id",
        "delete_rule": "status = \"done\" && @has_role(\"admin\")",
    });
    let (_server, superadmin, acme) = stage(database, json!([text("title"), text("status")]), rules).await;
    let made = acme.user.post(NOTES, json!({ "title": "a", "status": "draft" })).await.expect(201);
    let path = note(&made);
    acme.admin.patch(&path, json!({ "title": "stolen" })).await.expect(404);
    acme.user.delete(&path).await.expect(404);
    acme.admin.delete(&path).await.expect(404);
    acme.user.patch(&path, json!({ "status": "done" })).await.expect(200);
    let gone = acme.user.patch(&path, json!({ "status": "draft" })).await.expect(404);
    assert_eq!(gone.body, json!({ "error": "Not found", "message": "Record not found" }));
    acme.user.put(&path, json!({ "title": "b" })).await.expect(404);
    assert_eq!(acme.user.get(&path).await.expect(200).body["title"], "a");
    acme.user.delete(&path).await.expect(404);
    acme.admin.delete(&path).await.expect(204);

    let secret = acme.user.post(NOTES, json!({ "title": "b", "status": "secret" })).await.expect(201);
    acme.user.get(&note(&secret)).await.expect(404);
    assert_eq!(acme.user.get(NOTES).await.expect(200).body["total"], 0);
    let asked = acme.user.get_with(NOTES, &[("filter", "status = \"secret\" || true")]).await.expect(200);
    assert_eq!(asked.body["total"], 0);
    superadmin.get(&note(&secret)).await.expect(200);
    // A rule may look at what is sent.
    set_rules(&superadmin, json!({ "update_rule": "@request.data.title != \"forbidden\"" })).await;
    acme.user.patch(&note(&secret), json!({ "title": "forbidden" })).await.expect(404);
    acme.user.patch(&note(&secret), json!({ "title": "fine" })).await.expect(200);
}

async fn a_batch_is_judged_record_by_record(database: Database) {
    let rules = json!({
        "create_rule": "n < 10 && created_by = @request.auth.id", "update_rule": "n < 5", "delete_rule": "n < 5",
    });
    let (_server, _superadmin, acme) =
        stage(database, json!([{ "name": "n", "type": "number" }]), rules).await;
    let batch = format!("{NOTES}/batch");
    let records =
        |numbers: &[i64]| json!({ "records": numbers.iter().map(|n| json!({ "n": n })).collect::<Vec<_>>() });
    acme.user.post(&batch, records(&[1, 2, 11])).await.expect(400);
    assert_eq!(acme.user.get(NOTES).await.expect(200).body["total"], 0);
    let made = acme.user.post(&batch, records(&[1, 2, 7])).await.expect(201);
    let ids: Vec<_> = made.body["created"].as_array().unwrap().iter().map(|r| r["id"].clone()).collect();
    let changes: Vec<_> = ids.iter().map(|id| json!({ "id": id, "data": { "n": 0 } })).collect();
    let refused = acme.user.patch(&batch, json!({ "records": changes })).await.expect(404);
    assert_eq!(refused.body["error"], "not_found");
    let delete = async |ids: &[Value]| {
        acme.user.send(reqwest::Method::DELETE, &batch, Some(json!({ "ids": ids }))).await
    };
    delete(&ids).await.expect(404);
    let listed = acme.user.get_with(NOTES, &[("sort", "+n")]).await.expect(200);
    assert_eq!(listed.each("n"), [1, 2, 7]);
    acme.user.patch(&batch, json!({ "records": changes[..2] })).await.expect(200);
    assert_eq!(delete(&ids[..2]).await.expect(200).body["count"], 2);
    assert_eq!(acme.user.get(NOTES).await.expect(200).body["total"], 1);
}

async fn hidden_fields_cannot_be_filtered_sorted_selected_or_expanded(database: Database) {
    let schema = json!([
        text("title"), text("secret"),
        { "name": "parent", "type": "reference", "collection": "notes", "on_delete": "cascade" },
    ]);
    let lists =
        json!({ "list_fields": "[\"title\"]", "view_fields": "[\"title\"]", "update_fields": "[\"title\"]" });
    let (_server, superadmin, acme) = stage(database, schema, lists).await;
    let root = acme.user.post(NOTES, json!({ "title": "b", "secret": "1 buried" })).await.expect(201);
    let body = json!({ "title": "a", "secret": "2 buried", "parent": root.body["id"] });
    let leaf = acme.user.post(NOTES, body).await.expect(201);
    for filter in [
        "secret = \"1 buried\"",
        "secret ~ \"1%\"",
        "upper(secret) = \"X\"",
        "\"1\" < secret",
        "parent IS NULL",
    ] {
        let refused = acme.user.get_with(NOTES, &[("filter", filter)]).await.expect(400);
        let message = refused.str("message");
        assert!(message.contains("does not exist in collection"), "{message}");
        let offered = message.split_once("Available fields:").unwrap().1;
        assert!(!offered.contains("secret") && !offered.contains("parent"), "{message}");
    }
    for query in ["secret=1%20buried", "parent=x", "expand=secret"] {
        acme.user.get(&format!("{NOTES}?{query}")).await.expect(400);
    }
    // As for a field that is not there: by the time of creation.
    for (hidden, unknown) in [("+secret", "+nosuch"), ("-secret", "-nosuch")] {
        let by_hidden = acme.user.get_with(NOTES, &[("sort", hidden)]).await.expect(200);
        let by_unknown = acme.user.get_with(NOTES, &[("sort", unknown)]).await.expect(200);
        assert_eq!(by_hidden.body, by_unknown.body);
    }
    let listed = acme.user.get(&format!("{NOTES}?fields=title,secret,parent")).await.expect(200);
    let expanded = acme.user.get(&format!("{NOTES}?expand=parent.parent")).await.expect(200);
    let seen = acme.user.get(&note(&leaf)).await.expect(200);
    let narrowed = acme.user.get(&format!("{}?fields=secret", note(&leaf))).await.expect(200);
    let changed = acme.user.patch(&note(&leaf), json!({ "title": "c" })).await.expect(200);
    for reply in [listed, expanded, seen, narrowed, changed] {
        assert!(!reply.text.contains("buried") && !reply.text.contains("parent"), "{}", reply.text);
    }
    assert_eq!(superadmin.get(&note(&leaf)).await.expect(200).body["secret"], "2 buried");
}

async fn expansion_shows_what_the_targets_rule_shows(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let rules = json!({
        "list_rule": null, "view_rule": "title != \"hidden\"", "view_fields": "[\"title\"]",
    });
    add_collection(&superadmin, "people", json!([text("title"), text("secret")]), rules).await;
    let schema =
        json!([{ "name": "who", "type": "reference", "collection": "people", "on_delete": "set_null" }]);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let people = "/api/v1/records/people";
    let seen = acme.user.post(people, json!({ "title": "seen", "secret": "buried" })).await.expect(201);
    let hidden = acme.user.post(people, json!({ "title": "hidden", "secret": "buried" })).await.expect(201);
    for who in [&seen, &hidden] {
        acme.user.post(NOTES, json!({ "who": who.body["id"] })).await.expect(201);
    }
    let list = async || acme.user.get(&format!("{NOTES}?expand=who&sort=%2Bcreated_at")).await.expect(200);
    let listed = list().await;
    assert!(!listed.text.contains("buried"), "{}", listed.text);
    assert_eq!(listed.items()[0]["who"]["title"], "seen");
    assert_eq!(listed.items()[1]["who"], hidden.body["id"]);
    let lock = json!({ "view_rule": null });
    superadmin.put("/api/v1/collections/people/rules", lock).await.expect(200);
    assert_eq!(list().await.each("who"), [seen.body["id"].clone(), hidden.body["id"].clone()]);
    let whole = superadmin.get(&format!("{NOTES}?expand=who&sort=%2Bcreated_at")).await.expect(200);
    assert_eq!(whole.items()[1]["who"]["secret"], "buried");
}

fn people_with_masks() -> Value {
    json!([
        { "name": "mail", "type": "email", "pii": true, "mask_type": "email" },
        { "name": "phone", "type": "text", "pii": true, "mask_type": "phone" },
        { "name": "called", "type": "text", "pii": true, "mask_type": "name" },
        { "name": "salary", "type": "number", "pii": true },
        { "name": "boss", "type": "reference", "collection": "notes", "on_delete": "set_null" },
    ])
}

fn john() -> Value {
    json!({ "mail": "john@example.com", "phone": "+1-555-123-4567", "called": "John Doe", "salary": 12.5 })
}

fn assert_masked(shown: &Value) {
    let want = json!(["j***@example.com", "+1-***-***-4567", "J*** D***", "****"]);
    assert_eq!(json!([shown["mail"], shown["phone"], shown["called"], shown["salary"]]), want);
}

async fn masks_hold_in_every_reply(database: Database) {
    let (_server, superadmin, acme) = stage(database, people_with_masks(), json!({})).await;
    let user = &acme.user;
    let made = user.post(NOTES, john()).await.expect(201);
    let (path, id, batch) = (note(&made), made.body["id"].clone(), format!("{NOTES}/batch"));
    assert_masked(&made.body);
    assert_masked(&user.get(&path).await.expect(200).body);
    assert_masked(&user.get(NOTES).await.expect(200).items()[0]);
    assert_masked(&user.patch(&path, json!({ "boss": id })).await.expect(200).body);
    let expanded = user.get(&format!("{path}?expand=boss.boss")).await.expect(200);
    assert_masked(&expanded.body["boss"]);
    assert_masked(&expanded.body["boss"]["boss"]);
    let changes = json!({ "records": [{ "id": id, "data": { "boss": null } }] });
    assert_masked(&user.patch(&batch, changes).await.expect(200).body["updated"][0]);
    assert_masked(&user.post(&batch, json!({ "records": [john()] })).await.expect(201).body["created"][0]);
    for filter in ["mail ~ \"j%\"", "salary > 12", "called < \"K\"", "length(mail) = 16", "phone !~ \"+2%\""]
    {
        let refused = user.get_with(NOTES, &[("filter", filter)]).await;
        assert_eq!(refused.status, 400, "{filter}: {}", refused.text);
    }
    let by_salary = user.get_with(NOTES, &[("sort", "+salary")]).await.expect(200);
    let by_unknown = user.get_with(NOTES, &[("sort", "+nosuch")]).await.expect(200);
    assert_eq!(by_salary.body, by_unknown.body);
    assert_eq!(user.get_with(NOTES, &[("mail", "john@example.com")]).await.expect(200).body["total"], 2);
    // What was read can be written back without loss.
    let mut read = user.get(&path).await.expect(200).body;
    for key in ["id", "account_id", "account_name", "created_at", "created_by", "updated_at", "updated_by"] {
        read.as_object_mut().unwrap().remove(key);
    }
    assert_masked(&user.put(&path, read).await.expect(200).body);
    let stored = superadmin.get(&path).await.expect(200);
    let john = john();
    for field in ["mail", "phone", "called", "salary"] {
        assert_eq!(stored.body[field], john[field]);
    }
}

async fn members_of_pii_access_see_what_is_masked(database: Database) {
    let (_server, _superadmin, acme) = stage(database, people_with_masks(), json!({})).await;
    let made = acme.user.post(NOTES, john()).await.expect(201);
    assert_masked(&made.body);
    let group = acme.admin.post("/api/v1/groups", json!({ "name": "pii_access" })).await.expect(201);
    let members = format!("/api/v1/groups/{}/users", group.str("id"));
    acme.admin.post(&members, json!({ "user_id": acme.user_id })).await.expect(201);
    assert_eq!(acme.user.get(&note(&made)).await.expect(200).body["mail"], "john@example.com");
    acme.user.get_with(NOTES, &[("filter", "salary > 12")]).await.expect(200);
    acme.admin.delete(&format!("{members}/{}", acme.user_id)).await.expect(204);
    assert_masked(&acme.user.get(&note(&made)).await.expect(200).body);
}

async fn fields_outside_the_lists_cannot_be_written(database: Database) {
    let lists = json!({ "create_fields": "[\"title\"]", "update_fields": "[\"status\"]" });
    let (_server, superadmin, acme) = stage(database, json!([text("title"), text("status")]), lists).await;
    let refused = acme.user.post(NOTES, json!({ "title": "a", "status": "b" })).await.expect(422);
    assert_eq!(refused.body["detail"]["unauthorized_fields"], json!(["status"]));
    let made = acme.user.post(NOTES, json!({ "title": "a" })).await.expect(201);
    let refused = acme.user.patch(&note(&made), json!({ "title": "b" })).await.expect(422);
    assert_eq!(refused.body["detail"]["allowed_fields"], json!(["status"]));
    let changed = acme.user.patch(&note(&made), json!({ "status": "b" })).await.expect(200);
    assert!(changed.body.get("title").is_none());
    superadmin.patch(&note(&made), json!({ "title": "c" })).await.expect(200);
}

async fn a_changed_rule_counts_with_the_next_request(database: Database) {
    let (_server, superadmin, acme) = stage(database, json!([text("title")]), json!({})).await;
    for _ in 0..3 {
        acme.user.get(NOTES).await.expect(200);
        set_rules(&superadmin, json!({ "list_rule": null })).await;
        acme.user.get(NOTES).await.expect(403);
        set_rules(&superadmin, json!({ "list_rule": "@has_role(\"admin\")" })).await;
        acme.user.get(NOTES).await.expect(200);
        set_rules(&superadmin, json!({ "list_rule": "" })).await;
    }
    superadmin.put("/api/v1/collections/notes/rules", json!({ "list_rule": "nosuch = 1" })).await.expect(400);
    acme.user.get(NOTES).await.expect(200);
}

async fn rules_and_filters_look_through_references(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([text("name"), text("owner"), text("secret")]);
    let views = json!({ "view_rule": "owner = @request.auth.id", "view_fields": "[\"name\"]" });
    add_collection(&superadmin, "teams", schema, views).await;
    let rule = json!({ "list_rule": "", "create_rule": "team.owner = @request.auth.id" });
    let team = json!({ "name": "team", "type": "reference", "collection": "teams", "on_delete": "cascade" });
    add_collection(&superadmin, "notes", json!([text("title"), team]), rule).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let own = acme.user.get("/api/v1/auth/me").await.expect(200).str("user_id").to_owned();
    let team = async |name: &str, owner: &str| {
        let body = json!({ "name": name, "owner": owner, "secret": "x", "account_id": acme.id });
        superadmin.post("/api/v1/records/teams", body).await.expect(201).str("id").to_owned()
    };
    let (mine, other) = (team("Mine", &own).await, team("Other", "nobody").await);

    acme.user.post(NOTES, json!({ "title": "a", "team": mine })).await.expect(201);
    let refused = acme.user.post(NOTES, json!({ "title": "b", "team": other })).await.expect(400);
    assert_eq!(refused.body["detail"], "Record does not satisfy collection rules");
    let foreign = json!({ "title": "b", "team": other, "account_id": acme.id });
    superadmin.post(NOTES, foreign).await.expect(201);
    let listed = async |client: &Client, filter: &str| {
        let page =
            client.get_with(NOTES, &[("filter", filter), ("sort", "+team.name,+title")]).await.expect(200);
        page.each("title").iter().map(|t| t.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&acme.user, "team.name ~ \"m%\"").await, ["a"]);
    assert_eq!(listed(&acme.user, "team.name = \"Other\"").await, [""; 0]);
    assert_eq!(listed(&acme.user, "title != \"\"").await, ["b", "a"], "what is hidden counts as null");
    assert_eq!(listed(&superadmin, "team.secret = \"x\"").await, ["a", "b"]);
    let hidden = acme.user.get_with(NOTES, &[("filter", "team.secret = \"x\"")]).await.expect(400);
    let told = hidden.body["message"].as_str().unwrap();
    assert!(
        told.starts_with("Field 'team.secret' does not exist in collection. Available fields: "),
        "{told}"
    );
    let walk = [("sort", "+team.name"), ("limit", "1"), ("cursor", "")];
    let first = acme.user.get_with(NOTES, &walk).await.expect(200);
    let next = first.body["next_cursor"].as_str().unwrap();
    let walk = [("sort", "+team.name"), ("limit", "1"), ("cursor", next)];
    let second = acme.user.get_with(NOTES, &walk).await.expect(200);
    assert_eq!((first.each("title"), second.each("title")), (vec![json!("b")], vec![json!("a")]));

    let rules = "/api/v1/collections/notes/rules";
    let bad = superadmin.put(rules, json!({ "list_rule": "team.boss = 1" })).await.expect(400);
    let told = bad.body["detail"].as_str().unwrap();
    assert!(told.starts_with("Invalid list_rule: Field 'team.boss' does not exist in collection."), "{told}");
}

async fn an_update_that_leaves_a_refused_record_is_undone(database: Database) {
    let rules = json!({ "create_rule": "", "view_rule": "", "update_rule": "" });
    let (_server, superadmin, acme) = stage(database, json!([text("title"), text("status")]), rules).await;
    let rules = "/api/v1/collections/notes/rules";
    assert_eq!(superadmin.get(rules).await.expect(200).body["update_check_rule"], Value::Null);
    let bad = superadmin.put(rules, json!({ "update_check_rule": "nothing = 1" })).await.expect(400);
    assert!(bad.body["detail"].as_str().unwrap().starts_with("Invalid update_check_rule: Field 'nothing'"));
    let check = "status != \"live\" || @request.data.title = \"ready\"";
    let saved = superadmin.put(rules, json!({ "update_check_rule": check })).await.expect(200);
    assert_eq!(saved.body["update_check_rule"], check);

    let made = acme.user.post(NOTES, json!({ "title": "new", "status": "draft" })).await.expect(201);
    let refused = acme.user.patch(&note(&made), json!({ "status": "live" })).await.expect(400);
    assert_eq!(refused.body, json!({ "detail": "Record does not satisfy collection rules" }));
    let whole = json!({ "title": "other", "status": "live" });
    acme.user.put(&note(&made), whole).await.expect(400);
    let batch = json!({ "records": [
        { "id": made.str("id"), "data": { "title": "changed" } },
        { "id": made.str("id"), "data": { "status": "live" } },
    ] });
    acme.user.patch(&format!("{NOTES}/batch"), batch).await.expect(400);
    assert_eq!(acme.user.get(&note(&made)).await.expect(200).body["title"], "new");
    acme.user.patch(&note(&made), json!({ "title": "ready", "status": "live" })).await.expect(200);
    superadmin.patch(&note(&made), json!({ "title": "whatever" })).await.expect(200);
}
