//! What attackers try with files.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{UPLOAD, at, form, stored, text, until_stored, upload};
use crate::client::Client;
use crate::on_each_database;
use crate::program::Program;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(
    no_path_leads_out_of_the_account,
    what_is_no_picture_is_not_taken_for_one,
    half_an_upload_leaves_nothing,
    names_do_not_become_headers,
);

/// The first line of the answer to a request as it stands.
async fn raw(server: &Server, client: &Client, target: &str) -> String {
    let mut socket = TcpStream::connect(server.base().trim_start_matches("http://")).await.unwrap();
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        client.token()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

async fn no_path_leads_out_of_the_account(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let (acme, other) = (
        Tenant::create(&server, &superadmin, "Acme").await,
        Tenant::create(&server, &superadmin, "Other").await,
    );
    let secret = text(&other.user, "theirs").await;
    let theirs = secret["path"].as_str().unwrap();
    let own = &acme.id;
    for path in [
        theirs.to_owned(),
        format!("{own}/../{theirs}"),
        format!("{own}/..%2f{theirs}"),
        format!("{own}/%2e%2e/{theirs}"),
        format!("{own}/%2E%2E%2F{theirs}"),
        format!("{own}%2f..%2f{theirs}"),
        format!("{own}/..%5c{theirs}"),
        format!("{own}//{theirs}"),
        format!("{own}/./{theirs}"),
        format!("{own}/%252e%252e/{theirs}"),
        format!("{own}/a%00/../{theirs}"),
        format!("s3/{theirs}"),
        format!("download/{theirs}"),
        format!("download/{own}/..%2f{theirs}"),
        format!("{}/x", own.to_uppercase()),
        format!("{own}/..%2f..%2fsnackbase.db"),
        "..%2fsnackbase.db".to_owned(),
        "%2fetc%2fpasswd".to_owned(),
    ] {
        let answer = raw(&server, &acme.user, &format!("/api/v1/files/{path}")).await;
        assert!(answer.starts_with("HTTP/1.1 403") || answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(!answer.contains("theirs"), "{path}: {answer}");
        let exact = "{\"detail\":\"Invalid file path: does not belong to this account\"}";
        assert!(answer.ends_with(exact) || answer.contains("File not found"), "{path}: {answer}");
    }
    for folder in [own.clone(), format!("{own}/"), format!("{own}/nothing")] {
        let answer = raw(&server, &acme.user, &format!("/api/v1/files/{folder}")).await;
        assert!(answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 403"), "{answer}");
    }
    let link = json!({});
    acme.admin.post(&format!("/api/v1/files/{theirs}/link"), link).await.expect(403);
    acme.admin.delete(&format!("/api/v1/files/{theirs}")).await.expect(403);
    assert_eq!(other.user.get(&at(&secret)).await.expect(200).text, "theirs");
}

async fn what_is_no_picture_is_not_taken_for_one(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    for (bytes, kind) in [
        (&b"<html><script>alert(1)</script>"[..], "image/png"),
        (b"<svg onload=alert(1)>", "image/gif"),
        (b"MZ\x90\0", "application/pdf"),
        (b"", "image/jpeg"),
    ] {
        let refused = upload(&superadmin, "a.png", kind, bytes).await.expect(400);
        assert_eq!(refused.str("detail"), format!("File content does not match type '{kind}'"));
    }
    for kind in ["text/html", "image/svg+xml", "application/javascript"] {
        upload(&superadmin, "a.png", kind, b"x").await.expect(400);
    }
    // One that is both is served as what it says, to be saved, and runs nothing.
    let polyglot = b"GIF89a/*<script>alert(1)</script>*/";
    let file = upload(&superadmin, "a.html", "image/gif", polyglot).await.expect(201).body["file"].clone();
    let served = superadmin.get(&at(&file)).await.expect(200);
    assert_eq!(served.headers["content-type"], "image/gif");
    assert_eq!(served.headers["x-content-type-options"], "nosniff");
    assert!(served.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(served.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    superadmin.get(&format!("{}?thumb=10x10", at(&file))).await.expect(400);
    // 49 megapixels in a few kilobytes.
    let mut bomb = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(7000, 7000).write_to(&mut bomb, image::ImageFormat::Png).unwrap();
    let bomb =
        upload(&superadmin, "b.png", "image/png", bomb.get_ref()).await.expect(201).body["file"].clone();
    superadmin.get(&format!("{}?thumb=10x10", at(&bomb))).await.expect(400);
}

async fn half_an_upload_leaves_nothing(database: Database) {
    let folder = database.folder().join("files");
    let server =
        Server::start_with(database, &[("UPLOAD_PATIENCE_SECONDS", "1"), ("MAX_FILE_SIZE", "100000")]);
    let superadmin = server.superadmin().await;
    let body = form("a.txt", "text/plain", &vec![b'x'; 90_000]);
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=sb\r\nContent-Length: {}\r\n\r\n",
        superadmin.token(),
        body.len()
    );
    // One goes away, and one says no more.
    for goes in [true, false] {
        let mut socket = TcpStream::connect(server.base().trim_start_matches("http://")).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(&body[..50_000]).await.unwrap();
        until_stored(&folder, 1).await;
        if goes {
            drop(socket);
        } else {
            let mut answer = String::new();
            let read =
                tokio::time::timeout(Duration::from_secs(20), socket.read_to_string(&mut answer)).await;
            read.expect("the server lets go").unwrap();
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        }
        until_stored(&folder, 0).await;
    }
    let refused = upload(&superadmin, "a.txt", "text/plain", &vec![b'x'; 100_001]).await.expect(400);
    assert_eq!(refused.str("detail"), "File size (0.10MB) exceeds maximum allowed size (0.10MB)");
    until_stored(&folder, 0).await;
    upload(&superadmin, "a.txt", "text/plain", &vec![b'x'; 100_000]).await.expect(201);
    assert_eq!(stored(&folder).len(), 1);
}

async fn names_do_not_become_headers(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    for name in [
        "a%0d%0aSet-Cookie: x=1.txt",
        "\u{202e}gpj.txt",
        "..\\\\..\\\\evil.txt",
        "a;b=c.txt",
        "Ünïcode 😀.txt",
    ] {
        let made = upload(&superadmin, name, "text/plain", b"x").await.expect(201);
        assert!(!made.str("filename").contains(['/', '\\', '\u{202e}']), "{}", made.text);
        let served = superadmin.get(&at(&made.body["file"])).await.expect(200);
        let disposition = served.headers["content-disposition"].to_str().unwrap();
        assert!(
            disposition.is_ascii() && disposition.starts_with("attachment; filename=\""),
            "{disposition}"
        );
        assert!(!served.headers.contains_key("set-cookie"));
    }
    let second = "--sb\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--sb--\r\n";
    let reply =
        superadmin.send_bytes(Method::POST, UPLOAD, "multipart/form-data; boundary=sb", second.into()).await;
    assert_eq!(reply.expect(422).body["detail"][0]["loc"], json!(["body", "file"]));
}

#[tokio::test]
async fn tokens_and_signatures_are_not_in_the_log() {
    let Some(program) = Program::find("files: log") else { return };
    let serving = program.serve_with(&[("LOG_LEVEL", "DEBUG"), ("DB_ECHO", "true")]).await;
    let superadmin = serving.superadmin().await;
    let file = text(&superadmin, "logged").await;
    let link = superadmin.post(&format!("{}/link", at(&file)), json!({})).await.expect(201);
    let query = link.str("url").split_once('?').unwrap().1.to_owned();
    let signature = query.split_once("signature=").unwrap().1;
    let anonymous = Client::new(serving.base());
    let download = at(&file).replace("/files/", "/files/download/");
    anonymous.get(&format!("{download}?token={}", superadmin.token())).await.expect(200);
    anonymous.get(&format!("{download}?token=not-a-token-of-ours")).await.expect(401);
    anonymous.get(&format!("{}?{query}", at(&file))).await.expect(200);
    let log = program.log();
    assert!(log.contains(file["path"].as_str().unwrap()), "the requests are logged");
    for secret in [superadmin.token(), signature, "not-a-token-of-ours"] {
        assert!(!log.contains(secret), "{log}");
    }
}
