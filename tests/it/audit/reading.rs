//! Who may read the log, and in which forms.

use serde_json::{Value, json};

use super::{LOGS, entries_after};
use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    account_admins_read_their_own_account_masked_and_users_nothing,
    fields_that_are_personal_are_masked_as_records_show_them,
    lists_are_filtered_sorted_and_paged,
    exports_are_safe_in_each_format,
);

async fn stage(database: Database) -> (Server, Client, Tenant, Tenant) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    (server, superadmin, acme, other)
}

fn new_values<'a>(entries: &'a [Value], column: &str) -> Vec<&'a Value> {
    entries.iter().filter(|entry| entry["column_name"] == column).map(|entry| &entry["new_value"]).collect()
}

async fn account_admins_read_their_own_account_masked_and_users_nothing(database: Database) {
    let (_server, superadmin, acme, other) = stage(database).await;
    let own = acme.admin.get(&format!("{LOGS}?limit=500&sort_by=id&sort_order=asc")).await.expect(200);
    assert!(own.each("account_id").iter().all(|account| *account == acme.id.as_str()));
    // The account, two users, and that both were verified.
    assert_eq!(own.body["total"], 6 + 16 + 3 + 16 + 3);
    assert_eq!(new_values(own.items(), "email"), ["a***@acme.com", "u***@acme.com"]);
    assert_eq!(new_values(own.items(), "name"), ["A***"]);
    let ids = own.each("id");
    for asked in [other.id.as_str(), "00000000-0000-0000-0000-000000000000", "x"] {
        let page = acme.admin.get_with(LOGS, &[("account_id", asked), ("limit", "500")]).await.expect(200);
        assert_eq!(page.body["total"], own.body["total"], "whatever account is asked for");
        for format in ["json", "csv"] {
            let parameters = [("account_id", asked), ("format", format)];
            let export = acme.admin.get_with(&format!("{LOGS}/export"), &parameters).await.expect(200);
            assert!(export.text.contains("u***@acme.com"), "{}", export.text);
            for secret in ["user@acme.com\"", ",user@acme.com", "@other.com", other.id.as_str()] {
                assert!(!export.text.contains(secret), "{secret}: {}", export.text);
            }
        }
    }
    let foreign = acme.admin.get_with(LOGS, &[("record_id", &other.user_id)]).await.expect(200);
    assert_eq!(foreign.body["total"], 0);
    for entry in entries_after(&superadmin, 0).await {
        let reply = acme.admin.get(&format!("{LOGS}/{}", entry["id"])).await;
        if ids.contains(&entry["id"]) {
            let shown = reply.expect(200);
            if entry["column_name"] == "email" {
                assert_ne!(shown.body["new_value"], entry["new_value"]);
            }
        } else {
            let missing = reply.expect(404);
            assert_eq!(missing.body["detail"], format!("Audit log entry {} not found", entry["id"]));
        }
    }
    for path in ["", "/1", "/999999", "/export", "/export?format=pdf", "/verify"] {
        acme.user.get(&format!("{LOGS}{path}")).await.expect(403);
    }
    acme.admin.get(&format!("{LOGS}/verify")).await.expect(403);

    // Who may see personal data sees it.
    let group = acme.admin.post("/api/v1/groups", json!({ "name": "pii_access" })).await.expect(201);
    let member = json!({ "user_id": acme.admin_id });
    superadmin.post(&format!("/api/v1/groups/{}/users", group.str("id")), member).await.expect(201);
    let own = acme
        .admin
        .get(&format!("{LOGS}?limit=500&sort_by=id&sort_order=asc&table_name=users"))
        .await
        .expect(200);
    assert_eq!(new_values(own.items(), "email"), ["admin@acme.com", acme.user_email.as_str()]);
}

async fn fields_that_are_personal_are_masked_as_records_show_them(database: Database) {
    let (_server, superadmin, acme, _other) = stage(database).await;
    let schema = json!([
        { "name": "contact", "type": "text", "pii": true, "mask_type": "email" },
        { "name": "plain", "type": "text" },
    ]);
    add_collection(&superadmin, "leads", schema, json!({})).await;
    let lead = json!({ "contact": "zoe@example.com", "plain": "seen" });
    let lead = acme.user.post("/api/v1/records/leads", lead).await.expect(201);
    let shown = acme.admin.get(&format!("/api/v1/records/leads/{}", lead.str("id"))).await.expect(200);
    let path = format!("{LOGS}?record_id={}", lead.str("id"));
    let logged = acme.admin.get(&path).await.expect(200);
    assert_eq!(new_values(logged.items(), "contact"), [&shown.body["contact"]], "{}", logged.text);
    assert_eq!(new_values(logged.items(), "plain"), ["seen"]);
    assert!(!logged.text.contains("zoe@"), "{}", logged.text);
    for format in ["json", "csv"] {
        let parameters = [("record_id", lead.str("id")), ("format", format)];
        let export = acme.admin.get_with(&format!("{LOGS}/export"), &parameters).await.expect(200);
        assert!(!export.text.contains("zoe@"), "{}", export.text);
    }
    let seen = superadmin.get(&path).await.expect(200);
    assert_eq!(new_values(seen.items(), "contact"), ["zoe@example.com"]);
}

async fn lists_are_filtered_sorted_and_paged(database: Database) {
    let (server, superadmin, acme, _other) = stage(database).await;
    let total = entries_after(&superadmin, 0).await.len();
    let count = async |parameters: &[(&str, &str)]| {
        superadmin.get_with(LOGS, parameters).await.expect(200).body["total"].as_u64().unwrap()
    };
    assert_eq!(count(&[("account_id", &acme.id), ("operation", "UPDATE")]).await, 6);
    assert_eq!(count(&[("record_id", &acme.user_id)]).await, 19);
    assert_eq!(count(&[("record_id", &acme.user_id), ("table_name", "accounts")]).await, 0);
    assert_eq!(count(&[("user_id", &acme.user_id)]).await, 0);
    assert_eq!(count(&[("operation", "update")]).await, 0);
    // A moment counts on both sides.
    let one = superadmin.get(&format!("{LOGS}/1")).await.expect(200);
    let moment = one.str("occurred_at");
    assert_eq!(count(&[("from_date", moment), ("to_date", moment)]).await, 6);
    assert_eq!(count(&[("from_date", moment)]).await, total as u64);
    assert_eq!(count(&[("to_date", "2000-01-01")]).await, 0);
    server.clock().pass(std::time::Duration::from_secs(100));
    acme.admin.post("/api/v1/groups", json!({ "name": "late" })).await.expect(201);
    let newest = superadmin.get(LOGS).await.expect(200);
    assert_eq!((&newest.body["limit"], &newest.body["skip"]), (&json!(50), &json!(0)));
    assert_eq!(newest.items()[0]["id"], total + 6, "newest first, ties by id");
    let mut seen = Vec::new();
    for skip in (0..total + 6).step_by(7) {
        let path = format!("{LOGS}?skip={skip}&limit=7&sort_by=operation&sort_order=asc");
        let page = superadmin.get(&path);
        seen.extend(
            page.await
                .expect(200)
                .items()
                .iter()
                .map(|e| (e["operation"].clone(), e["id"].as_i64().unwrap())),
        );
    }
    let mut expected = seen.clone();
    expected.sort_by_key(|(operation, id)| (operation.to_string(), -id));
    assert_eq!(seen, expected);
    assert_eq!(seen.len(), total + 6);
    superadmin.get(&format!("{LOGS}?skip=9223372036854775807")).await.expect(200);
}

/// The rows of a CSV text (RFC 4180).
fn rows(csv: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let (mut quoted, mut rest) = (false, csv.chars().peekable());
    while let Some(c) = rest.next() {
        let row = rows.last_mut().unwrap();
        match (c, quoted) {
            ('"', true) if rest.peek() == Some(&'"') => {
                rest.next();
                row.last_mut().unwrap().push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(String::new()),
            ('\r', false) => {
                assert_eq!(rest.next(), Some('\n'), "lines end in CRLF");
                rows.push(vec![String::new()]);
            }
            (c, _) => {
                assert!(quoted || c != '\n');
                row.last_mut().unwrap().push(c);
            }
        }
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last line ends too");
    rows
}

fn assert_attached(reply: &Reply, media_type: &str, format: &str) {
    assert_eq!(reply.headers["content-type"], media_type);
    let disposition = reply.headers["content-disposition"].to_str().unwrap();
    let name = disposition.strip_prefix("attachment; filename=\"audit_logs_").expect(disposition);
    let stamp = name.strip_suffix(&format!(".{format}\"")).expect(disposition);
    let digits = stamp.replacen('_', "", 1);
    assert!(digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit()), "{disposition}");
}

/// Number of the pages of a PDF file, and all of it as text, a character for each byte. Fails unless its
/// table of objects leads to them.
fn read_pdf(bytes: &[u8]) -> (usize, String) {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let at = |offset: usize| text.chars().skip(offset).take(40).collect::<String>();
    let end = text.rsplit_once("startxref").expect("the place of the table").1;
    let table = end.split_whitespace().next().unwrap().parse().unwrap();
    assert!(at(table).starts_with("xref"));
    let lines: Vec<_> = text.chars().skip(table).collect::<String>().lines().map(str::to_owned).collect();
    let count: usize = lines[1].strip_prefix("0 ").unwrap().trim().parse().unwrap();
    for (line, object) in
        lines[2..2 + count].iter().zip(0..).filter(|(line, _)| line.trim_end().ends_with('n'))
    {
        let offset = line.split_whitespace().next().unwrap().parse().unwrap();
        assert!(at(offset).starts_with(&format!("{object} 0 obj")), "object {object}: {}", at(offset));
    }
    let pages =
        text.lines().filter(|line| line.contains("/Type /Page") && !line.contains("/Type /Pages")).count();
    assert!(text.contains(&format!("/Count {pages}")), "the tree of pages holds all of them");
    (pages, text)
}

async fn exports_are_safe_in_each_format(database: Database) {
    let (_server, superadmin, acme, _other) = stage(database).await;
    let schema = json!([{ "name": "note", "type": "text" }]);
    add_collection(&superadmin, "notes", schema, json!({})).await;
    let odd = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "a,b", "say \"hi\"", "two\r\nlines", "'", "ü😀", ""];
    for text in odd {
        acme.user.post("/api/v1/records/notes", json!({ "note": text })).await.expect(201);
    }
    let path = format!("{LOGS}/export");
    let only = ("table_name", "col_notes");
    let csv = superadmin.get_with(&path, &[only]).await.expect(200);
    assert_attached(&csv, "text/csv; charset=utf-8", "csv");
    let table = rows(&csv.text);
    let heads = "ID,Timestamp,Operation,Table,Record ID,Column,Old Value,New Value,User,IP Address,Checksum";
    assert_eq!(table[0].join(","), heads);
    let entries = superadmin.get_with(LOGS, &[only, ("limit", "500"), ("sort_by", "id")]).await.expect(200);
    assert_eq!(table.len() - 1, entries.items().len());
    let mut guarded = 0;
    for (row, entry) in table[1..].iter().zip(entries.items()) {
        assert_eq!(row.len(), 11);
        assert_eq!(
            (&json!(row[0].parse::<i64>().unwrap()), &json!(row[10])),
            (&entry["id"], &entry["checksum"])
        );
        assert!(!row[7].starts_with(['=', '+', '-', '@', '\t', '\r']), "{row:?}");
        let value = entry["new_value"].as_str().unwrap_or_default();
        let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
        guarded += usize::from(formula);
        assert_eq!(row[7], if formula { format!("'{value}") } else { value.to_owned() });
    }
    assert_eq!(guarded, 6);

    let export = superadmin.get_with(&path, &[only, ("format", "json")]).await.expect(200);
    assert_attached(&export, "application/json", "json");
    let list = export.body.as_array().unwrap();
    assert_eq!(list.len(), entries.items().len());
    for (exported, entry) in list.iter().zip(entries.items()) {
        assert_eq!(exported.as_object().unwrap().len(), 11);
        for (key, value) in exported.as_object().unwrap() {
            assert_eq!(*value, entry[key.as_str()], "{key}");
        }
    }

    for (caller, filter, entries) in [
        (&superadmin, only, entries.items().len()),
        (&superadmin, ("table_name", "nosuch"), 0),
        (&acme.admin, only, entries.items().len()),
    ] {
        let pdf = caller.get_with(&path, &[filter, ("format", "pdf")]).await.expect(200);
        assert_attached(&pdf, "application/pdf", "pdf");
        let (pages, text) = read_pdf(&pdf.bytes);
        // Each row takes at least one line, and no page has room for a hundred.
        assert!(pages > entries / 100 && pages <= entries + 1, "{pages} pages");
        assert_eq!(text.matches("(col_notes) Tj").count(), entries, "{text}");
    }
    superadmin.get_with(&path, &[("format", "xlsx")]).await.expect(422);
}
