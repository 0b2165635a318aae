//! Lists from beginning to end: by cursors, as files, and back from files.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    a_walk_meets_every_record_once_while_others_come_and_go,
    an_export_comes_back_as_it_was,
    a_table_keeps_empty_texts_apart_from_nothing,
    an_import_takes_all_or_none_or_leaves_out_the_faulty,
    the_audit_log_tells_of_what_was_imported,
);

const NOTES: &str = "/api/v1/records/notes";

async fn stage(database: Database, variables: &[(&str, &str)]) -> (Server, Client, Tenant) {
    let server = Server::start_with(database, variables);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "title", "type": "text", "required": true, "unique": true },
        { "name": "n", "type": "number" },
        { "name": "ok", "type": "boolean" },
        { "name": "at", "type": "datetime" },
        { "name": "data", "type": "json" },
        { "name": "email", "type": "text", "pii": true, "mask_type": "full" },
        { "name": "hidden", "type": "text" },
        { "name": "parent", "type": "reference", "collection": "notes", "on_delete": "set_null" },
        { "name": "twice", "type": "computed", "expression": "n * 2", "return_type": "number" },
    ]);
    let rule = "@request.auth.id != \"\"";
    let rules = json!({
        "list_rule": rule, "view_rule": rule, "delete_rule": rule,
        "create_rule": "@request.auth.id != \"\" && title != \"forbidden\"",
        "list_fields": "[\"title\",\"n\",\"ok\",\"at\",\"data\",\"email\",\"parent\",\"twice\"]",
    });
    add_collection(&superadmin, "notes", schema, rules).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    (server, superadmin, acme)
}

async fn a_walk_meets_every_record_once_while_others_come_and_go(database: Database) {
    let (_server, _superadmin, acme) = stage(database, &[]).await;
    let records: Vec<_> = (0..60).map(|n| json!({ "title": format!("t{n:02}"), "n": n % 7 })).collect();
    acme.user.post(&format!("{NOTES}/batch"), json!({ "records": records })).await.expect(201);
    for (skip_total, total) in [("true", Value::Null), ("false", json!(60))] {
        let page = acme.user.get_with(NOTES, &[("limit", "7"), ("skip_total", skip_total)]).await.expect(200);
        assert_eq!((page.items().len(), &page.body["total"]), (7, &total));
    }
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let query =
            [("cursor", cursor.as_str()), ("sort", "-n,+title"), ("limit", "7"), ("include_count", "1")];
        let page = acme.user.get_with(NOTES, &query).await.expect(200);
        seen.extend(page.each("title"));
        cursor = page.str("next_cursor").to_owned();
        let here = page.items()[0]["id"].as_str().unwrap();
        acme.user.delete(&format!("{NOTES}/{here}")).await.expect(204);
        let new = json!({ "title": format!("new {}", seen.len()), "n": 7 });
        acme.user.post(NOTES, new).await.expect(201);
        assert_eq!(page.body["total"], 60);
        if page.body["has_more"] == false {
            break;
        }
    }
    let mut expected: Vec<_> = (0..60).map(|n| (-(n % 7), format!("t{n:02}"))).collect();
    expected.sort();
    assert_eq!(seen, expected.into_iter().map(|(_, title)| Value::from(title)).collect::<Vec<_>>());
}

async fn import(client: &Client, path: &str, content_type: &str, text: &str) -> Reply {
    client.send_bytes(Method::POST, path, content_type, text.to_owned().into_bytes()).await
}

async fn an_export_comes_back_as_it_was(database: Database) {
    let (_server, superadmin, acme) = stage(database, &[]).await;
    let parent = acme.user.post(NOTES, json!({ "title": "parent" })).await.expect(201);
    for body in [
        json!({ "title": "=1+1", "n": -1.5, "ok": true, "at": "2026-01-02T03:04:05+02:00", "data": { "a": [1, "x"] } }),
        json!({ "title": "'=quoted, \"twice\"\nand on", "n": 3, "parent": parent.str("id"), "email": "a@b.cd" }),
        json!({ "title": "plain", "ok": false, "data": "text", "hidden": "not for lists" }),
    ] {
        acme.user.post(NOTES, body).await.expect(201);
    }
    let query = "filter=title%20!=%20%22parent%22&sort=%2Btitle";
    let exported = acme.user.get(&format!("{NOTES}/export?{query}")).await.expect(200);
    assert_eq!((&exported.body["collection"], &exported.body["count"]), (&json!("notes"), &json!(3)));
    let disposition = exported.headers["content-disposition"].to_str().unwrap();
    assert!(
        disposition.starts_with("attachment; filename=notes_export_20") && disposition.ends_with(".json")
    );
    let records = exported.body["records"].as_array().unwrap().clone();
    let listed = acme.user.get(&format!("{NOTES}?{query}")).await.expect(200);
    assert_eq!(records, listed.items());
    assert!(!exported.text.contains("not for lists") && !exported.text.contains("a@b.cd"));

    let csv = acme.user.get(&format!("{NOTES}/export?{query}&format=csv")).await.expect(200);
    assert!(csv.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    let header = "id,account_id,created_at,created_by,updated_at,updated_by,account_name,\
                  title,n,ok,at,data,email,parent,twice\r\n";
    assert!(csv.text.starts_with(header), "{}", csv.text);
    assert!(csv.text.contains(",'=1+1,'-1.5,true,2026-01-02T03:04:05+02:00,\"{\"\"a\"\":[1,\"\"x\"\"]}\","));
    assert!(csv.text.contains(",\"''=quoted, \"\"twice\"\"\nand on\",3,"));

    // Both forms make the same records anew, once the old ones are gone.
    let path = format!("{NOTES}/import");
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    let whole = json!({ "records": records }).to_string();
    for (content_type, text) in
        [("text/csv", &csv.text), ("application/x-ndjson", &lines), ("application/json", &whole)]
    {
        let listed = acme.user.get(&format!("{NOTES}?{query}")).await.expect(200);
        for id in listed.each("id") {
            acme.user.delete(&format!("{NOTES}/{}", id.as_str().unwrap())).await.expect(204);
        }
        let done = import(&acme.user, &path, content_type, text).await.expect(200);
        assert_eq!(done.body, json!({ "imported": 3, "skipped": 0, "errors": [] }), "{content_type}");
        let again = acme.user.get(&format!("{NOTES}/export?{query}")).await.expect(200);
        for (old, new) in records.iter().zip(again.body["records"].as_array().unwrap()) {
            for field in ["account_name", "title", "n", "ok", "at", "data", "parent", "twice", "created_by"] {
                assert_eq!(old[field], new[field], "{field} by {content_type}");
            }
            assert_ne!(old["id"], new["id"]);
        }
    }
    superadmin.get(&format!("{NOTES}/export?format=xml")).await.expect(422);
    acme.user.get("/api/v1/records/nothing/export").await.expect(403);
}

/// A field that is empty is null, one that is empty in quotes is a text.
async fn a_table_keeps_empty_texts_apart_from_nothing(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let schema = json!([
        { "name": "title", "type": "text", "required": true },
        { "name": "body", "type": "text", "default": "by default" },
        { "name": "n", "type": "number", "default": 7 },
        { "name": "data", "type": "json", "default": [1] },
        { "name": "mail", "type": "email" },
    ]);
    add_collection(&superadmin, "pages", schema, json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let pages = "/api/v1/records/pages";
    let values = [
        json!({ "title": "", "body": "", "n": null, "data": null, "mail": null }),
        json!({ "title": " ", "body": null, "n": 0, "data": "" }),
        json!({ "title": "\"", "body": "\"\"", "n": 1, "data": "12" }),
        json!({ "title": "a\r\nb", "body": ",", "data": "=1" }),
        json!({ "title": "\r", "body": "'", "data": { "": "" } }),
        json!({ "title": "é \u{feff}", "body": "-", "data": -1 }),
        json!({ "title": "'-", "body": "x", "data": ["\"", ""] }),
    ];
    for body in &values {
        acme.user.post(pages, body.clone()).await.expect(201);
    }
    let fields = ["title", "body", "n", "data", "mail"];
    let read = async || -> Vec<Vec<Value>> {
        let listed = acme.user.get(&format!("{pages}?sort=%2Btitle")).await.expect(200);
        listed.items().iter().map(|record| fields.map(|field| record[field].clone()).into()).collect()
    };
    let before = read().await;
    let table = acme.user.get(&format!("{pages}/export?sort=%2Btitle&format=csv")).await.expect(200).text;
    assert!(table.contains(",\"\",\"\",,,\r\n"), "{table}");
    for page in acme.user.get(pages).await.expect(200).each("id") {
        acme.user.delete(&format!("{pages}/{}", page.as_str().unwrap())).await.expect(204);
    }
    let done = import(&acme.user, &format!("{pages}/import"), "text/csv", &table).await.expect(200);
    assert_eq!(done.body["imported"], values.len(), "{}", done.text);
    assert_eq!(read().await, before);
    // Programs that put everything in quotes mean nothing by it but in texts.
    let quoted = "\"title\",\"body\",\"n\",\"data\",\"mail\"\r\n\"q\",\"\",\"\",\"\",\"\"\r\n";
    import(&acme.user, &format!("{pages}/import"), "text/csv", quoted).await.expect(200);
    let found = acme.user.get_with(pages, &[("title", "q")]).await.expect(200);
    let found = fields.map(|field| found.items()[0][field].clone());
    assert_eq!(found, [json!("q"), json!(""), json!(null), json!(null), json!(null)]);
    // A column that is left out gets the default, an empty field of a required one is none.
    let refused = import(&acme.user, &format!("{pages}/import"), "text/csv", "title,body\r\n,x\r\n").await;
    assert_eq!(refused.expect(400).body["details"][0]["code"], "required_missing");
}

async fn an_import_takes_all_or_none_or_leaves_out_the_faulty(database: Database) {
    let (server, _superadmin, acme) = stage(database, &[("RECORD_IMPORT_MAX_SIZE", "100000")]).await;
    let parent = acme.user.post(NOTES, json!({ "title": "taken" })).await.expect(201);
    let total = async || acme.user.get(NOTES).await.expect(200).body["total"].clone();
    let mut table = String::from("Name,n,parent,remarks\r\n");
    for n in 0..450 {
        table.push_str(&format!("t{n},{n},{},x\r\n", if n % 2 == 0 { parent.str("id") } else { "" }));
    }
    let path = |query: &str| format!("{NOTES}/import?map=Name:title,remarks:&{query}");
    for (row, code) in [
        ("taken,1,,", "unique_violation"),
        ("t7,1,,", "unique_violation"),
        ("x,many,,", "invalid_type"),
        ("x,1,nowhere,", "invalid_reference"),
        (",1,,", "required_missing"),
        ("x,1", "malformed_record"),
    ] {
        let text = format!("{table}{row}\r\n");
        let refused = import(&acme.user, &path(""), "text/csv", &text).await.expect(400);
        assert_eq!(
            (&refused.body["error"], &refused.body["index"]),
            (&json!("validation_error"), &json!(450))
        );
        assert_eq!(refused.body["details"][0]["code"], code, "{row}");
        assert_eq!(total().await, 1, "{row}");
    }
    let denied = import(&acme.user, &path(""), "text/csv", &format!("{table}forbidden,,,\r\n")).await;
    assert_eq!(denied.expect(400).body["detail"], "Record does not satisfy collection rules");
    let tried = import(&acme.user, &path("dry_run=true"), "text/csv", &table).await.expect(200);
    assert_eq!(tried.body, json!({ "imported": 450, "skipped": 0, "errors": [], "dry_run": true }));
    assert_eq!(total().await, 1);

    let faulty = format!("{table}taken,1,,\r\nforbidden,,,\r\nlast,1,,\r\nt7,1,,\r\n");
    let lines = acme.user.with_header("accept", "application/x-ndjson");
    let reply = import(&lines, &path("mode=skip"), "text/csv", &faulty).await.expect(200);
    let told: Vec<Value> = reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told[0], json!({ "progress": { "imported": 200, "skipped": 0 } }));
    let errors: Vec<_> = told.iter().filter_map(|line| line["error"]["index"].as_u64()).collect();
    assert_eq!(errors, [450, 451, 453]);
    let result = json!({ "result": { "imported": 451, "skipped": 3, "dry_run": false } });
    assert_eq!(told.last(), Some(&result));
    assert_eq!(total().await, 452);

    let refused = import(&lines, &path(""), "text/csv", &faulty).await.expect(200);
    let last: Value = serde_json::from_str(refused.text.lines().last().unwrap()).unwrap();
    assert_eq!((&last["refused"]["status"], &last["refused"]["body"]["index"]), (&json!(400), &json!(0)));
    let large = "x".repeat(200_000);
    import(&acme.user, &path(""), "text/csv", &large).await.expect(413);
    import(&acme.user, &path("mode=some"), "text/csv", "title\r\n").await.expect(422);
    let nameless = format!("{NOTES}/import?map=Nobody:title");
    import(&acme.user, &nameless, "text/csv", "title\r\n").await.expect(400);
    let many = json!({ "records": (0..10_001).map(|n| json!({ "n": n })).collect::<Vec<_>>() });
    let refused = acme.user.post(&format!("{NOTES}/import"), many).await.expect(400);
    assert_eq!(refused.body["error"], "batch_too_large");
    let stranger = server.anonymous().with_header("x-account-id", &acme.code);
    import(&stranger, &path(""), "text/csv", &table).await.expect(401);
}

async fn the_audit_log_tells_of_what_was_imported(database: Database) {
    let (_server, _superadmin, acme) = stage(database, &[]).await;
    let text = "{\"title\":\"one\"}\n{\"title\":\"one\"}\n{\"title\":\"two\"}\n{\"n\":1}\n";
    let path = format!("{NOTES}/import?mode=skip");
    import(&acme.user, &path, "application/x-ndjson", text).await.expect(200);
    import(&acme.user, &format!("{path}&dry_run=1"), "application/x-ndjson", "{\"title\":\"three\"}")
        .await
        .expect(200);
    let query = "table_name=col_notes&limit=100&operation=CREATE";
    let log = acme.admin.get(&format!("/api/v1/audit-logs?{query}")).await.expect(200);
    let titles: Vec<_> = log.items().iter().filter(|entry| entry["column_name"] == "title").collect();
    let mut titles: Vec<_> = titles.iter().map(|entry| entry["new_value"].as_str().unwrap()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["one", "two"]);
}
