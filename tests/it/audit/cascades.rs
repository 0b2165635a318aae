//! Records that go or change with one that is deleted are told as if each had been asked for.

use serde_json::{Value, json};

use super::{assert_holds, entries_after};
use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(what_goes_with_a_record_is_told);

fn reference(name: &str, to: &str, on_delete: &str) -> Value {
    json!({ "name": name, "type": "reference", "collection": to, "on_delete": on_delete })
}

/// Makes a record and tells its id.
async fn add(by: &Client, collection: &str, record: Value) -> String {
    by.post(&format!("/api/v1/records/{collection}"), record).await.expect(201).str("id").to_owned()
}

/// One line for each row: what happened to which record, and which values of fields went.
fn summary(entries: &[Value]) -> Vec<String> {
    let mut lines: Vec<(Value, Vec<String>)> = Vec::new();
    for entry in entries {
        let row = json!([entry["operation"], entry["table_name"], entry["record_id"]]);
        if lines.last().is_none_or(|(last, _)| *last != row) {
            lines.push((row, Vec::new()));
        }
        let (column, old) = (entry["column_name"].as_str().unwrap(), entry["old_value"].as_str());
        let system = ["id", "account_id", "created_at", "created_by", "updated_at", "updated_by"];
        let told = match old {
            Some(old) if !system.contains(&column) => format!("{column}={old}"),
            _ if entry["operation"] == "UPDATE" => column.to_owned(),
            _ => continue,
        };
        lines.last_mut().unwrap().1.push(told);
    }
    let line = |(row, columns): (Value, Vec<String>)| {
        let part = |n: usize| row[n].as_str().unwrap().to_owned();
        format!("{} {} {} {}", part(0), part(1), part(2), columns.join(" "))
    };
    lines.into_iter().map(line).collect()
}

async fn what_goes_with_a_record_is_told(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let towns = json!([{ "name": "title", "type": "text" }, reference("capital", "towns", "cascade")]);
    add_collection(&superadmin, "towns", towns, json!({})).await;
    let people = json!([
        reference("home", "towns", "cascade"),
        reference("work", "towns", "set_null"),
        reference("born", "towns", "restrict"),
    ]);
    // Nobody may delete or change people himself.
    let locked = json!({ "update_rule": null, "delete_rule": null });
    add_collection(&superadmin, "people", people, locked).await;
    add_collection(&superadmin, "letters", json!([reference("to", "people", "cascade")]), json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let user = &acme.user;

    let capital = add(user, "towns", json!({ "title": "capital" })).await;
    user.patch(&format!("/api/v1/records/towns/{capital}"), json!({ "capital": capital })).await.expect(200);
    let suburb = add(user, "towns", json!({ "title": "suburb", "capital": capital })).await;
    let other = add(user, "towns", json!({ "title": "other" })).await;
    let person = add(user, "people", json!({ "home": suburb, "work": capital })).await;
    let worker = add(user, "people", json!({ "work": suburb, "home": other })).await;
    let letter = add(user, "letters", json!({ "to": person })).await;
    let native = add(user, "people", json!({ "born": suburb })).await;
    let at_work = format!("/api/v1/records/people/{worker}");
    let tag = user.get(&at_work).await.expect(200).headers["etag"].clone();

    let mut known = entries_after(&superadmin, 0).await.len() as i64;
    let path = format!("/api/v1/records/towns/{capital}");
    let refused = user.delete(&path).await.expect(409);
    assert_eq!(refused.str("message"), "Cannot delete record: it is referenced by other records");
    assert!(entries_after(&superadmin, known).await.is_empty(), "nothing has happened");
    superadmin.delete(&format!("/api/v1/records/people/{native}")).await.expect(204);
    known = entries_after(&superadmin, 0).await.len() as i64;

    user.delete(&path).await.expect(204);
    let entries = entries_after(&superadmin, known).await;
    assert!(entries.iter().all(|entry| entry["user_id"] == acme.user_id && entry["account_id"] == acme.id));
    assert_eq!(
        summary(&entries),
        [
            format!("UPDATE col_people {worker} updated_at work={suburb}"),
            format!("DELETE col_letters {letter} to={person}"),
            format!("DELETE col_people {person} home={suburb} work={capital}"),
            format!("DELETE col_towns {suburb} title=suburb capital={capital}"),
            format!("DELETE col_towns {capital} title=capital capital={capital}"),
        ]
    );
    let left = user.get(&at_work).await.expect(200);
    assert_eq!((&left.body["work"], &left.body["home"]), (&Value::Null, &json!(other)));
    assert_ne!(left.headers["etag"], tag, "another version");
    for (collection, total) in [("towns", 1), ("people", 1), ("letters", 0)] {
        let page = user.get(&format!("/api/v1/records/{collection}?limit=1")).await.expect(200);
        assert_eq!(page.body["total"], total, "{collection}");
    }

    known = entries_after(&superadmin, 0).await.len() as i64;
    let batch = json!({ "ids": [other] });
    user.send(reqwest::Method::DELETE, "/api/v1/records/towns/batch", Some(batch)).await.expect(200);
    let told = summary(&entries_after(&superadmin, known).await);
    assert_eq!(
        told,
        [format!("DELETE col_people {worker} home={other}"), format!("DELETE col_towns {other} title=other"),]
    );
    assert_holds(&server, &superadmin).await;
}
