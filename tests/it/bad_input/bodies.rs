//! Bodies that are no JSON, no object, or hold what does not belong there.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Stage, assert_refused};
use crate::on_each_database;
use crate::openapi::{Operation, operations};
use crate::server::Database;

on_each_database!(
    bodies_that_are_no_json_objects_are_refused,
    fields_of_the_wrong_type_are_refused,
    values_that_cannot_be_stored_are_refused,
);

/// The operations with a body that must be there.
fn operations_with_body() -> impl Iterator<Item = Operation> {
    let has_body = |operation: &Operation| operation.body_fields.is_some();
    operations().into_iter().filter(move |o| has_body(o) && o.path != "/api/v1/auth/logout")
}

async fn bodies_that_are_no_json_objects_are_refused(database: Database) {
    let stage = Stage::set(database).await;
    let deep = 10_000;
    let bodies: Vec<Vec<u8>> = vec![
        b"{".into(),
        b"}".into(),
        b"[".into(),
        b"nul".into(),
        b"{\"name\":}".into(),
        b"{\"name\":\"x\",}".into(),
        b"{'name':'x'}".into(),
        b"{\"name\":\"x\"} x".into(),
        b"{\"name\":NaN}".into(),
        b"{\"name\":1e999}".into(),
        b"{\"title\":\"\\ud800\"}".into(),
        b"{\"title\":\"\\udc00\\ud800\"}".into(),
        b"{\"title\":\"\xff\xfe\"}".into(),
        b"\xef\xbb\xbf{}".into(),
        b"\x00".into(),
        b"{\"title\":\"\x00\"}".into(),
        b"null".into(),
        b"[]".into(),
        b"[{}]".into(),
        b"\"text\"".into(),
        b"12".into(),
        b"true".into(),
        b"".into(),
        "[".repeat(deep).into(),
        format!("{}{}", "[".repeat(deep), "]".repeat(deep)).into(),
        format!("{}1{}", "{\"title\":".repeat(deep), "}".repeat(deep)).into(),
    ];
    let types =
        ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", ""];
    for operation in operations_with_body() {
        let (name, path) = (operation.name(), stage.path(&operation));
        for body in &bodies {
            let what = format!("{name} with {}", String::from_utf8_lossy(&body[..body.len().min(80)]));
            let method = operation.method.clone();
            let reply = stage.superadmin.send_bytes(method, &path, "application/json", body.clone()).await;
            assert_refused(&reply, &what);
        }
        for content_type in types {
            let body = b"{\"title\": \"x\"}".to_vec();
            let reply =
                stage.superadmin.send_bytes(operation.method.clone(), &path, content_type, body).await;
            assert_refused(&reply, &format!("{name} as {content_type}"));
        }
    }
    let large = format!("{{\"title\":\"{}\"}}", "x".repeat(11 * 1024 * 1024)).into_bytes();
    let reply =
        stage.tenant.user.send_bytes(Method::POST, "/api/v1/records/notes", "application/json", large).await;
    assert_eq!(reply.expect(413).body, json!({ "detail": "Request body too large" }));
    stage.assert_unharmed().await;
}

async fn fields_of_the_wrong_type_are_refused(database: Database) {
    let stage = Stage::set(database).await;
    let wrong = [
        json!([[]]),
        json!({ "a": {} }),
        json!(1e308),
        json!(-9_223_372_036_854_775_808_i64),
        json!(18_446_744_073_709_551_615_u64),
        json!("\0"),
        json!("x".repeat(100_000)),
        json!(true),
        json!(""),
    ];
    for operation in operations_with_body() {
        let names = operation.body_fields.clone().unwrap();
        if names.is_empty() {
            continue; // The fields of records: see below.
        }
        // What is switched on or off takes a boolean and nothing else.
        let takes_booleans = names == ["enabled"];
        for value in wrong.iter().filter(|value| !(takes_booleans && value.is_boolean())) {
            let body: Value = names.iter().map(|name| (name.clone(), value.clone())).collect();
            let what = format!(
                "{} with {}",
                operation.name(),
                &value.to_string().chars().take(40).collect::<String>()
            );
            let reply =
                stage.superadmin.send(operation.method.clone(), &stage.path(&operation), Some(body)).await;
            assert_refused(&reply, &what);
        }
    }
    for name in
        ["x".repeat(65), "x".repeat(1_000_000), "1st".into(), "é".repeat(10), "a b".into(), "a\"b".into()]
    {
        let schema = json!([{ "name": "title", "type": "text" }]);
        let body = json!({ "name": name, "schema": schema });
        assert_refused(&stage.superadmin.post("/api/v1/collections", body).await, "name of a collection");
        let body = json!({ "name": "things", "schema": [{ "name": name, "type": "text" }] });
        assert_refused(&stage.superadmin.post("/api/v1/collections", body).await, "name of a field");
    }
    for query in
        ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1e3", "skip=-1", "skip=99999999999999999999"]
    {
        let reply = stage.tenant.user.get(&format!("/api/v1/records/notes?{query}")).await;
        assert_refused(&reply, query);
    }
    stage.assert_unharmed().await;
}

async fn values_that_cannot_be_stored_are_refused(database: Database) {
    let stage = Stage::set(database).await;
    let user = &stage.tenant.user;
    let (notes, note) = ("/api/v1/records/notes", format!("/api/v1/records/notes/{}", stage.record));
    let deep = format!("{}{}", "[".repeat(127), "]".repeat(127));
    for (field, value) in [
        ("title", json!(null)),
        ("title", json!(1)),
        ("title", json!(["x"])),
        ("title", json!("a\0b")),
        ("n", json!("1")),
        ("n", json!(true)),
        ("n", json!({})),
        ("ok", json!(1)),
        ("ok", json!("true")),
        ("at", json!(1)),
        ("at", json!("yesterday")),
        ("at", json!("2026-13-01T00:00:00Z")),
        ("at", json!("2026-01-01T25:00:00Z")),
        ("day", json!("2026-02-30")),
        ("day", json!("'; DROP TABLE users; --")),
        ("mail", json!("nobody")),
        ("mail", json!("a\0@example.com")),
        ("link", json!("javascript:alert(1)")),
        ("link", json!("http://example.com/\0")),
        ("extra", json!({ "a": ["\0"] })),
        ("extra", json!({ "\0": 1 })),
        ("parent", json!("")),
        ("parent", json!("nobody")),
        ("parent", json!(1)),
        ("nosuch", json!(1)),
        ("created_by", json!("me")),
        ("", json!(1)),
        ("\0", json!(1)),
    ] {
        let mut body = json!({ "title": "x" });
        body[field] = value;
        for reply in [
            user.post(notes, body.clone()).await,
            user.put(&note, body.clone()).await,
            user.patch(&note, body.clone()).await,
            user.post(&format!("{notes}/batch"), json!({ "records": [body] })).await,
            user.patch(
                &format!("{notes}/batch"),
                json!({ "records": [{ "id": stage.record, "data": body }] }),
            )
            .await,
        ] {
            assert_refused(&reply, &body.to_string());
        }
    }
    for records in [json!([]), json!({}), json!([1]), json!(null), json!(vec![json!({ "title": "x" }); 101])]
    {
        let body = json!({ "records": records, "ids": records });
        for method in [Method::POST, Method::PATCH, Method::DELETE] {
            let reply = user.send(method, &format!("{notes}/batch"), Some(body.clone())).await;
            assert_refused(&reply, "batch");
        }
    }
    stage.assert_unharmed().await;
    // What just can be stored comes back as it was.
    let deep: Value = serde_json::from_str(&deep).unwrap();
    for value in [json!(deep["x"]), json!([[[["deep"]]]]), json!("'; --"), json!(1e300)] {
        let made =
            user.post(notes, json!({ "title": "\u{10FFFF}\u{202e}", "extra": value })).await.expect(201);
        assert_eq!(made.body["extra"], value);
        assert_eq!(made.body["title"], "\u{10FFFF}\u{202e}");
    }
}
