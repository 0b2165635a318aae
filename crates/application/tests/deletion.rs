//! Records that refer to one that is deleted: who may, and what is too much.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use snackbase_application::Kind;
use snackbase_application::ports::Storage;
use snackbase_domain::RecordId;
use snackbase_domain::limits::MAX_DELETED_TOGETHER;
use snackbase_testkit::builders::{compiled, everywhere, member, record, within};

use support::{World, kind, refusal};

async fn world() -> World {
    let world = World::new().await;
    let reference = |name: &str, on_delete: &str| json!({"name": name, "type": "reference", "collection": "towns", "on_delete": on_delete});
    let town = json!({"name": "towns", "fields": [{"name": "title", "type": "text"}], "delete_rule": ""});
    let people = json!({
        "name": "people",
        "fields": [reference("home", "cascade"), reference("work", "set_null"), reference("born", "restrict")],
        "update_rule": null, "delete_rule": "home = \"nobody lives here\"",
    });
    world.define(town).await;
    world.define(people).await;
    world
}

#[tokio::test]
async fn those_who_may_not_touch_the_others_may_let_them_go_with_theirs() {
    let world = world().await;
    let town = world.put(&world.first, "towns", json!({})).await;
    let (user, id) = (member(&world.first, 1), RecordId::new(&*town));
    world.put(&world.first, "people", json!({"home": town})).await;
    let stays = world.put(&world.first, "people", json!({"work": town})).await;
    world.clock.pass(1);
    assert_eq!(kind(world.records.delete(&member(&world.second, 2), "towns", &id).await), Kind::NotFound);
    world.records.delete(&user, "towns", &id).await.unwrap();
    let people = compiled(json!({"name": "people", "fields": [
        {"name": "home", "type": "text"}, {"name": "work", "type": "text"}, {"name": "born", "type": "text"},
    ]}));
    let left = world.storage.read().records().scan(&everywhere(&people), None, 10).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id.as_str(), stays);
    assert_eq!(left[0].updated_by, user.identity().unwrap().user_key);
    assert!(left[0].updated_at > left[0].created_at, "another version");
}

#[tokio::test]
async fn too_many_at_once_are_refused() {
    let world = world().await;
    let town = world.put(&world.first, "towns", json!({})).await;
    let people = compiled(json!({"name": "people", "fields": [
        {"name": "home", "type": "text"}, {"name": "work", "type": "text"}, {"name": "born", "type": "text"},
    ]}));
    let (user, id) = (member(&world.first, 1), RecordId::new(&*town));
    let add = async |range: std::ops::RangeInclusive<usize>| {
        let work = world.storage.begin().await.unwrap();
        for n in range {
            let field = if n % 2 == 0 { "home" } else { "work" };
            let person = record(&people, &world.first, &format!("p{n}"), json!({field: town}));
            let scope = within(&people, &world.first, "");
            work.repositories().records().insert(&scope, &person).await.unwrap();
        }
        work.commit().await.unwrap();
    };
    add(0..=MAX_DELETED_TOGETHER).await;
    let refused = refusal(world.records.delete(&user, "towns", &id).await);
    assert_eq!(refused.kind, Kind::Invalid);
    assert!(format!("{:?}", refused.says).contains("cascade_too_large"), "{:?}", refused.says);
    let first = RecordId::new("p0");
    world.records.delete(&snackbase_testkit::builders::superadmin(), "people", &first).await.unwrap();
    world.records.delete(&user, "towns", &id).await.unwrap();
}
