//! What is computed over groups obeys rules, field lists, masks and limits.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value as Json, json};
use snackbase_application::ports::Storage as _;
use snackbase_application::records::{AggregateRequest, ListRequest};
use snackbase_application::{AppError, Caller, Kind, Says};
use snackbase_domain::limits::{MAX_EXPAND_LEVELS, MAX_EXPAND_PATHS, MAX_GROUPS, MAX_SORT_KEYS};
use snackbase_testkit::builders::{member, record, superadmin, within};

use support::{World, kind, refusal};

async fn world() -> World {
    let world = World::new().await;
    let description = json!({
        "name": "people",
        "fields": [
            {"name": "city", "type": "text"},
            {"name": "salary", "type": "number", "pii": true, "mask_type": "full"},
            {"name": "mail", "type": "email", "pii": true, "mask_type": "email"},
            {"name": "code", "type": "text"},
            {"name": "ok", "type": "boolean"},
            {"name": "double", "type": "computed", "expression": "salary * 2", "return_type": "number"},
        ],
        "list_rule": "city != \"Atlantis\"",
        "list_fields": ["city", "salary", "mail", "ok", "double"],
    });
    world.define(description).await;
    for (city, salary, mail) in [
        ("Rome", json!(2000), "zoe@example.com"),
        ("Oslo", json!(300), "adam@example.com"),
        ("Oslo", json!(1000), "zoe@example.com"),
        ("Bonn", json!(null), "adam@example.com"),
        ("Atlantis", json!(9), "nemo@example.com"),
    ] {
        world.clock.pass(1);
        world
            .put(&world.first, "people", json!({"city": city, "salary": salary, "mail": mail, "code": "x"}))
            .await;
    }
    world
}

async fn ask(world: &World, caller: &Caller, request: AggregateRequest) -> Result<Json, AppError> {
    let reply = world.records.aggregate(caller, "people", &request).await?;
    let results: Json =
        serde_json::from_str(&format!("[{}]", std::str::from_utf8(&reply.results).unwrap())).unwrap();
    assert_eq!(json!(reply.total_groups), json!(results.as_array().unwrap().len()));
    Ok(results)
}

fn request(functions: &str, group_by: &str) -> AggregateRequest {
    AggregateRequest {
        functions: functions.to_owned(),
        group_by: Some(group_by.to_owned()),
        ..AggregateRequest::default()
    }
}

#[tokio::test]
async fn groups_are_those_of_the_records_that_may_be_listed() {
    let world = world().await;
    let user = member(&world.first, 1);
    let found = ask(&world, &user, request("count(), count(double)", "city")).await.unwrap();
    let expected = json!([
        {"count": 1, "count_double": 0, "city": "Bonn"},
        {"count": 2, "count_double": 2, "city": "Oslo"},
        {"count": 1, "count_double": 1, "city": "Rome"},
    ]);
    assert_eq!(found, expected);
    assert_eq!(found[0].as_object().unwrap().keys().next().unwrap(), "count", "results first");
    let having = AggregateRequest {
        having: Some("count() > 1".to_owned()),
        filter: Some("city ~ \"%o%\"".to_owned()),
        ..request("count()", "city")
    };
    assert_eq!(ask(&world, &user, having).await.unwrap(), json!([{"count": 2, "city": "Oslo"}]));
    let all = ask(&world, &superadmin(), request("count(),sum(salary),min(mail)", "")).await.unwrap();
    assert_eq!(all, json!([{"count": 5, "sum_salary": 3309, "min_mail": "adam@example.com"}]));
    let stranger = ask(&world, &member(&world.second, 2), request("count(),max(city)", "")).await.unwrap();
    assert_eq!(stranger, json!([{"count": 0, "max_city": null}]));
    let unset = ask(&world, &user, request("count()", "ok")).await.unwrap();
    assert_eq!(unset, json!([{"count": 4, "ok": null}]), "an unset boolean is a group of its own");
}

#[tokio::test]
async fn masked_values_stay_masked_and_decide_no_order() {
    let world = world().await;
    let user = member(&world.first, 1);
    let functions = "count(salary),sum(salary),avg(salary),min(mail),max(salary)";
    let found = ask(&world, &user, request(functions, "city")).await.unwrap();
    let concealed = json!({"count_salary": 1, "sum_salary": "***", "avg_salary": "***", "min_mail": "***",
        "max_salary": "***", "city": "Rome"});
    assert_eq!(found[2], concealed);
    let nothing = json!({"count_salary": 0, "sum_salary": null, "avg_salary": null, "min_mail": "***",
        "max_salary": null, "city": "Bonn"});
    assert_eq!(found[0], nothing);
    // Zoe's records were made first.
    let groups = ask(&world, &user, request("count()", "mail")).await.unwrap();
    let expected =
        json!([{"count": 2, "mail": "z***@example.com"}, {"count": 2, "mail": "a***@example.com"}]);
    assert_eq!(groups, expected);
    let groups = ask(&world, &user, request("count()", "salary,city")).await.unwrap();
    let cities: Vec<_> = groups.as_array().unwrap().iter().map(|group| &group["city"]).collect();
    assert_eq!(cities, ["Bonn", "Oslo", "Oslo", "Rome"]);
    assert_eq!([&groups[1]["salary"], &groups[2]["salary"]], ["***", "****"], "as they were made");
    for having in ["sum_salary > 5", "min(mail) = \"adam@example.com\""] {
        let request =
            AggregateRequest { having: Some(having.to_owned()), ..request("sum(salary),min(mail)", "city") };
        assert_eq!(kind(ask(&world, &user, request.clone()).await), Kind::Invalid, "{having}");
        assert!(ask(&world, &superadmin(), request).await.is_ok());
    }
    // A sum that is too large tells nothing either: it is not computed.
    for _ in 0..2 {
        world.put(&world.first, "people", json!({"city": "Huge", "salary": f64::MAX})).await;
    }
    let huge =
        |functions| AggregateRequest { filter: Some("city = \"Huge\"".to_owned()), ..request(functions, "") };
    let found = ask(&world, &user, huge("sum(salary)")).await.unwrap();
    assert_eq!(found, json!([{"sum_salary": "***"}]));
    assert_eq!(
        refusal(ask(&world, &superadmin(), huge("avg(salary)")).await).says,
        Says::Titled {
            title: "Invalid aggregation functions",
            message: "The result of avg(salary) is too large for a number".into(),
            field: None
        }
    );
}

#[tokio::test]
async fn fields_out_of_sight_do_not_exist() {
    let world = world().await;
    let user = member(&world.first, 1);
    for functions in ["count(code)", "min(code)", "sum(code)", "max(code)"] {
        let hidden = refusal(ask(&world, &user, request(functions, "")).await);
        let absent = refusal(ask(&world, &user, request(&functions.replace("code", "zzzz"), "")).await);
        assert_eq!(format!("{hidden:?}").replace("code", "zzzz"), format!("{absent:?}"), "{functions}");
        assert!(format!("{hidden:?}").contains("Field 'code' not found in collection schema"));
    }
    assert_eq!(kind(ask(&world, &user, request("count()", "code")).await), Kind::Invalid);
    let filter = AggregateRequest { filter: Some("code = \"x\"".to_owned()), ..request("count()", "") };
    assert_eq!(kind(ask(&world, &user, filter).await), Kind::Invalid);
}

#[tokio::test]
async fn who_asks_for_too_much_is_told_the_limit() {
    let world = world().await;
    let said = |refused: snackbase_application::Refusal| match refused.says {
        Says::Titled { message, .. } => message.into_owned(),
        other => panic!("{other:?}"),
    };
    let people = world.catalog.get("people").unwrap();
    let scope = within(&people, &world.second, "");
    let work = world.storage.begin().await.unwrap();
    for n in 0..=MAX_GROUPS {
        let row = record(&people, &world.second, &format!("r{n}"), json!({"city": format!("city {n}")}));
        work.repositories().records().insert(&scope, &row).await.unwrap();
    }
    work.commit().await.unwrap();
    let user = member(&world.second, 2);
    let refused = said(refusal(ask(&world, &user, request("count()", "city")).await));
    assert_eq!(refused, "At most 10000 groups are answered. Narrow them by filter or having.");
    let one_less =
        AggregateRequest { filter: Some("city != \"city 5\"".to_owned()), ..request("count()", "city") };
    assert_eq!(ask(&world, &user, one_less).await.unwrap().as_array().unwrap().len() as u64, MAX_GROUPS);

    let list = async |request: ListRequest| world.list(&user, "people", request).await;
    let sort =
        |count: usize| ListRequest { sort: Some(vec!["+city"; count].join(",")), ..ListRequest::default() };
    assert!(list(sort(MAX_SORT_KEYS)).await.is_ok());
    let refused = said(refusal(list(sort(MAX_SORT_KEYS + 1)).await));
    assert_eq!(refused, "At most 10 sort keys are allowed, got 11");
    let expand = |text: String| ListRequest { expand: Some(text), ..ListRequest::default() };
    let refused = said(refusal(list(expand(vec!["a"; MAX_EXPAND_PATHS + 1].join(","))).await));
    assert_eq!(refused, "At most 50 expand paths are allowed, got 51");
    let refused = said(refusal(list(expand(vec!["a"; MAX_EXPAND_LEVELS + 1].join("."))).await));
    assert_eq!(refused, "At most 20 levels of an expand path are allowed, got 21");
    let items = vec!["\"x\""; 1001].join(",");
    let refused = said(refusal(
        list(ListRequest { filter: Some(format!("city IN ({items})")), ..ListRequest::default() }).await,
    ));
    assert_eq!(refused, "At most 1000 items of a list are allowed, got 1001");
}
