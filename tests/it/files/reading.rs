//! Who reads which file, and how it is served.

use reqwest::Method;
use serde_json::json;

use super::{UPLOAD, at, form, papers, text, upload};
use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, PASSWORD, Server};
use crate::tenant::{Tenant, add_collection, add_user};

on_each_database!(
    a_file_is_read_by_who_may_view_a_record_that_holds_it,
    a_record_holds_only_what_its_writer_may_read,
    admins_look_through_files,
    superadmins_upload_for_others,
    files_are_served_in_ranges_and_with_tags,
    links_are_for_everybody_for_a_while,
    pictures_are_made_small,
    records_keep_what_is_said_of_files,
);

/// Another user of an account.
async fn colleague(server: &Server, superadmin: &Client, tenant: &Tenant, name: &str) -> Client {
    let email = format!("{name}@acme.com");
    add_user(superadmin, &tenant.id, &email, "user").await;
    server.anonymous().login(&tenant.code, &email, PASSWORD).await.expect(200);
    server.anonymous().signed_in(&tenant.code, &email).await
}

async fn a_file_is_read_by_who_may_view_a_record_that_holds_it(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let own = json!({ "view_rule": "created_by = @request.auth.id", "list_rule": null });
    add_collection(&superadmin, "papers", papers(), own).await;
    let open = add_collection(&superadmin, "notices", papers(), json!({})).await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let friend = colleague(&server, &superadmin, &tenant, "friend").await;
    let file = text(&tenant.user, "for some").await;
    let path = at(&file);
    // Held by nobody: all of the account.
    friend.get(&path).await.expect(200);
    other.user.get(&path).await.expect(403);
    other.admin.get(&path).await.expect(403);
    server.anonymous().get(&path).await.expect(401);
    // Held by a record that only its author views.
    let paper = json!({ "title": "a", "scan": file });
    let paper = tenant.user.post("/api/v1/records/papers", paper).await.expect(201);
    let refused = friend.get(&path).await.expect(404);
    assert_eq!(refused.str("detail"), format!("File not found: {}", file["path"].as_str().unwrap()));
    friend.delete(&path).await.expect(404);
    for reader in [&tenant.user, &tenant.admin, &superadmin] {
        assert_eq!(reader.get(&path).await.expect(200).text, "for some");
    }
    // Held by an open one as well.
    let notice = tenant.user.post("/api/v1/records/notices", json!({ "scan": file })).await.expect(201);
    friend.get(&path).await.expect(200);
    friend.delete(&path).await.expect(403);
    // Not by a field that he may not see.
    let rules = "/api/v1/collections/notices/rules";
    superadmin.put(rules, json!({ "view_fields": "[\"title\"]" })).await.expect(200);
    friend.get(&path).await.expect(404);
    superadmin.put(rules, json!({ "view_fields": "*" })).await.expect(200);
    friend.get(&path).await.expect(200);
    // Nor by a record that lets it go.
    let notice = format!("/api/v1/records/notices/{}", notice.str("id"));
    tenant.user.patch(&notice, json!({ "scan": null })).await.expect(200);
    friend.get(&path).await.expect(404);
    tenant.user.patch(&notice, json!({ "scan": file })).await.expect(200);
    friend.get(&path).await.expect(200);
    superadmin.delete(&format!("/api/v1/collections/{open}")).await.expect(200);
    friend.get(&path).await.expect(404);
    tenant.user.delete(&format!("/api/v1/records/papers/{}", paper.str("id"))).await.expect(204);
    friend.get(&path).await.expect(200);
}

/// Who knows a path must not get at the file by a record of his own.
async fn a_record_holds_only_what_its_writer_may_read(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let own = json!({ "view_rule": "created_by = @request.auth.id", "list_rule": null });
    add_collection(&superadmin, "papers", papers(), own).await;
    let everybody = json!({ "view_rule": "", "list_rule": "", "create_rule": "", "update_rule": "" });
    add_collection(&superadmin, "notices", papers(), everybody).await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let thief = colleague(&server, &superadmin, &tenant, "thief").await;
    let nobody = server.anonymous().with_header("x-account-id", &tenant.code);
    let file = text(&tenant.user, "secret").await;
    let unheld = json!({ "title": "t", "scan": file });
    nobody.post("/api/v1/records/notices", unheld).await.expect(400);
    let paper = json!({ "title": "a", "scan": file });
    let paper = tenant.user.post("/api/v1/records/papers", paper).await.expect(201);
    let notice = thief.post("/api/v1/records/notices", json!({ "title": "mine" })).await.expect(201);
    let notice = format!("/api/v1/records/notices/{}", notice.str("id"));
    for caller in [&thief, &nobody] {
        let refused = caller.post("/api/v1/records/notices", json!({ "scan": file })).await.expect(400);
        assert_eq!(refused.body["details"][0]["code"], "invalid_file_metadata", "{}", refused.text);
        caller.patch(&notice, json!({ "scan": file })).await.expect(400);
        caller.put(&notice, json!({ "title": "t", "scan": file })).await.expect(400);
        let batch = json!({ "records": [{ "title": "fine" }, { "scan": file }] });
        caller.post("/api/v1/records/notices/batch", batch).await.expect(400);
    }
    // Of a record that he does not reach he is told nothing, whether it holds the file or not.
    let papers = format!("/api/v1/records/papers/{}", paper.str("id"));
    let rules = "/api/v1/collections/papers/rules";
    superadmin.put(rules, json!({ "update_rule": "created_by = @request.auth.id" })).await.expect(200);
    thief.patch(&papers, json!({ "scan": file })).await.expect(404);
    let others = text(&tenant.user, "another").await;
    let holder = tenant.user.post("/api/v1/records/papers", json!({ "scan": others })).await.expect(201);
    thief.patch(&papers, json!({ "scan": others })).await.expect(404);
    // What a record holds already may stay there, even for one who may change but not view it.
    superadmin.put(rules, json!({ "update_rule": "" })).await.expect(200);
    thief.patch(&papers, json!({ "title": "b", "scan": file })).await.expect(200);
    thief.patch(&papers, json!({ "scan": others })).await.expect(400);
    thief.get(&at(&file)).await.expect(404);
    // Its readers, its owner and admins may take it elsewhere; then all see it there.
    tenant.admin.post("/api/v1/records/notices", json!({ "scan": others })).await.expect(201);
    thief.get(&at(&others)).await.expect(200);
    thief.post("/api/v1/records/notices", json!({ "scan": others })).await.expect(201);
    nobody.post("/api/v1/records/notices", json!({ "scan": others })).await.expect(201);
    tenant.user.delete(&format!("/api/v1/records/papers/{}", holder.str("id"))).await.expect(204);
}

async fn admins_look_through_files(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "papers", papers(), json!({})).await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let held =
        upload(&tenant.user, "Plan_1%.txt", "text/plain", b"four").await.expect(201).body["file"].clone();
    let loose =
        upload(&tenant.admin, "notes.txt", "text/plain", b"seven..").await.expect(201).body["file"].clone();
    let theirs = upload(&other.user, "plans.txt", "text/plain", b"x").await.expect(201).body["file"].clone();
    tenant.user.post("/api/v1/records/papers", json!({ "scan": held })).await.expect(201);
    let names = |reply: &crate::client::Reply| -> Vec<String> {
        reply.items().iter().map(|item| item["filename"].as_str().unwrap().to_owned()).collect()
    };
    let own = tenant.admin.get("/api/v1/files?sort=filename").await.expect(200);
    assert_eq!(names(&own), ["Plan_1%.txt", "notes.txt"]);
    assert_eq!((&own.body["total"], &own.body["total_bytes"]), (&json!(2), &json!(11)));
    let first = &own.items()[0];
    assert_eq!((&first["path"], &first["held"], &first["size"]), (&held["path"], &json!(true), &json!(4)));
    assert_eq!((&first["provider"], &first["account_id"]), (&json!("local"), &json!(tenant.id)));
    assert_eq!(first["uploaded_by"], tenant.user_id.as_str());
    for (query, expected) in [
        ("state=held", vec!["Plan_1%.txt"]),
        ("state=unheld", vec!["notes.txt"]),
        ("search=PLAN", vec!["Plan_1%.txt"]),
        ("search=_1%25", vec!["Plan_1%.txt"]),
        ("search=%25n", vec![]),
        ("sort=-size&limit=1", vec!["notes.txt"]),
        ("sort=-size&skip=1", vec!["Plan_1%.txt"]),
    ] {
        let found = tenant.admin.get(&format!("/api/v1/files?{query}")).await.expect(200);
        assert_eq!(names(&found), expected, "{query}");
    }
    // Nobody's but his own, whatever he names.
    let foreign = tenant.admin.get(&format!("/api/v1/files?account_id={}", other.id)).await.expect(200);
    assert!(!foreign.text.contains(theirs["path"].as_str().unwrap()), "{}", foreign.text);
    let all = superadmin.get("/api/v1/files").await.expect(200);
    assert_eq!(all.body["total"], 3);
    let of_other = superadmin.get(&format!("/api/v1/files?account_id={}", other.id)).await.expect(200);
    assert_eq!(names(&of_other), ["plans.txt"]);
    assert_eq!(superadmin.get("/api/v1/files?account_id=nobody").await.expect(200).body["total"], 0);
    tenant.user.get("/api/v1/files").await.expect(403);
    server.anonymous().get("/api/v1/files").await.expect(401);
    for query in ["limit=0", "limit=101", "skip=-1", "state=x", "sort=path"] {
        tenant.admin.get(&format!("/api/v1/files?{query}")).await.expect(422);
    }
    tenant.admin.delete(&at(&loose)).await.expect(204);
    assert_eq!(tenant.admin.get("/api/v1/files").await.expect(200).body["total"], 1);
}

async fn superadmins_upload_for_others(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "papers", papers(), json!({})).await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let send = async |client: &Client, account: &str| {
        let part = "--sb\r\nContent-Disposition: form-data; name=\"account_id\"\r\n\r\n";
        let body =
            [part.as_bytes(), account.as_bytes(), b"\r\n", &form("a.txt", "text/plain", b"text")].concat();
        client.send_bytes(Method::POST, UPLOAD, "multipart/form-data; boundary=sb", body).await
    };
    let file = send(&superadmin, &tenant.id).await.expect(201).body["file"].clone();
    assert!(file["path"].as_str().unwrap().starts_with(&tenant.id), "{file}");
    let record = superadmin
        .post("/api/v1/records/papers", json!({ "account_id": tenant.id, "scan": file }))
        .await
        .expect(201);
    assert_eq!(record.body["account_id"], tenant.id);
    assert_eq!(tenant.user.get(&at(&file)).await.expect(200).text, "text");
    other.user.get(&at(&file)).await.expect(403);
    // Others cannot: it stays in their own account.
    let own = send(&other.admin, &tenant.id).await.expect(201).body["file"].clone();
    assert!(own["path"].as_str().unwrap().starts_with(&other.id), "{own}");
    send(&superadmin, "00000000-0000-4000-8000-00000000dead").await.expect(404);
    send(&superadmin, "nobody").await.expect(400);
    // In parts as well.
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &tenant.id);
    let resumable =
        superadmin.with_header("tus-resumable", "1.0.0").with_header("upload-length", "4").with_header(
            "upload-metadata",
            &format!("filename YS50eHQ=,filetype dGV4dC9wbGFpbg==,account_id {encoded}"),
        );
    let whole = resumable
        .send_bytes(Method::POST, "/api/v1/files/tus", "application/offset+octet-stream", b"text".to_vec())
        .await
        .expect(201);
    assert!(whole.str("path").starts_with(&tenant.id), "{}", whole.text);
}

async fn files_are_served_in_ranges_and_with_tags(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let file = text(&superadmin, "0123456789").await;
    let path = at(&file);
    let whole = superadmin.get(&path).await.expect(200);
    let tag = whole.headers["etag"].to_str().unwrap().to_owned();
    let date = whole.headers["last-modified"].to_str().unwrap().to_owned();
    for (name, value) in [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", "10"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(whole.headers[name], value);
    }
    assert!(whole.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert!(whole.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename="));
    assert!(!whole.headers.contains_key("content-encoding"));
    let head = superadmin.send(Method::HEAD, &path, None).await.expect(200);
    assert_eq!((head.text.as_str(), &head.headers["content-length"]), ("", &whole.headers["content-length"]));
    let ranged = async |range: &str| superadmin.with_header("range", range).get(&path).await;
    for (range, part, shown) in [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
    ] {
        let reply = ranged(range).await.expect(206);
        assert_eq!((reply.text.as_str(), reply.headers["content-range"].to_str().unwrap()), (part, shown));
    }
    assert_eq!(ranged("bytes=10-").await.expect(416).headers["content-range"], "bytes */10");
    assert_eq!(ranged("bytes=0-1,4-5").await.expect(200).text, "0123456789");
    let zipped = superadmin.with_header("accept-encoding", "gzip").with_header("range", "bytes=0-1");
    assert_eq!(zipped.get(&path).await.expect(206).text, "01");
    superadmin.with_header("if-none-match", &tag).get(&path).await.expect(304);
    superadmin.with_header("if-none-match", "\"x\"").get(&path).await.expect(200);
    superadmin.with_header("if-modified-since", &date).get(&path).await.expect(304);
    for (if_range, status) in [(tag.as_str(), 206), (date.as_str(), 206), ("\"x\"", 200)] {
        let part = superadmin.with_header("range", "bytes=0-1").with_header("if-range", if_range);
        part.get(&path).await.expect(status);
    }
    let empty = upload(&superadmin, "", "text/plain", b"").await.expect(201);
    assert_eq!(empty.str("filename"), "unnamed");
    let empty = superadmin.get(&at(&empty.body["file"])).await.expect(200);
    assert_eq!((empty.text.as_str(), &empty.headers["content-length"]), ("", &"0".parse().unwrap()));
}

async fn links_are_for_everybody_for_a_while(database: Database) {
    let server = Server::start_with(database, &[("EXTERNAL_URL", "https://files.example.com")]);
    let superadmin = server.superadmin().await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let other = Tenant::create(&server, &superadmin, "Other").await;
    let file = text(&tenant.user, "shared").await;
    let make = format!("{}/link", at(&file));
    for (body, status) in [
        (json!({ "expires_in": 0 }), 422),
        (json!({ "expires_in": 604_801 }), 422),
        (json!({ "disposition": "x" }), 422),
    ] {
        tenant.user.post(&make, body).await.expect(status);
    }
    server.anonymous().post(&make, json!({})).await.expect(401);
    other.admin.post(&make, json!({})).await.expect(403);
    let link =
        tenant.user.post(&make, json!({ "expires_in": 60, "disposition": "inline" })).await.expect(201);
    let local = link.str("url").strip_prefix("https://files.example.com").unwrap().to_owned();
    let shown = server.anonymous().get(&local).await.expect(200);
    assert_eq!(shown.text, "shared");
    assert!(shown.headers["content-disposition"].to_str().unwrap().starts_with("inline"));
    let second = text(&tenant.user, "another").await;
    let (first_path, second_path) = (file["path"].as_str().unwrap(), second["path"].as_str().unwrap());
    for changed in [
        local.replace("disposition=inline", "disposition=attachment"),
        local.replace("&disposition=inline", ""),
        local.replace("expires=1", "expires=2"),
        local.replace(first_path, second_path),
        local.replace("signature=", "signature=A"),
    ] {
        assert_ne!(changed, local);
        server.anonymous().get(&changed).await.expect(403);
    }
    server.clock().pass(std::time::Duration::from_secs(61));
    server.anonymous().get(&local).await.expect(403);
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

async fn pictures_are_made_small(database: Database) {
    let folder = database.folder().join("files");
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let file =
        upload(&superadmin, "p.png", "image/png", &picture(80, 40)).await.expect(201).body["file"].clone();
    let path = at(&file);
    for _ in 0..2 {
        let small = superadmin.get(&format!("{path}?thumb=20x20f")).await.expect(200);
        let size = image::load_from_memory(&small.bytes).map(|image| (image.width(), image.height()));
        assert_eq!(size.unwrap(), (20, 10));
        assert_eq!(small.headers["content-type"], "image/png");
    }
    assert_eq!(super::stored(&folder).len(), 2, "the small one is kept");
    for wrong in ["0x0", "3000x1", "x", "../..", "1x1x1"] {
        superadmin.get(&format!("{path}?thumb={wrong}")).await.expect(400);
    }
    let note = text(&superadmin, "no picture").await;
    assert_eq!(superadmin.get(&format!("{}?thumb=20x20", at(&note))).await.expect(200).text, "no picture");
    superadmin.delete(&path).await.expect(204);
    super::until_stored(&folder, 1).await;
}

async fn records_keep_what_is_said_of_files(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "papers", papers(), json!({})).await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let file = upload(&tenant.user, "wörld.txt", "text/plain", b"x").await.expect(201).body["file"].clone();
    let made =
        tenant.user.post("/api/v1/records/papers", json!({ "title": "a", "scan": file })).await.expect(201);
    let shown = made.str("scan").to_owned();
    assert!(
        shown.starts_with(
            "{\"filename\": \"w\\u00f6rld.txt\", \"size\": 1, \"mime_type\": \"text/plain\", \"path\": "
        ),
        "{shown}"
    );
    let one = format!("/api/v1/records/papers/{}", made.str("id"));
    assert_eq!(tenant.user.get(&one).await.expect(200).str("scan"), shown);
    let list = tenant.user.get("/api/v1/records/papers").await.expect(200);
    assert_eq!(list.items()[0]["scan"], shown.as_str());
    // In filters it is that text; sent back as it was shown it stays.
    let filter = format!("scan = {}", json!(shown));
    let found = tenant.user.get_with("/api/v1/records/papers", &[("filter", &filter)]).await.expect(200);
    assert_eq!(found.items().len(), 1);
    assert_eq!(tenant.user.patch(&one, json!({ "scan": shown })).await.expect(200).str("scan"), shown);
    // Exports carry the object, and can be imported again.
    let export = tenant.user.get("/api/v1/records/papers/export").await.expect(200);
    assert_eq!(export.body["records"][0]["scan"], file);
    let again = json!({ "records": export.body["records"] });
    tenant.user.post("/api/v1/records/papers/import", again).await.expect(200);
    // For superadmins the record's account counts.
    let foreign = text(&superadmin, "system").await;
    let body = json!({ "account_id": tenant.id, "scan": foreign });
    let refused = superadmin.post("/api/v1/records/papers", body).await.expect(400);
    assert_eq!(refused.body["details"][0]["code"], "invalid_file_metadata");
    let body = json!({ "account_id": tenant.id, "scan": file });
    superadmin.post("/api/v1/records/papers", body).await.expect(201);
}
