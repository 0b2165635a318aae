//! References in replies, replaced by the records that they mean.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value as Json, json};
use snackbase_application::Caller;
use snackbase_application::records::ListRequest;
use snackbase_testkit::builders::{member, superadmin};

use support::World;

fn reference(name: &str, collection: &str) -> Json {
    json!({"name": name, "type": "reference", "collection": collection, "on_delete": "set_null"})
}

async fn world() -> World {
    let world = World::new().await;
    world
        .define(
            json!({"name": "towns", "view_rule": "nm != \"hidden\"", "view_fields": ["nm", "mayor", "twin"],
            "fields": [
                {"name": "nm", "type": "text"},
                {"name": "secret", "type": "text"},
                {"name": "mayor", "type": "text", "pii": true, "mask_type": "name"},
                reference("twin", "towns"),
            ]}),
        )
        .await;
    world
        .define(json!({"name": "people", "view_rule": "", "fields": [
            {"name": "nm", "type": "text"}, reference("home", "towns"), reference("work", "towns"),
        ]}))
        .await;
    world
        .define(json!({"name": "posts", "list_rule": "", "fields": [
            {"name": "nm", "type": "text"}, reference("author", "people"), reference("editor", "people"),
        ]}))
        .await;
    world
}

async fn listed(world: &World, caller: &Caller, expand: &str) -> Vec<Json> {
    let (sort, expand) = (Some("+nm".to_owned()), Some(expand.to_owned()));
    world.list(caller, "posts", ListRequest { sort, expand, ..ListRequest::default() }).await.unwrap()
}

/// Twenty posts by ten people, who live and work in three towns.
async fn fill(world: &World) {
    let put = async |collection: &str, fields: Json| world.put(&world.first, collection, fields).await;
    let hidden = put("towns", json!({"nm": "hidden", "mayor": "Max Moe", "secret": "x"})).await;
    let oslo = put("towns", json!({"nm": "Oslo", "mayor": "Max Moe", "secret": "x", "twin": hidden})).await;
    let rome = put("towns", json!({"nm": "Rome", "twin": oslo})).await;
    let mut people = Vec::new();
    for n in 0..10 {
        let home = if n % 2 == 0 { &oslo } else { &hidden };
        people.push(put("people", json!({"nm": format!("p{n}"), "home": home, "work": rome})).await);
    }
    for n in 0..20 {
        let (author, editor) = (&people[n % 10], &people[(n + 1) % 10]);
        put("posts", json!({"nm": format!("{n:02}"), "author": author, "editor": editor})).await;
    }
}

#[tokio::test]
async fn a_level_asks_once_for_each_collection() {
    let world = world().await;
    fill(&world).await;
    world.storage.take_lookups();
    let all = "author.home,author.work,editor.home,editor.work";
    assert_eq!(listed(&world, &superadmin(), all).await.len(), 20);
    assert_eq!(world.storage.take_lookups(), ["find_many people", "find_many towns"]);
    listed(&world, &member(&world.first, 1), all).await;
    let asked = world.storage.take_lookups();
    assert_eq!(asked, ["find_many people", "find_many towns", "existing towns"], "for what is hidden");
    listed(&world, &superadmin(), "author").await;
    assert_eq!(world.storage.take_lookups(), ["find_many people"]);
    listed(&world, &superadmin(), "").await;
    assert_eq!(world.storage.take_lookups(), [""; 0]);
}

#[tokio::test]
async fn nested_records_obey_their_own_rules_fields_and_masks() {
    let world = world().await;
    fill(&world).await;
    let items = listed(&world, &member(&world.first, 1), "author.home,editor.home,editor.work").await;
    let (author, editor) = (&items[0]["author"], &items[0]["editor"]);
    assert_eq!((&author["nm"], &editor["nm"]), (&json!("p0"), &json!("p1")));
    assert_eq!(author["home"]["nm"], json!("Oslo"));
    assert_eq!(author["home"]["mayor"], json!("M*** M***"), "masked two levels deep");
    assert_eq!(author["home"].get("secret"), None, "no field of views");
    assert!(author["home"]["twin"].is_string(), "not asked for");
    assert!(author["work"].is_string(), "asked for of editors only");
    assert!(editor["home"].is_string(), "closed to the caller");
    assert_eq!(editor["work"]["nm"], json!("Rome"));
    assert_eq!(author["home"].get("account_name"), None);

    let items = listed(&world, &superadmin(), "author.home,editor.home").await;
    assert_eq!(items[0]["author"]["home"]["mayor"], json!("Max Moe"));
    assert_eq!(items[0]["author"]["home"]["secret"], json!("x"));
    assert_eq!(items[0]["editor"]["home"]["nm"], json!("hidden"));
}

#[tokio::test]
async fn expansion_ends_at_the_greatest_depth() {
    let world = world().await;
    fill(&world).await;
    let items = listed(&world, &superadmin(), "author.work.twin").await;
    // Two levels, in this world.
    assert_eq!(items[0]["author"]["work"]["nm"], json!("Rome"));
    assert!(items[0]["author"]["work"]["twin"].is_string());
    let items = listed(&world, &superadmin(), "author.nm,author.nonsense.x, ,").await;
    assert_eq!(items[0]["author"]["nm"], json!("p0"));
}
