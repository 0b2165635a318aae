//! Uploads that go on after interruptions: tus 1.0.0.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{stored, until_stored};
use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(a_file_comes_in_parts, what_is_wrong_is_refused_and_what_expires_goes);

const TUS: &str = "/api/v1/files/tus";

fn metadata(name: &str, kind: &str) -> String {
    format!("filename {},filetype {}", STANDARD.encode(name), STANDARD.encode(kind))
}

fn speaking(client: &Client) -> Client {
    client.with_header("tus-resumable", "1.0.0")
}

async fn create(client: &Client, length: usize, kind: &str) -> Reply {
    let client = speaking(client).with_header("upload-length", &length.to_string());
    client.with_header("upload-metadata", &metadata("ä.txt", kind)).send(Method::POST, TUS, None).await
}

async fn append(client: &Client, place: &str, offset: usize, bytes: &[u8]) -> Reply {
    let client = speaking(client).with_header("upload-offset", &offset.to_string());
    client.send_bytes(Method::PATCH, place, "application/offset+octet-stream", bytes.into()).await
}

fn place(reply: &Reply) -> String {
    reply.headers["location"].to_str().unwrap().to_owned()
}

async fn a_file_comes_in_parts(database: Database) {
    let folder = database.folder().join("files");
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let options = server.anonymous().send(Method::OPTIONS, TUS, None).await.expect(204);
    assert_eq!(options.headers["tus-version"], "1.0.0");
    assert!(options.headers["tus-extension"].to_str().unwrap().contains("creation-with-upload"));
    assert_eq!(options.headers["tus-max-size"], "10485760");
    let made = create(&tenant.user, 11, "text/plain").await.expect(201);
    let place = place(&made);
    assert!(made.headers.contains_key("upload-expires"));
    let first = append(&tenant.user, &place, 0, b"hello ").await.expect(204);
    assert_eq!(first.headers["upload-offset"], "6");
    append(&tenant.user, &place, 0, b"again").await.expect(409);
    let head = speaking(&tenant.user).send(Method::HEAD, &place, None).await.expect(200);
    assert_eq!(
        (&head.headers["upload-offset"], &head.headers["upload-length"]),
        (&"6".parse().unwrap(), &"11".parse().unwrap())
    );
    assert_eq!(head.headers["cache-control"], "no-store");
    // It is its user's alone.
    for stranger in [&superadmin, &tenant.admin] {
        append(stranger, &place, 6, b"x").await.expect(404);
        stranger.get(&place).await.expect(404);
        speaking(stranger).delete(&place).await.expect(404);
    }
    let last = append(&tenant.user, &place, 6, b"world").await.expect(204);
    let told: serde_json::Value =
        serde_json::from_str(last.headers["upload-file"].to_str().unwrap()).unwrap();
    assert_eq!(told["filename"], "ä.txt");
    let state = tenant.user.get(&place).await.expect(200);
    assert_eq!(state.body["file"]["file"], told);
    assert_eq!(tenant.user.get(&super::at(&told)).await.expect(200).text, "hello world");
    // The parts go; what became of them stays when the upload is removed.
    until_stored(&folder, 1).await;
    speaking(&tenant.user).delete(&place).await.expect(204);
    tenant.user.get(&super::at(&told)).await.expect(200);
    // All in one request, with its digest.
    let sum = format!("sha256 {}", STANDARD.encode(Sha256::digest(b"at once")));
    let whole = speaking(&tenant.user)
        .with_header("upload-length", "7")
        .with_header("upload-metadata", &metadata("b.txt", "text/plain"))
        .with_header("upload-checksum", &sum)
        .send_bytes(Method::POST, TUS, "application/offset+octet-stream", b"at once".to_vec())
        .await
        .expect(201);
    assert_eq!(whole.body["file"]["size"], 7);
    let empty = create(&tenant.user, 0, "text/plain").await.expect(201);
    assert_eq!(empty.body["file"]["size"], 0);
}

async fn what_is_wrong_is_refused_and_what_expires_goes(database: Database) {
    let folder = database.folder().join("files");
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    superadmin.send(Method::POST, TUS, None).await.expect(412);
    speaking(&superadmin).send(Method::POST, TUS, None).await.expect(400);
    create(&server.anonymous(), 1, "text/plain").await.expect(401);
    create(&superadmin, 10_485_761, "text/plain").await.expect(413);
    create(&superadmin, 1, "text/html").await.expect(400);
    let made = place(&create(&superadmin, 8, "image/png").await.expect(201));
    let client = speaking(&superadmin).with_header("upload-offset", "0");
    client.send_bytes(Method::PATCH, &made, "text/plain", b"x".to_vec()).await.expect(415);
    append(&superadmin, &made, 0, b"123456789").await.expect(413);
    for (sum, status) in [("sha1 AAAA", 400), ("md5 AAAA", 400), ("sha256 x", 400)] {
        let client = client.with_header("upload-checksum", sum);
        client
            .send_bytes(Method::PATCH, &made, "application/offset+octet-stream", b"x".to_vec())
            .await
            .expect(status);
    }
    let wrong = format!("sha1 {}", STANDARD.encode([0; 20]));
    let client = client.with_header("upload-checksum", &wrong);
    client
        .send_bytes(Method::PATCH, &made, "application/offset+octet-stream", b"x".to_vec())
        .await
        .expect(460);
    until_stored(&folder, 0).await;
    // What is no picture after all is not kept.
    append(&superadmin, &made, 0, b"<html>").await.expect(204);
    append(&superadmin, &made, 6, b"</").await.expect(400);
    superadmin.get(&made).await.expect(404);
    until_stored(&folder, 0).await;
    let left = place(&create(&superadmin, 8, "text/plain").await.expect(201));
    append(&superadmin, &left, 0, b"half").await.expect(204);
    assert_eq!(stored(&folder).len(), 1);
    server.clock().pass(std::time::Duration::from_secs(25 * 3600));
    let superadmin = server.superadmin().await;
    superadmin.get(&left).await.expect(404);
    assert_eq!(server.services().files.remove_expired_uploads().await.unwrap(), 1);
    until_stored(&folder, 0).await;
    superadmin.post("/api/v1/files/tus/x", json!({})).await.expect(405);
}
