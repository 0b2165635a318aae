//! What is refused when rules and computed fields are saved, and what holds where there are none.

use serde_json::{Value, json};

use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    a_rule_that_is_too_large_with_its_computed_fields_is_refused,
    a_computed_field_that_is_never_of_its_return_type_is_refused,
    without_a_rule_row_nothing_is_allowed_until_one_is_made,
);

const COLLECTIONS: &str = "/api/v1/collections";
const RULES: &str = "/api/v1/collections/posts/rules";

fn joined(what: &str, times: usize) -> String {
    format!("concat({})", vec![what; times].join(", "))
}

/// A text field, and a computed one that joins it with itself.
fn fields(times: usize) -> Value {
    json!([
        { "name": "t", "type": "text" },
        { "name": "joined", "type": "computed", "expression": joined("t", times), "return_type": "text" },
    ])
}

async fn a_rule_that_is_too_large_with_its_computed_fields_is_refused(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let large = format!("{} != \"a\"", joined("joined", 10));
    let posts = add_collection(&superadmin, "posts", fields(1000), json!({})).await;
    for (key, rule) in [
        ("list_rule", large.clone()),
        ("update_rule", format!("@request.auth.id IS NULL && {large}")),
        ("update_check_rule", format!("@request.data.t IS NULL || {large}")),
    ] {
        let refused = superadmin.put(RULES, json!({ key: rule })).await.expect(400);
        assert_eq!(refused.str("detail"), format!("Invalid {key}: Expression is too complex"));
    }
    let mut other = json!({ "name": "others", "schema": fields(1000), "view_rule": large });
    let refused = superadmin.post(COLLECTIONS, other.clone()).await.expect(400);
    assert_eq!(refused.str("message"), "Invalid view_rule: Expression is too complex");
    other["view_rule"] = json!("joined != \"a\"");
    superadmin.post(COLLECTIONS, other).await.expect(201);

    // What fits may not outgrow the limit later, here or where references lead here.
    let path = format!("{COLLECTIONS}/{posts}");
    superadmin.put(&path, json!({ "schema": fields(2) })).await.expect(200);
    superadmin.put(RULES, json!({ "list_rule": large })).await.expect(200);
    let notes =
        json!([{ "name": "post", "type": "reference", "collection": "posts", "on_delete": "cascade" }]);
    let through = format!("{} != \"a\"", joined("post.joined", 10));
    add_collection(&superadmin, "notes", notes, json!({ "view_rule": through })).await;
    let refused = superadmin.put(&path, json!({ "schema": fields(1000) })).await.expect(400);
    assert_eq!(
        refused.str("message"),
        "Schema validation failed: schema[1].expression: Expression is too complex for: \
         view_rule of 'notes', list_rule of 'posts'"
    );
    superadmin.put(&path, json!({ "schema": fields(3) })).await.expect(200);
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let made = acme.user.post("/api/v1/records/posts", json!({ "t": "b" })).await.expect(201);
    assert_eq!(made.body["joined"], "bbb");
    assert_eq!(acme.user.get("/api/v1/records/posts").await.expect(200).body["total"], 1);
}

async fn a_computed_field_that_is_never_of_its_return_type_is_refused(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let make = async |name: &str, expression: &str, returns: &str| {
        let schema = json!([
            { "name": "n", "type": "number" }, { "name": "t", "type": "text" },
            { "name": "at", "type": "datetime" },
            { "name": "c", "type": "computed", "expression": expression, "return_type": returns },
        ]);
        superadmin.post(COLLECTIONS, json!({ "name": name, "schema": schema, "create_rule": "" })).await
    };
    for (expression, returns, gives) in
        [("upper(n)", "datetime", "text"), ("n * 2", "datetime", "a number"), ("at", "number", "a time")]
    {
        let refused = make("posts", expression, returns).await.expect(400);
        assert_eq!(
            refused.str("message"),
            format!(
                "Validation failed: schema[3].return_type: Expression gives {gives}, which is never of return \
                 type '{returns}'"
            )
        );
    }
    // What some texts make of it is not refused.
    for (name, expression, returns, value) in [
        ("one", "upper(t)", "datetime", json!("2024-01-02T00:00:00+00:00")),
        ("two", "substring(t, 1, 4)", "number", json!(2024)),
        ("three", "n", "boolean", json!(true)),
    ] {
        make(name, expression, returns).await.expect(201);
        let sent = json!({ "t": "2024-01-02", "n": 1 });
        let made = superadmin.post(&format!("/api/v1/records/{name}"), sent).await.expect(201);
        assert_eq!(made.body["c"], value, "{expression}");
    }
}

async fn without_a_rule_row_nothing_is_allowed_until_one_is_made(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([{ "name": "title", "type": "text" }]);
    let id = add_collection(&superadmin, "posts", schema.clone(), json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let user: &Client = &acme.user;
    let made = user.post("/api/v1/records/posts", json!({ "title": "a" })).await.expect(201);
    let one = format!("/api/v1/records/posts/{}", made.str("id"));
    let forget = format!("DELETE FROM collection_rules WHERE collection_id = '{id}'");
    let lose = async |other: &str| {
        server.database().execute(&forget).await.unwrap();
        // Any change of a schema has them read anew.
        add_collection(&superadmin, other, schema.clone(), json!({})).await;
    };
    lose("first").await;
    for (operation, reply) in [
        ("list", user.get("/api/v1/records/posts").await),
        ("list", user.get("/api/v1/records/posts/aggregate?functions=count()").await),
        ("view", user.get(&one).await),
        ("create", user.post("/api/v1/records/posts", json!({})).await),
        ("update", user.patch(&one, json!({})).await),
        ("delete", user.delete(&one).await),
    ] {
        let refused = reply.expect(403);
        assert_eq!(
            refused.str("detail"),
            format!("Permission denied for {operation} on posts (no rules defined)")
        );
    }
    superadmin.get(&one).await.expect(200);
    let rules = superadmin.get(RULES).await.expect(200);
    assert_eq!((&rules.body["list_rule"], &rules.body["list_fields"]), (&json!(null), &json!("*")));
    let again = superadmin.get(RULES).await.expect(200);
    assert_eq!((rules.str("id"), rules.str("collection_id")), (again.str("id"), id.as_str()));
    let locked = user.get(&one).await.expect(403);
    assert_eq!(locked.str("detail"), "Access denied: view is locked for this collection");
    // A change makes it, too.
    lose("second").await;
    let rules = superadmin.put(RULES, json!({ "view_rule": "" })).await.expect(200);
    assert_eq!((&rules.body["view_rule"], &rules.body["list_rule"]), (&json!(""), &json!(null)));
    user.get(&one).await.expect(200);
}
