//! Records are created, changed and deleted within the rules, all or nothing.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value as Json, json};
use snackbase_application::records::{ListRequest, RecordChange};
use snackbase_application::{Kind, Says};
use snackbase_domain::RecordId;
use snackbase_testkit::builders::{anonymous, member, superadmin};

use support::{World, body, faults, kind, refusal};

async fn world(rules: Json) -> World {
    let world = World::new().await;
    let mut description = json!({
        "name": "posts",
        "fields": [
            {"name": "title", "type": "text", "required": true},
            {"name": "status", "type": "text", "default": "draft"},
            {"name": "code", "type": "text", "unique": true},
        ],
    });
    for (key, rule) in rules.as_object().unwrap() {
        description[key] = rule.clone();
    }
    world.define(description).await;
    world
}

async fn count(world: &World) -> usize {
    world.list(&superadmin(), "posts", ListRequest::default()).await.unwrap().len()
}

#[tokio::test]
async fn a_create_rule_judges_the_complete_record() {
    let world = world(json!({"create_rule": "status = \"draft\" && created_by = @request.auth.id"})).await;
    let user = member(&world.first, 1);
    let made = world.create(&user, "posts", json!({"title": "a"})).await.unwrap();
    assert_eq!(made["status"], json!("draft"), "the default counts");
    assert_eq!(made["account_id"], json!(world.first.id.to_string()));
    let published = world.create(&user, "posts", json!({"title": "b", "status": "live"})).await;
    assert_eq!(kind(published), Kind::Invalid);
    assert_eq!(
        kind(world.create(&anonymous(&world.first), "posts", json!({"title": "c"})).await),
        Kind::Unauthenticated
    );
    assert_eq!(count(&world).await, 1);
}

#[tokio::test]
async fn an_update_rule_judges_the_record_as_it_was() {
    let world = world(json!({"update_rule": "status = \"draft\"", "delete_rule": "status = \"live\""})).await;
    let (user, stranger) = (member(&world.first, 1), member(&world.second, 2));
    let id = RecordId::new(world.put(&world.first, "posts", json!({"title": "a"})).await);
    let change = async |caller, fields: Json| world.records.patch(caller, "posts", &id, &body(fields)).await;
    assert_eq!(kind(change(&stranger, json!({"title": "x"})).await), Kind::NotFound);
    assert_eq!(kind(world.records.delete(&user, "posts", &id).await), Kind::NotFound, "a draft");
    change(&user, json!({"status": "live"})).await.unwrap();
    assert_eq!(kind(change(&user, json!({"status": "draft"})).await), Kind::NotFound, "no draft any more");
    change(&superadmin(), json!({"title": "b"})).await.unwrap();
    assert_eq!(kind(world.records.delete(&stranger, "posts", &id).await), Kind::NotFound);
    world.records.delete(&user, "posts", &id).await.unwrap();
    assert_eq!(count(&world).await, 0);
}

#[tokio::test]
async fn an_update_check_judges_the_record_as_it_will_be() {
    let check = "(status != \"live\" || title != \"\") && @request.data.code IS NULL";
    let world = world(json!({"update_rule": "", "update_check_rule": check})).await;
    let user = member(&world.first, 1);
    let id = RecordId::new(world.put(&world.first, "posts", json!({"title": ""})).await);
    let records = &world.records;
    let refused = [
        records.patch(&user, "posts", &id, &body(json!({"status": "live"}))).await,
        records.replace(&user, "posts", &id, &body(json!({"title": "", "status": "live"}))).await,
        records.patch(&user, "posts", &id, &body(json!({"code": "x"}))).await,
    ];
    for outcome in refused {
        let refusal = refusal(outcome);
        assert_eq!(refusal.kind, Kind::Invalid);
        assert_eq!(refusal.says, Says::Detail("Record does not satisfy collection rules".into()));
    }
    let change = |data: Json| RecordChange { id: id.clone(), data: body(data) };
    let batch = [change(json!({"title": "new"})), change(json!({"title": "", "status": "live"}))];
    assert_eq!(kind(world.records.update_batch(&user, "posts", &batch).await), Kind::Invalid);
    let stored = world.list(&superadmin(), "posts", ListRequest::default()).await.unwrap();
    assert_eq!((&stored[0]["title"], &stored[0]["status"]), (&json!(""), &json!("draft")), "nothing changed");

    let asked = anonymous(&world.first);
    assert_eq!(
        kind(records.patch(&asked, "posts", &id, &body(json!({"title": "x"}))).await),
        Kind::Unauthenticated
    );
    records.patch(&user, "posts", &id, &body(json!({"title": "t", "status": "live"}))).await.unwrap();
    records.patch(&superadmin(), "posts", &id, &body(json!({"title": "", "code": "x"}))).await.unwrap();
    assert_eq!(kind(records.patch(&user, "posts", &id, &body(json!({}))).await), Kind::Invalid, "as it is");
}

#[tokio::test]
async fn an_update_check_may_be_empty_or_broken() {
    for (check, expected) in
        [("", None), ("(broken", Some(Kind::Denied)), ("nothing = 1", Some(Kind::Denied))]
    {
        let world = world(json!({"update_rule": "", "update_check_rule": check})).await;
        let id = RecordId::new(world.put(&world.first, "posts", json!({"title": "a"})).await);
        let user = member(&world.first, 1);
        let changed = world.records.patch(&user, "posts", &id, &body(json!({"title": "b"}))).await;
        match expected {
            None => drop(changed.unwrap()),
            Some(expected) => assert_eq!(kind(changed), expected, "{check}"),
        }
    }
}

#[tokio::test]
async fn faults_name_their_fields() {
    let world = world(json!({"create_rule": "", "update_rule": ""})).await;
    let user = member(&world.first, 1);
    let bad = world.create(&user, "posts", json!({"status": 5, "nonsense": 1})).await;
    let expected = [("nonsense", "unknown_field"), ("title", "required_missing"), ("status", "invalid_type")];
    let expected = expected.map(|(field, code)| (field.to_owned(), code));
    assert_eq!(faults(&refusal(bad)), expected);
    world.create(&user, "posts", json!({"title": "a", "code": "x"})).await.unwrap();
    world.create(&member(&world.second, 2), "posts", json!({"title": "a", "code": "x"})).await.unwrap();
    let taken = refusal(world.create(&user, "posts", json!({"title": "b", "code": "x"})).await);
    assert_eq!(faults(&taken), [("code".to_owned(), "unique_violation")]);
    assert!(matches!(taken.says, Says::NotUnique(_)));
}

#[tokio::test]
async fn a_batch_is_done_as_a_whole_or_not_at_all() {
    let world =
        world(json!({"create_rule": "", "update_rule": "status = \"draft\"", "delete_rule": ""})).await;
    let user = member(&world.first, 1);
    let bodies = |titles: &[Json]| titles.iter().map(|t| body(json!({"title": t}))).collect::<Vec<_>>();
    let bad = bodies(&[json!("a"), json!(5), json!("c")]);
    let refused = refusal(world.records.create_batch(&user, "posts", &bad).await);
    assert!(matches!(refused.says, Says::BatchFaults { index: 1, .. }), "{refused:?}");
    assert_eq!(count(&world).await, 0);
    let many = bodies(&[json!("a"), json!("b"), json!("c"), json!("d")]);
    assert_eq!(kind(world.records.create_batch(&user, "posts", &many).await), Kind::Invalid, "too many");
    let made = world.records.create_batch(&user, "posts", &many[..2]).await.unwrap();
    assert_eq!((made.count, count(&world).await), (2, 2));

    let listed = world.list(&superadmin(), "posts", ListRequest::default()).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|r| RecordId::new(r["id"].as_str().unwrap())).collect();
    let change = |id: &RecordId, data: Json| RecordChange { id: id.clone(), data: body(data) };
    let none = RecordId::new("none");
    let changes = [change(&ids[0], json!({"title": "new"})), change(&none, json!({"title": "new"}))];
    assert_eq!(kind(world.records.update_batch(&user, "posts", &changes).await), Kind::NotFound);
    let changes = [change(&ids[0], json!({"status": "live"})), change(&ids[0], json!({"title": "late"}))];
    assert_eq!(kind(world.records.update_batch(&user, "posts", &changes).await), Kind::NotFound);
    let after = world.list(&superadmin(), "posts", ListRequest::default()).await.unwrap();
    assert_eq!(after, listed);

    let gone = world.records.delete_batch(&user, "posts", &[ids[0].clone(), none.clone()]).await;
    assert_eq!(kind(gone), Kind::NotFound);
    assert_eq!(count(&world).await, 2);
    let gone = world.records.delete_batch(&user, "posts", &[ids[0].clone(), ids[0].clone()]).await.unwrap();
    assert_eq!((gone.ids, count(&world).await), (vec![ids[0].clone()], 1));
}

#[tokio::test]
async fn accounts_do_not_meet() {
    let world = world(json!({"list_rule": "", "create_rule": ""})).await;
    world.create(&anonymous(&world.first), "posts", json!({"title": "a"})).await.unwrap();
    world.create(&member(&world.second, 2), "posts", json!({"title": "b"})).await.unwrap();
    for (caller, titles) in [
        (member(&world.first, 1), &["a"][..]),
        (anonymous(&world.second), &["b"]),
        (superadmin(), &["a", "b"]),
    ] {
        let request = ListRequest { sort: Some("+title".to_owned()), ..ListRequest::default() };
        let found = world.list(&caller, "posts", request).await.unwrap();
        let found: Vec<_> = found.iter().map(|record| record["title"].as_str().unwrap()).collect();
        assert_eq!(found, titles);
    }
}
