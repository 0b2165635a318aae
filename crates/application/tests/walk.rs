//! Walking through lists by cursors.

#![allow(clippy::unwrap_used, reason = "a test fails where something unexpected comes")]

mod support;

use serde_json::{Value as Json, json};
use snackbase_application::records::{ListRequest, WalkReply, WalkRequest};
use snackbase_application::{AppError, Caller, Kind, Says};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_testkit::builders::{anonymous, member, superadmin};

use support::{World, refusal};

const SECRET: &str = "0 secret";

async fn stage() -> World {
    let world = World::new().await;
    let fields = json!([
        {"name": "title", "type": "text"}, {"name": "hidden", "type": "text"},
        {"name": "email", "type": "text", "pii": true},
    ]);
    for name in ["notes", "others"] {
        let list_fields = json!(["title", "email"]);
        world
            .define(json!({"name": name, "fields": fields, "list_rule": "", "list_fields": list_fields}))
            .await;
    }
    for n in 0..9 {
        let fields =
            json!({"title": format!("t{n}"), "hidden": format!("{} {SECRET}", 9 - n), "email": SECRET});
        world.put(&world.first, "notes", fields).await;
        world.clock.pass(1);
    }
    world
}

fn sorted(sort: &str, limit: u64) -> ListRequest {
    ListRequest { sort: Some(sort.to_owned()), limit, ..ListRequest::default() }
}

fn after(cursor: &Option<String>) -> WalkRequest {
    WalkRequest { after: cursor.clone(), ..WalkRequest::default() }
}

fn before(cursor: &Option<String>) -> WalkRequest {
    WalkRequest { before: cursor.clone(), ..WalkRequest::default() }
}

fn start() -> WalkRequest {
    after(&Some(String::new()))
}

async fn walk(
    world: &World,
    caller: &Caller,
    request: &ListRequest,
    walk: &WalkRequest,
) -> Result<WalkReply, AppError> {
    world.records.walk(caller, "notes", request, walk).await
}

fn titles(reply: &WalkReply) -> Vec<String> {
    let items: Vec<Json> =
        serde_json::from_str(&format!("[{}]", std::str::from_utf8(&reply.items).unwrap())).unwrap();
    items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

fn title(error: Result<WalkReply, AppError>) -> &'static str {
    let refusal = refusal(error);
    assert_eq!(refusal.kind, Kind::Invalid);
    match refusal.says {
        Says::Titled { title, .. } => title,
        other => panic!("no title: {other:?}"),
    }
}

#[tokio::test]
async fn cursors_lead_on_and_back() {
    let world = stage().await;
    let (user, order) = (member(&world.first, 1), sorted("+title", 4));
    let first = walk(&world, &user, &order, &start()).await.unwrap();
    assert_eq!(
        (titles(&first), first.more, first.total),
        (["t0", "t1", "t2", "t3"].map(str::to_owned).into(), true, None)
    );
    let counted = WalkRequest { count: true, ..after(&first.next) };
    let second = walk(&world, &user, &order, &counted).await.unwrap();
    assert_eq!((titles(&second).concat(), second.more, second.total), ("t4t5t6t7".to_owned(), true, Some(9)));
    let last = walk(&world, &user, &order, &after(&second.next)).await.unwrap();
    assert_eq!((titles(&last).concat(), last.more), ("t8".to_owned(), false));
    let beyond = walk(&world, &user, &order, &after(&last.next)).await.unwrap();
    assert_eq!((titles(&beyond).len(), beyond.next, beyond.previous, beyond.more), (0, None, None, false));
    let back = walk(&world, &user, &order, &before(&last.previous)).await.unwrap();
    assert_eq!((titles(&back).concat(), back.more), ("t4t5t6t7".to_owned(), true));
    let start = walk(&world, &user, &order, &before(&back.previous)).await.unwrap();
    assert_eq!((titles(&start).concat(), start.more), ("t0t1t2t3".to_owned(), false));
}

#[tokio::test]
async fn cursors_hold_for_their_list_only() {
    let world = stage().await;
    let user = member(&world.first, 1);
    let page = walk(&world, &user, &sorted("+title", 2), &start()).await.unwrap();
    let strangers: [(Caller, &str); 4] = [
        (member(&world.second, 2), "+title"),
        (superadmin(), "+title"),
        (user.clone(), "-title"),
        (user.clone(), "+title,-id"),
    ];
    for (caller, sort) in &strangers {
        let refused = walk(&world, caller, &sorted(sort, 2), &after(&page.next)).await;
        assert_eq!(title(refused), "Invalid cursor", "{sort}");
    }
    let elsewhere = world.records.walk(&user, "others", &sorted("+title", 2), &before(&page.next)).await;
    assert_eq!(title(elsewhere), "Invalid cursor_before");
    for made_up in ["bad", "eyJzb3J0X3ZhbHVlIjoidDEiLCJpZCI6IngifQ=="] {
        let refused = walk(&world, &user, &sorted("+title", 2), &after(&Some(made_up.to_owned()))).await;
        assert_eq!(title(refused), "Invalid cursor");
    }
    let both = WalkRequest { before: page.previous.clone(), ..after(&page.next) };
    let refused = walk(&world, &user, &sorted("+title", 2), &both).await;
    assert_eq!(title(refused), "Invalid pagination parameters");
    // Somebody else of the account, who is not even signed in, has the same list.
    walk(&world, &anonymous(&world.first), &sorted("+title", 2), &after(&page.next)).await.unwrap();
}

#[tokio::test]
async fn no_cursor_stands_at_what_the_caller_may_not_see() {
    let world = stage().await;
    let user = member(&world.first, 1);
    for sort in ["+hidden", "+email"] {
        let page = walk(&world, &user, &sorted(sort, 3), &start()).await.unwrap();
        // By creation: the order tells nothing of the field.
        assert_eq!(titles(&page).concat(), "t0t1t2", "{sort}");
        // The fake shows what cursors hold.
        let cursor = page.next.clone().unwrap();
        assert!(!cursor.contains(SECRET) && !cursor.contains("hidden"), "{cursor}");
        let seen = world.records.walk(&superadmin(), "notes", &sorted(sort, 3), &start()).await.unwrap();
        assert!(seen.next.clone().unwrap().contains(SECRET));
        // One who may not see the field has no use for the cursor of one who may.
        let refused = walk(&world, &user, &sorted(sort, 3), &after(&seen.next)).await;
        assert_eq!(title(refused), "Invalid cursor");
    }
}

async fn put_long(world: &World, account: &Account, letter: &str) -> RecordId {
    RecordId::new(world.put(account, "notes", json!({"title": letter.repeat(5000)})).await)
}

#[tokio::test]
async fn a_text_too_long_for_a_cursor_is_looked_up() {
    let world = stage().await;
    let (user, order) = (member(&world.first, 1), sorted("+title", 1));
    let x = put_long(&world, &world.first, "x").await;
    put_long(&world, &world.first, "y").await;
    let filter = ListRequest { filter: Some("title ~ \"xx%\" || title ~ \"yy%\"".to_owned()), ..order };
    let page = walk(&world, &user, &filter, &start()).await.unwrap();
    assert!(page.next.as_ref().unwrap().len() < 2000);
    let next = walk(&world, &user, &filter, &after(&page.next)).await.unwrap();
    assert!(titles(&next)[0].starts_with('y') && !next.more);
    world.records.delete(&superadmin(), "notes", &x).await.unwrap();
    let refused = walk(&world, &user, &filter, &after(&page.next)).await;
    assert_eq!(title(refused), "Invalid cursor");
}
