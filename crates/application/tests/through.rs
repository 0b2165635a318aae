//! Rules, filters and orders that look through references.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value as Json, json};
use snackbase_application::records::ListRequest;
use snackbase_application::{Caller, Kind, Says};
use snackbase_domain::RecordId;
use snackbase_testkit::builders::{anonymous, member, superadmin};

use support::{World, body, kind, refusal};

/// Posts by authors who live in towns. `view` is the rule of authors.
async fn world(view: Json) -> World {
    let world = World::new().await;
    world.define(json!({"name": "towns", "fields": [{"name": "nm", "type": "text"}], "view_rule": ""})).await;
    world
        .define(
            json!({"name": "authors", "view_rule": view, "view_fields": ["nm", "town", "mail"], "fields": [
                {"name": "nm", "type": "text"},
                {"name": "owner", "type": "text"},
                {"name": "mail", "type": "email", "pii": true, "mask_type": "email"},
                {"name": "town", "type": "reference", "collection": "towns", "on_delete": "set_null"},
            ]}),
        )
        .await;
    world
        .define(json!({"name": "posts", "list_rule": "", "fields": [
            {"name": "nm", "type": "text"},
            {"name": "author", "type": "reference", "collection": "authors", "on_delete": "set_null"},
        ]}))
        .await;
    world
}

/// Two authors with a post each, and a post without one.
async fn fill(world: &World) {
    let put = async |collection: &str, fields: Json| world.put(&world.first, collection, fields).await;
    let oslo = put("towns", json!({"nm": "Oslo"})).await;
    let one = member(&world.first, 1);
    let owner = one.identity().unwrap().user_key.clone();
    let ada = json!({"nm": "Ada", "town": oslo, "owner": owner, "mail": "ada@example.com"});
    let ada = put("authors", ada).await;
    let bo = put("authors", json!({"nm": "Bo", "owner": "else", "mail": "bo@example.com"})).await;
    put("posts", json!({"nm": "by Ada", "author": ada})).await;
    put("posts", json!({"nm": "by Bo", "author": bo})).await;
    put("posts", json!({"nm": "by nobody"})).await;
}

async fn listed(world: &World, caller: &Caller, filter: &str) -> Vec<String> {
    let sort = Some("+nm".to_owned());
    let request = ListRequest { filter: Some(filter.to_owned()), sort, ..ListRequest::default() };
    names(&world.list(caller, "posts", request).await.unwrap())
}

fn names(items: &[Json]) -> Vec<String> {
    items.iter().map(|item| item["nm"].as_str().unwrap().to_owned()).collect()
}

async fn told(world: &World, caller: &Caller, filter: &str) -> String {
    let request = ListRequest { filter: Some(filter.to_owned()), ..ListRequest::default() };
    match refusal(world.list(caller, "posts", request).await).says {
        Says::Titled { message, .. } => message.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_filter_sees_what_expanding_would_show() {
    let world = world(json!("owner = @request.auth.id")).await;
    fill(&world).await;
    let (one, two) = (member(&world.first, 1), member(&world.first, 2));
    assert_eq!(listed(&world, &one, "author.nm = 'Ada'").await, ["by Ada"]);
    assert_eq!(listed(&world, &one, "author.town.nm ~ 'o%'").await, ["by Ada"]);
    assert_eq!(listed(&world, &one, "author.nm = 'Bo'").await, [""; 0], "not his");
    assert_eq!(listed(&world, &one, "author.nm IS NULL").await, ["by Bo", "by nobody"]);
    assert_eq!(listed(&world, &two, "author.nm IS NOT NULL").await, [""; 0]);
    assert_eq!(listed(&world, &two, "author.town.nm = 'Oslo'").await, [""; 0], "nor what lies behind");
    assert_eq!(listed(&world, &superadmin(), "author.owner = 'else'").await, ["by Bo"]);
    assert_eq!(listed(&world, &member(&world.second, 3), "author.nm = null").await, [""; 0]);
}

#[tokio::test]
async fn what_views_do_not_show_does_not_exist() {
    let world = world(json!("")).await;
    fill(&world).await;
    let one = member(&world.first, 1);
    assert_eq!(
        told(&world, &one, "author.owner = 'x'").await,
        "Field 'author.owner' does not exist in collection. Available fields: author.account_id, \
         author.created_at, author.created_by, author.id, author.mail, author.nm, author.town, \
         author.updated_at, author.updated_by"
    );
    assert_eq!(
        told(&world, &one, "author.mail ~ 'a%'").await,
        "Operator '~' is not supported for masked field 'author.mail'. Allowed operators: !=, =, IN, IS NOT \
         NULL, IS NULL"
    );
    assert_eq!(listed(&world, &one, "author.mail = 'bo@example.com'").await, ["by Bo"]);
    assert_eq!(listed(&world, &anonymous(&world.first), "author.nm = 'Ada'").await, ["by Ada"]);
    assert_eq!(listed(&world, &superadmin(), "author.mail ~ 'a%'").await, ["by Ada"]);
}

#[tokio::test]
async fn a_closed_collection_leads_nowhere() {
    for (view, closed_to_users) in [(Json::Null, true), (json!("true"), false), (json!("(broken"), true)] {
        let world = world(view).await;
        fill(&world).await;
        let expected = "Field 'author.nm' does not exist in collection. Available fields: account_id, author, \
                        created_at, created_by, id, nm, updated_at, updated_by";
        assert_eq!(told(&world, &anonymous(&world.first), "author.nm = 'Ada'").await, expected);
        let one = member(&world.first, 1);
        match closed_to_users {
            true => assert_eq!(told(&world, &one, "author.nm = 'Ada'").await, expected),
            false => assert_eq!(listed(&world, &one, "author.nm = 'Ada'").await, ["by Ada"]),
        }
        assert_eq!(listed(&world, &superadmin(), "author.nm = 'Ada'").await, ["by Ada"]);
    }
}

#[tokio::test]
async fn lists_are_sorted_by_what_references_show() {
    let world = world(json!("owner = @request.auth.id")).await;
    fill(&world).await;
    let sorted = async |caller: &Caller, sort: &str| {
        let request = ListRequest { sort: Some(sort.to_owned()), ..ListRequest::default() };
        names(&world.list(caller, "posts", request).await.unwrap())
    };
    let one = member(&world.first, 1);
    assert_eq!(sorted(&superadmin(), "-author.nm").await, ["by Bo", "by Ada", "by nobody"]);
    assert_eq!(sorted(&superadmin(), "+author.nm").await, ["by nobody", "by Ada", "by Bo"]);
    assert_eq!(sorted(&one, "-author.nm,+nm").await, ["by Ada", "by Bo", "by nobody"], "Bo is hidden");
    // Unknown keys: the order of creation.
    for unknown in ["+author.owner", "+author.mail", "+author.nobody"] {
        assert_eq!(sorted(&one, unknown).await, sorted(&one, "+created_at").await, "{unknown}");
    }
    let equals = vec![("author.nm".to_owned(), "Ada".to_owned())];
    let request = ListRequest { equals, ..ListRequest::default() };
    assert_eq!(names(&world.list(&one, "posts", request).await.unwrap()), ["by Ada"]);
    let equals = vec![("author.owner".to_owned(), "else".to_owned())];
    let request = ListRequest { equals, ..ListRequest::default() };
    assert_eq!(kind(world.list(&one, "posts", request).await), Kind::Invalid);
}

#[tokio::test]
async fn rules_see_everything() {
    let world = world(Json::Null).await;
    fill(&world).await;
    let rule = "author.owner = @request.auth.id";
    world
        .define(json!({
            "name": "notes", "list_rule": rule, "view_rule": rule, "create_rule": rule, "update_rule": rule,
            "delete_rule": "author.town.nm = 'Oslo'",
            "fields": [
                {"name": "nm", "type": "text"},
                {"name": "author", "type": "reference", "collection": "authors", "on_delete": "set_null"},
            ],
        }))
        .await;
    let (one, two) = (member(&world.first, 1), member(&world.first, 2));
    let authors = world.list(&superadmin(), "authors", ListRequest::default()).await.unwrap();
    let id = |name: &str| authors.iter().find(|a| a["nm"] == name).unwrap()["id"].clone();
    let note = json!({"nm": "mine", "author": id("Ada")});
    let made = world.create(&one, "notes", note.clone()).await.unwrap();
    for (caller, author) in [(&one, id("Bo")), (&two, id("Ada")), (&one, Json::Null)] {
        let refused = world.create(caller, "notes", json!({"nm": "x", "author": author})).await;
        assert_eq!(kind(refused), Kind::Invalid);
    }
    let made = RecordId::new(made["id"].as_str().unwrap());
    assert_eq!(names(&world.list(&one, "notes", ListRequest::default()).await.unwrap()), ["mine"]);
    assert_eq!(world.list(&two, "notes", ListRequest::default()).await.unwrap().len(), 0);
    let change = body(json!({"nm": "new"}));
    assert_eq!(kind(world.records.patch(&two, "notes", &made, &change).await), Kind::NotFound);
    world.records.patch(&one, "notes", &made, &change).await.unwrap();
    let other = RecordId::new(world.put(&world.first, "notes", json!({"author": id("Bo")})).await);
    assert_eq!(kind(world.records.delete(&one, "notes", &other).await), Kind::NotFound);
    world.records.delete(&two, "notes", &made).await.unwrap();
}

#[tokio::test]
async fn a_rule_whose_path_broke_denies() {
    let world = world(json!("")).await;
    let rule = "author.town.mayor = @request.auth.id";
    world
        .define(json!({"name": "notes", "list_rule": rule, "create_rule": rule, "fields": [
            {"name": "author", "type": "reference", "collection": "authors", "on_delete": "set_null"},
        ]}))
        .await;
    let one = member(&world.first, 1);
    for refused in [
        refusal(world.list(&one, "notes", ListRequest::default()).await),
        refusal(world.create(&one, "notes", json!({})).await),
    ] {
        assert_eq!(refused.kind, Kind::Denied);
        assert_eq!(refused.says, Says::Detail("Access denied: rule cannot be evaluated".into()));
    }
}
