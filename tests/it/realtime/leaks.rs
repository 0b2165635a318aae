//! Nobody hears what he may not see, and everybody hears what he may.

use serde_json::json;

use super::{POSTS, Stage, add, change, delete, told};
use crate::on_each_database;
use crate::server::Database;
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    other_accounts_hear_nothing_and_superadmins_all,
    hidden_fields_are_left_out_and_personal_data_is_masked,
    records_that_leave_a_rule_are_deleted_and_such_that_enter_it_updated,
    rules_through_references_macros_and_groups_are_those_of_the_moment,
    rules_that_change_count_at_once,
    what_goes_with_another_record_is_told,
    filters_do_not_probe_what_is_hidden,
);

async fn other_accounts_hear_nothing_and_superadmins_all(database: Database) {
    let stage = Stage::set(database).await;
    let other = Tenant::create(&stage.server, &stage.superadmin, "Other").await;
    let mut own = stage.socket(&stage.acme.user).await;
    let mut foreign = stage.socket(&other.user).await;
    let mut foreign_admin = stage.socket(&other.admin).await;
    let mut superadmin = stage.socket(&stage.superadmin).await;
    for socket in [&mut own, &mut foreign, &mut foreign_admin, &mut superadmin] {
        socket.subscribe("posts").await;
    }
    let id = add(&stage.acme.user, json!({ "title": "x" })).await;
    // Written by a superadmin, it is the account's all the same.
    change(&stage.superadmin, &id, json!({ "title": "y" })).await;
    delete(&stage.acme.admin, &id).await;
    let all = [("posts.create", id.as_str()), ("posts.update", id.as_str()), ("posts.delete", id.as_str())];
    assert_eq!(told(&own.events_so_far().await), all);
    assert_eq!(told(&superadmin.events_so_far().await), all);
    assert_eq!(foreign.so_far().await, [json!(null); 0]);
    assert_eq!(foreign_admin.so_far().await, [json!(null); 0]);
    // Not even by its id.
    let id = add(&stage.acme.user, json!({ "title": "x" })).await;
    let refused = foreign.ask(json!({ "action": "subscribe", "collection": "posts", "record": id })).await;
    assert_eq!(refused["error"], "Subscription denied");
}

async fn hidden_fields_are_left_out_and_personal_data_is_masked(database: Database) {
    let stage = Stage::set(database).await;
    stage
        .set_rules(json!({ "list_fields": "[\"title\",\"mail\",\"twice\"]", "view_fields": "[\"secret\",\"mail\"]" }))
        .await;
    let (acme, superadmin) = (&stage.acme, &stage.superadmin);
    let mut list = stage.socket(&acme.user).await;
    list.subscribe("posts").await;
    let mut whole = stage.socket(superadmin).await;
    whole.subscribe("posts").await;
    let body =
        json!({ "account_id": acme.id, "title": "t", "secret": "s", "n": 4, "mail": "ann@example.com" });
    let id = add(superadmin, body).await;
    let mut view = stage.socket(&acme.user).await;
    view.subscribe_as(json!({ "collection": "posts", "record": id })).await;
    change(superadmin, &id, json!({ "secret": "z" })).await;
    for (socket, path) in [(&mut list, POSTS.to_owned()), (&mut view, format!("{POSTS}/{id}"))] {
        let events = socket.events_so_far().await;
        let shown = acme.user.get(&path).await.expect(200).body;
        let mut shown = shown.get("items").map_or(shown.clone(), |items| items[0].clone());
        shown.as_object_mut().unwrap().remove("account_name");
        assert_eq!(events.last().unwrap().1, shown);
        assert!(!events.iter().any(|(_, data)| data.to_string().contains("ann@example.com")));
    }
    let events = list.events_so_far().await;
    assert!(events.is_empty());
    let events = whole.events_so_far().await;
    assert_eq!((&events[1].1["secret"], &events[1].1["mail"]), (&json!("z"), &json!("ann@example.com")));
    // Who is let in to see personal data sees it with the next event.
    let group = acme.admin.post("/api/v1/groups", json!({ "name": "pii_access" })).await.expect(201);
    let members = format!("/api/v1/groups/{}/users", group.str("id"));
    acme.admin.post(&members, json!({ "user_id": acme.user_id })).await.expect(201);
    change(superadmin, &id, json!({ "title": "seen" })).await;
    let mut events = list.events_so_far().await;
    acme.admin.delete(&format!("{members}/{}", acme.user_id)).await.expect(204);
    change(superadmin, &id, json!({ "title": "masked" })).await;
    events.extend(list.events_so_far().await);
    assert_eq!(events[0].1["mail"], "ann@example.com");
    assert_ne!(events[1].1["mail"], "ann@example.com");
}

async fn records_that_leave_a_rule_are_deleted_and_such_that_enter_it_updated(database: Database) {
    let stage = Stage::set(database).await;
    let rule = "status = \"public\" || created_by = @request.auth.id";
    stage.set_rules(json!({ "list_rule": rule, "view_rule": rule })).await;
    let (author, reader) = (&stage.acme.admin, &stage.acme.user);
    let mut own = stage.socket(author).await;
    let mut others = stage.socket(reader).await;
    own.subscribe("posts").await;
    others.subscribe("posts").await;
    let mut deletions = stage.socket(reader).await;
    deletions.subscribe_as(json!({ "collection": "posts", "operations": ["delete"] })).await;
    let mut updates = stage.socket(reader).await;
    updates.subscribe_as(json!({ "collection": "posts", "operations": ["create", "update"] })).await;
    let draft = add(author, json!({ "status": "draft", "title": "hidden" })).await;
    let id = draft.as_str();
    change(author, id, json!({ "status": "public" })).await;
    change(author, id, json!({ "title": "seen" })).await;
    change(author, id, json!({ "status": "draft", "title": "hidden again" })).await;
    change(author, id, json!({ "title": "unheard" })).await;
    delete(author, id).await;
    let (update, gone) = (("posts.update", id), ("posts.delete", id));
    assert_eq!(
        told(&own.events_so_far().await),
        [("posts.create", id), update, update, update, update, gone]
    );
    let heard = others.events_so_far().await;
    assert_eq!(told(&heard), [update, update, gone]);
    assert_eq!(heard[2].1, json!({ "id": id }));
    assert_eq!(told(&deletions.events_so_far().await), [gone]);
    assert_eq!(told(&updates.events_so_far().await), [update, update]);
}

async fn rules_through_references_macros_and_groups_are_those_of_the_moment(database: Database) {
    let stage = Stage::set(database).await;
    let (acme, superadmin) = (&stage.acme, &stage.superadmin);
    let sql = "SELECT 1 FROM users WHERE id = :reader AND id = @request.auth.id";
    let body = json!({ "name": "is_reader", "sql_query": sql, "parameters": ["reader"] });
    let with_macro = superadmin.post("/api/v1/macros", body).await.status == 201;
    let mut socket = stage.socket(&acme.user).await;
    socket.subscribe("posts").await;
    let mark = |n: i64| json!({ "account_id": acme.id, "n": n });
    let open = superadmin.post("/api/v1/records/marks", mark(1)).await.expect(201).str("id").to_owned();
    let shut = superadmin.post("/api/v1/records/marks", mark(0)).await.expect(201).str("id").to_owned();
    stage.set_rules(json!({ "list_rule": "parent.n = 1" })).await;
    let id = add(&acme.admin, json!({ "parent": shut })).await;
    change(&acme.admin, &id, json!({ "parent": open })).await;
    change(&acme.admin, &id, json!({ "parent": null })).await;
    let heard = socket.events_so_far().await;
    assert_eq!(told(&heard), [("posts.update", id.as_str()), ("posts.delete", id.as_str())]);
    if with_macro {
        stage.set_rules(json!({ "list_rule": "@is_reader(secret)" })).await;
        change(&acme.admin, &id, json!({ "secret": acme.admin_id })).await;
        change(&acme.admin, &id, json!({ "secret": acme.user_id })).await;
        let heard = socket.events_so_far().await;
        assert_eq!(told(&heard), [("posts.update", id.as_str())]);
    }
    stage.set_rules(json!({ "list_rule": "@has_group(\"staff\")" })).await;
    change(&acme.admin, &id, json!({ "title": "before" })).await;
    assert_eq!(socket.so_far().await, [json!(null); 0]);
    let group = acme.admin.post("/api/v1/groups", json!({ "name": "staff" })).await.expect(201);
    let members = format!("/api/v1/groups/{}/users", group.str("id"));
    acme.admin.post(&members, json!({ "user_id": acme.user_id })).await.expect(201);
    change(&acme.admin, &id, json!({ "title": "among them" })).await;
    let mut heard = socket.events_so_far().await;
    acme.admin.delete(&format!("{members}/{}", acme.user_id)).await.expect(204);
    change(&acme.admin, &id, json!({ "title": "after" })).await;
    heard.extend(socket.events_so_far().await);
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].1["title"], "among them");
}

async fn rules_that_change_count_at_once(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    let mut socket = stage.socket(user).await;
    socket.subscribe("posts").await;
    stage.set_rules(json!({ "list_rule": "n > 5" })).await;
    add(user, json!({ "n": 1 })).await;
    let seen = add(user, json!({ "n": 6 })).await;
    assert_eq!(told(&socket.events_so_far().await), [("posts.create", seen.as_str())]);
    stage.set_rules(json!({ "list_rule": null })).await;
    add(user, json!({ "n": 7 })).await;
    assert_eq!(socket.message().await, json!({ "error": "Subscription denied", "collection": "posts" }));
    stage.set_rules(json!({ "list_rule": "" })).await;
    add(user, json!({ "n": 8 })).await;
    assert_eq!(socket.so_far().await, [json!(null); 0], "the subscription is over");
    // Also where nothing happens.
    socket.subscribe("posts").await;
    stage.superadmin.delete(&format!("/api/v1/collections/{}", stage.posts)).await;
    assert_eq!(socket.message().await, json!({ "error": "Subscription denied", "collection": "posts" }));
}

async fn what_goes_with_another_record_is_told(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.acme.user;
    stage.set_rules(json!({ "list_rule": "parent.n = 1" })).await;
    let mark = user.post("/api/v1/records/marks", json!({ "n": 1 })).await.expect(201).str("id").to_owned();
    let hidden = user.post("/api/v1/records/marks", json!({ "n": 2 })).await.expect(201).str("id").to_owned();
    let seen = add(user, json!({ "parent": mark })).await;
    add(user, json!({ "parent": hidden })).await;
    let mut socket = stage.socket(user).await;
    socket.subscribe("posts").await;
    for mark in [mark, hidden] {
        user.delete(&format!("/api/v1/records/marks/{mark}")).await.expect(204);
    }
    assert_eq!(told(&socket.events_so_far().await), [("posts.delete", seen.as_str())]);
}

async fn filters_do_not_probe_what_is_hidden(database: Database) {
    let stage = Stage::set(database).await;
    stage.set_rules(json!({ "list_fields": "[\"title\",\"mail\"]" })).await;
    let hidden = json!({ "view_rule": "", "view_fields": "[\"s\"]" });
    add_collection(&stage.superadmin, "vault", json!([{ "name": "s", "type": "text" }]), hidden).await;
    let mut socket = stage.socket(&stage.acme.user).await;
    for filter in ["secret = \"a\"", "n > 1", "mail ~ \"a%\"", "parent.n = 1", "twice = 2"] {
        let message =
            json!({ "action": "subscribe", "collection": "posts", "filter": filter, "id": "probe" });
        let answer = socket.ask(message).await;
        assert_eq!(answer["error"], "Invalid filter expression", "{filter}: {answer}");
    }
    // One that was good once is over when its field is hidden.
    socket.subscribe_as(json!({ "collection": "posts", "filter": "title = \"a\"" })).await;
    stage.set_rules(json!({ "list_fields": "[\"mail\"]" })).await;
    add(&stage.acme.user, json!({ "title": "a" })).await;
    assert_eq!(socket.message().await["error"], "Subscription denied");
}
