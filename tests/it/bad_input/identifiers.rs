//! Statements of SQL in every place where a name or an id belongs.

use reqwest::Method;
use serde_json::json;

use super::{Stage, assert_not_broken, assert_refused, encoded};
use crate::on_each_database;
use crate::openapi::operations;
use crate::server::Database;

on_each_database!(
    statements_in_place_of_identifiers_are_refused_or_without_effect,
    statements_in_any_path_or_query_break_nothing,
    statements_in_aggregates_are_refused,
    exports_name_their_files_as_they_want,
);

/// Texts that break out of quotes, paths, lines or encodings where one trusts them.
const STATEMENTS: [&str; 14] = [
    "'; DROP TABLE users; --",
    "\"; DROP TABLE users; --",
    "title\"; DELETE FROM accounts; --",
    "1) UNION SELECT password_hash FROM users --",
    "title, (SELECT password_hash FROM users)",
    "CASE WHEN 1=1 THEN title END",
    "col_notes",
    "users",
    "sqlite_master",
    "../../etc/passwd",
    "notes\0",
    "\0",
    "%00%27",
    "\u{202e}\u{feff}😀\r\nX-Header: 1",
];

async fn statements_in_place_of_identifiers_are_refused_or_without_effect(database: Database) {
    let stage = Stage::set(database).await;
    let (user, root) = (&stage.tenant.user, &stage.superadmin);
    let long = "x".repeat(10_000);
    for text in STATEMENTS.into_iter().chain([long.as_str()]) {
        let what = text.chars().take(60).collect::<String>();
        let inside = encoded(text);
        for path in [
            format!("/api/v1/records/{inside}"),
            format!("/api/v1/records/notes/{inside}"),
            format!("/api/v1/collections/{inside}"),
            format!("/api/v1/collections/{inside}/rules"),
            format!("/api/v1/accounts/{inside}"),
            format!("/api/v1/users/{inside}"),
            format!("/api/v1/groups/{inside}"),
            format!("/api/v1/roles/{inside}"),
            format!("/api/v1/admin/api-keys/{inside}"),
            format!("/api/v1/groups/{}/users/{inside}?", stage.group),
        ] {
            for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
                let deletes_nobody = method == Method::DELETE && path.contains("/users/");
                let body =
                    (method != Method::GET).then(|| json!({ "title": "x", "name": "x", "schema": [] }));
                let reply = root.send(method.clone(), &path, body).await;
                if deletes_nobody {
                    assert_not_broken(&reply, &format!("{method} {path}"));
                } else {
                    assert_refused(&reply, &format!("{method} {path}"));
                }
            }
        }
        for parameter in ["expand", "filter", "limit", "skip", text] {
            let reply = user.get_with("/api/v1/records/notes", &[(parameter, text)]).await;
            assert!(reply.status == 400 || reply.status == 422, "{parameter}={what}: {}", reply.text);
            assert_refused(&reply, &what);
        }
        // These fall back to something harmless or look for the text itself.
        for (path, parameter) in [
            ("/api/v1/records/notes", "sort"),
            ("/api/v1/records/notes", "fields"),
            ("/api/v1/records/notes", "title"),
            ("/api/v1/records/notes", "id"),
            ("/api/v1/records/notes", "n"),
            ("/api/v1/records/notes", "at"),
            ("/api/v1/records/notes", "parent"),
            ("/api/v1/accounts", "search"),
            ("/api/v1/accounts", "sort_by"),
            ("/api/v1/collections", "search"),
            ("/api/v1/collections", "sort_by"),
            ("/api/v1/users", "search"),
            ("/api/v1/users", "sort"),
            ("/api/v1/users", "account_id"),
            ("/api/v1/users", "role_id"),
        ] {
            let reply = root.get_with(path, &[(parameter, text)]).await;
            assert_not_broken(&reply, &format!("{path}?{parameter}={what}"));
            let hash = reply.text.contains("$argon2") || reply.text.contains("password_hash\":");
            assert!(!hash, "{path}?{parameter}={what}: {}", reply.text);
        }
        let schemas = [
            json!([{ "name": text, "type": "text" }]),
            json!([{ "name": "a", "type": text }]),
            json!([{ "name": "a", "type": "reference", "collection": text, "on_delete": "cascade" }]),
            json!([{ "name": "a", "type": "reference", "collection": "notes", "on_delete": text }]),
        ];
        // Names that belong to tables are as good as any for a field.
        let is_identifier = text.len() < 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        for schema in schemas.iter().skip(usize::from(is_identifier)) {
            let reply = root.post("/api/v1/collections", json!({ "name": "things", "schema": schema })).await;
            assert_refused(&reply, &what);
        }
        for rule in [json!({ "list_rule": text }), json!({ "list_fields": text })] {
            assert_refused(&root.put("/api/v1/collections/notes/rules", rule).await, &what);
        }
        for body in [json!({ "title": "x", "parent": text }), json!({ "title": "x", text: 1 })] {
            assert_refused(&user.post("/api/v1/records/notes", body).await, &what);
        }
    }
    stage.assert_unharmed().await;
    // As a value it is a text like any other.
    let text = "'; DROP TABLE users; -- \" \\ %_";
    let made = user.post("/api/v1/records/notes", json!({ "title": text })).await.expect(201);
    assert_eq!(made.body["title"], text);
    assert_eq!(user.get_with("/api/v1/records/notes", &[("title", text)]).await.expect(200).body["total"], 1);
    stage.server.assert_ready().await;
}

/// Whatever the document says there is: each parameter of a path at once and each of a query alone.
async fn statements_in_any_path_or_query_break_nothing(database: Database) {
    let stage = Stage::set(database).await;
    let root = &stage.superadmin;
    let long = "x".repeat(10_000);
    let others = ["9".repeat(30), "-1".into(), "1e9".into(), "2026-13-01".into(), "\u{10FFFF}".into(), long];
    let texts = STATEMENTS.into_iter().chain(others.iter().map(String::as_str));
    for text in texts {
        let (what, inside) = (text.chars().take(60).collect::<String>(), encoded(text));
        for operation in operations() {
            let name = operation.name();
            let aimed = operation
                .path
                .split('/')
                .map(|folder| if folder.starts_with('{') { inside.as_str() } else { folder });
            let path = aimed.collect::<Vec<_>>().join("/");
            if path != operation.path {
                let body = operation.body_fields.as_ref().map(|_| json!({ "name": "x", "title": "x" }));
                let reply = root.send(operation.method.clone(), &path, body).await;
                let told_invalid = name.contains("/verify-reset-token/") && reply.body["valid"] == false;
                if !told_invalid {
                    assert_refused(&reply, &format!("{name} of {what}"));
                }
            }
            if operation.method != Method::GET {
                continue;
            }
            let path = stage.path(&operation);
            for parameter in &operation.query_parameters {
                let mut query = vec![(parameter.as_str(), text)];
                // Without functions an aggregate looks at nothing else.
                if path.ends_with("/aggregate") && parameter != "functions" {
                    query.push(("functions", "count()"));
                }
                let reply = root.get_with(&path, &query).await;
                assert_not_broken(&reply, &format!("{name}?{parameter}={what}"));
                let hash = reply.text.contains("$argon2") || reply.text.contains("password_hash\":");
                assert!(!hash, "{name}?{parameter}={what}: {}", reply.text);
            }
        }
    }
    stage.assert_unharmed().await;
}

async fn statements_in_aggregates_are_refused(database: Database) {
    let stage = Stage::set(database).await;
    let path = "/api/v1/records/notes/aggregate";
    let long = "x".repeat(10_000);
    for text in STATEMENTS.into_iter().chain([long.as_str()]) {
        let what = text.chars().take(60).collect::<String>();
        let quoted = text.replace('\\', "\\\\").replace('\'', "\\'");
        for by in [&stage.tenant.user, &stage.superadmin] {
            for query in [
                vec![("functions", text.to_owned())],
                vec![("functions", format!("count(),{text}"))],
                vec![("functions", format!("count({text})"))],
                vec![("functions", format!("sum({text})"))],
                vec![("functions", format!("min(title),{text}(title)"))],
                vec![("functions", "count()".to_owned()), ("group_by", text.to_owned())],
                vec![("functions", "count()".to_owned()), ("group_by", format!("title,{text}"))],
                vec![("functions", "count()".to_owned()), ("having", text.to_owned())],
                vec![("functions", "count()".to_owned()), ("having", format!("{text} > 1"))],
                vec![("functions", "count()".to_owned()), ("having", format!("count() > 0 AND {text}"))],
                vec![("functions", "count()".to_owned()), ("having", format!("count() {text} 1"))],
                vec![("functions", "count()".to_owned()), ("filter", text.to_owned())],
            ] {
                let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let reply = by.get_with(path, &query).await;
                assert_refused(&reply, &format!("{query:?}"));
            }
            let having = format!("min_title = '{quoted}'");
            let query = [("functions", "min(title),count()"), ("having", having.as_str())];
            let reply = by.get_with(path, &query).await;
            assert_not_broken(&reply, &what);
            if reply.status == 200 {
                assert_eq!(reply.body["results"], json!([]), "a text like any other: {what}");
            }
        }
    }
    stage.assert_unharmed().await;
    stage.server.assert_ready().await;
}

/// Nothing of a request but the name of a collection that is there comes into the name of a file.
async fn exports_name_their_files_as_they_want(database: Database) {
    let stage = Stage::set(database).await;
    let root = &stage.superadmin;
    for (path, name) in [
        ("/api/v1/records/notes/export", "notes_export"),
        ("/api/v1/collections/export", "collections_export"),
        ("/api/v1/audit-logs/export", "audit_logs"),
    ] {
        let name = regex::Regex::new(&format!(
            r#"^attachment; filename="?{name}_\d{{8}}_\d{{6}}\.(json|csv|pdf)"?$"#
        ));
        let name = name.unwrap();
        for text in
            STATEMENTS.into_iter().chain(["csv\r\nX-Evil: 1", "\"; filename=evil.html", "csv%0d%0aX-Evil:1"])
        {
            for parameter in ["filename", "name", "fields", "sort", "format", "collection_ids"] {
                let reply = root.get_with(path, &[(parameter, text)]).await;
                assert_not_broken(&reply, &format!("{path}?{parameter}={text}"));
                assert!(reply.headers.get("x-evil").is_none() && reply.headers.get("x-header").is_none());
                if reply.status == 200 {
                    let disposition = reply.headers["content-disposition"].to_str().unwrap();
                    assert!(name.is_match(disposition), "{path}?{parameter}={text}: {disposition}");
                }
            }
        }
    }
    for text in ["notes\r\nX-Evil: 1", "notes\"; filename=evil.html", "notes;", "../notes"] {
        let reply = root.get(&format!("/api/v1/records/{}/export", encoded(text))).await;
        assert_refused(&reply, text);
        assert!(reply.headers.get("x-evil").is_none() && reply.headers.get("content-disposition").is_none());
        let schema = json!([{ "name": "a", "type": "text" }]);
        let made = root.post("/api/v1/collections", json!({ "name": text, "schema": schema })).await;
        assert_refused(&made, text);
    }
}
