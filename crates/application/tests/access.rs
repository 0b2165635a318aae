//! Who may do what: rules, field lists and the account's boundary.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value as Json, json};
use snackbase_application::access::{Access, check_writable, decide};
use snackbase_application::catalog::Catalog;
use snackbase_application::records::{ListRequest, ViewRequest};
use snackbase_application::{Caller, Kind, Says};
use snackbase_domain::RecordId;
use snackbase_domain::collection::Operation;
use snackbase_testkit::builders::{NOW, account, anonymous, compiled, member, superadmin};

use support::{World, body, kind, refusal};

/// What was decided, in a word.
fn decided(rule: Option<&str>, caller: &Caller) -> &'static str {
    let mut description = json!({"name": "posts", "fields": [{"name": "n", "type": "number"}]});
    if let Some(rule) = rule {
        for operation in Operation::ALL {
            description[operation.rule_key()] = json!(rule);
        }
    }
    let posts = compiled(description);
    let words = Operation::ALL.map(|operation| {
        match decide(&Catalog::default(), &posts, operation, caller, None, NOW) {
            Ok(Access::All) => "all",
            Ok(Access::When(_)) => "some",
            refused => match kind(refused) {
                Kind::Unauthenticated => "sign in",
                Kind::Denied => "denied",
                _ => "else",
            },
        }
    });
    assert!(words.iter().all(|word| *word == words[0]), "all operations alike: {words:?}");
    words[0]
}

#[test]
fn rules_decide_by_who_calls() {
    let first = account(1);
    let callers = [anonymous(&first), member(&first, 1), superadmin()];
    for (rule, expected) in [
        (None, ["denied", "denied", "all"]),
        (Some(""), ["all", "all", "all"]),
        (Some("n > 1"), ["sign in", "some", "all"]),
        (Some("@request.auth.id != \"\""), ["sign in", "all", "all"]),
        (Some("(unreadable"), ["denied", "denied", "all"]),
    ] {
        let found = [0, 1, 2].map(|n: usize| decided(rule, &callers[n]));
        assert_eq!(found, expected, "{rule:?}");
    }
}

#[test]
fn system_fields_and_unlisted_ones_cannot_be_written() {
    let posts = compiled(json!({
        "name": "posts",
        "fields": [{"name": "a", "type": "text"}, {"name": "b", "type": "text"}],
        "create_fields": ["a"], "update_fields": [],
    }));
    let user = member(&account(1), 1);
    let outcome = |caller: &Caller, operation, fields: Json| match check_writable(
        &posts,
        operation,
        caller,
        &body(fields),
    ) {
        Ok(()) => Vec::new(),
        refused => match refusal(refused).says {
            Says::FieldAccess(access) => access.unauthorized,
            other => panic!("{other:?}"),
        },
    };
    use Operation::{Create, Update};
    for (caller, operation, fields, refused) in [
        (&user, Create, json!({"a": 1}), &[][..]),
        (&user, Create, json!({"b": 1, "a": 1}), &["b"]),
        (&user, Update, json!({"b": 1, "a": 1}), &["a", "b"]),
        (&user, Create, json!({"id": 1, "created_at": 1, "b": 1}), &["created_at", "id"]),
        (&user, Create, json!({"account_id": 1}), &["account_id"]),
        (&superadmin(), Create, json!({"b": 1, "account_id": 1}), &[]),
        (&superadmin(), Create, json!({"updated_by": 1}), &["updated_by"]),
        (&superadmin(), Update, json!({"account_id": 1}), &["account_id"]),
    ] {
        assert_eq!(outcome(caller, operation, fields.clone()), refused, "{operation:?} {fields}");
    }
}

#[tokio::test]
async fn fields_out_of_sight_can_neither_be_filtered_nor_sorted_by() {
    let world = World::new().await;
    world
        .define(json!({
            "name": "people",
            "fields": [
                {"name": "name", "type": "text"}, {"name": "salary", "type": "number"},
                {"name": "rich", "type": "computed", "expression": "salary > 5", "return_type": "boolean"},
            ],
            "list_rule": "", "list_fields": ["name"],
        }))
        .await;
    for (name, salary) in [("a", 3), ("b", 9), ("c", 6)] {
        world.put(&world.first, "people", json!({"name": name, "salary": salary})).await;
    }
    let user = member(&world.first, 1);
    let filter = |text: &str| ListRequest { filter: Some(text.to_owned()), ..ListRequest::default() };
    for text in ["salary > 5", "rich = true", "name = \"a\" || salary = 3"] {
        assert_eq!(kind(world.list(&user, "people", filter(text)).await), Kind::Invalid, "{text}");
        assert!(world.list(&superadmin(), "people", filter(text)).await.is_ok(), "{text}");
    }
    let equals = || ListRequest { equals: vec![("salary".into(), "9".into())], ..ListRequest::default() };
    assert_eq!(kind(world.list(&user, "people", equals()).await), Kind::Invalid);
    assert_eq!(world.list(&superadmin(), "people", equals()).await.unwrap().len(), 1);
    let sorted = async |caller: &Caller, sort: &str| {
        let request = ListRequest { sort: Some(sort.to_owned()), ..ListRequest::default() };
        let found = world.list(caller, "people", request).await.unwrap();
        found.iter().map(|record| record["name"].as_str().unwrap().to_owned()).collect::<String>()
    };
    assert_eq!(sorted(&superadmin(), "-salary").await, "bca");
    assert_eq!(sorted(&user, "-salary,+name").await, "abc", "what cannot be seen is no sort key");
    for record in world.list(&user, "people", ListRequest::default()).await.unwrap() {
        assert!(record.get("salary").is_none() && record.get("rich").is_none(), "{record}");
    }
}

#[tokio::test]
async fn expanded_records_obey_the_rules_of_their_own_collection() {
    let world = World::new().await;
    world
        .define(json!({
            "name": "cities", "fields": [{"name": "name", "type": "text"}, {"name": "secret", "type": "text"}],
            "view_rule": "name != \"Atlantis\"", "view_fields": ["name"],
        }))
        .await;
    world
        .define(json!({
            "name": "people",
            "fields": [{"name": "city", "type": "reference", "collection": "cities", "on_delete": "set_null"}],
            "list_rule": "", "view_rule": "",
        }))
        .await;
    let user = member(&world.first, 1);
    let expand = ViewRequest { expand: Some("city".to_owned()), ..ViewRequest::default() };
    let expanded = async |caller: &Caller, person: &str| -> Json {
        let seen = world.records.view(caller, "people", &RecordId::new(person), &expand).await.unwrap();
        serde_json::from_slice::<Json>(&seen).unwrap()["city"].clone()
    };
    let rome = world.put(&world.first, "cities", json!({"name": "Rome", "secret": "x"})).await;
    let atlantis = world.put(&world.first, "cities", json!({"name": "Atlantis"})).await;
    let roman = world.put(&world.first, "people", json!({"city": rome})).await;
    let lost = world.put(&world.first, "people", json!({"city": atlantis})).await;
    let nomad = world.put(&world.first, "people", json!({})).await;
    let city = expanded(&user, &roman).await;
    assert_eq!((&city["name"], city.get("secret")), (&json!("Rome"), None));
    assert_eq!(expanded(&user, &lost).await, json!(atlantis), "closed to the caller: it stays an id");
    assert_eq!(expanded(&superadmin(), &lost).await["name"], json!("Atlantis"));
    assert_eq!(expanded(&user, &nomad).await, Json::Null);
    let bad = ViewRequest { expand: Some("name".to_owned()), ..ViewRequest::default() };
    let refused = world.records.view(&user, "people", &RecordId::new(roman), &bad).await;
    assert_eq!(kind(refused), Kind::Invalid);
}
