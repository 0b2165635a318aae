//! What becomes of bytes.

use serde_json::json;
use snackbase_domain::file::Provider;

use super::{at, papers, stored, text, until_stored, upload};
use crate::client::Client;
use crate::on_each_database;
use crate::program::Program;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(bytes_go_after_their_rows, an_accounts_files_go_with_it, what_nobody_wants_goes);

async fn bytes_go_after_their_rows(database: Database) {
    let folder = database.folder().join("files");
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "papers", papers(), json!({})).await;
    let file = text(&superadmin, "gone soon").await;
    let record = superadmin.post("/api/v1/records/papers", json!({ "scan": file })).await.expect(201);
    superadmin.delete(&at(&file)).await.expect(204);
    superadmin.delete(&at(&file)).await.expect(404);
    superadmin.get(&at(&file)).await.expect(404);
    until_stored(&folder, 0).await;
    let kept = superadmin.get(&format!("/api/v1/records/papers/{}", record.str("id"))).await.expect(200);
    assert_eq!(kept.body["scan"], record.body["scan"], "the record keeps what it says");
}

async fn an_accounts_files_go_with_it(database: Database) {
    let folder = database.folder().join("files");
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "papers", papers(), json!({})).await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let kept = text(&superadmin, "kept").await;
    for n in 0..3 {
        let file = text(&tenant.user, &format!("file {n}")).await;
        tenant.user.post("/api/v1/records/papers", json!({ "scan": file })).await.expect(201);
    }
    assert_eq!(stored(&folder).len(), 4);
    superadmin.delete(&format!("/api/v1/accounts/{}", tenant.id)).await.expect(204);
    server.services().files.delete_due().await.unwrap();
    until_stored(&folder, 1).await;
    superadmin.get(&at(&kept)).await.expect(200);
}

async fn what_nobody_wants_goes(database: Database) {
    let folder = database.folder().join("files");
    let server = Server::start_with(database, &[("FILES_UNUSED_RETENTION_DAYS", "2")]);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "papers", papers(), json!({})).await;
    let (unused, used) = (text(&superadmin, "unused").await, text(&superadmin, "used").await);
    superadmin.post("/api/v1/records/papers", json!({ "scan": used })).await.expect(201);
    let files = &server.services().files;
    assert_eq!(files.remove_unused().await.unwrap(), 0, "too young");
    // Bytes that nothing knows of, and what is not ours.
    let orphan = folder.join("2cc24966-0000-4000-8000-000000000001");
    std::fs::create_dir_all(&orphan).unwrap();
    std::fs::write(orphan.join("2cc24966-0000-4000-8000-000000000002.txt"), b"x").unwrap();
    std::fs::write(orphan.join("notes.txt"), b"x").unwrap();
    let mut told = Vec::new();
    let swept = files.sweep(Provider::Local, false, |key| told.push(key.to_owned())).await.unwrap();
    assert_eq!((swept, told.len()), (0, 0), "too young");
    server.clock().pass(std::time::Duration::from_secs(3 * 86_400));
    let swept = files.sweep(Provider::Local, true, |key| told.push(key.to_owned())).await.unwrap();
    assert_eq!((swept, told.len()), (1, 1));
    assert_eq!(stored(&folder).len(), 4);
    assert_eq!(files.sweep(Provider::Local, false, |_| {}).await.unwrap(), 1);
    assert_eq!(files.remove_unused().await.unwrap(), 1);
    until_stored(&folder, 2).await;
    let superadmin = server.superadmin().await;
    superadmin.get(&at(&unused)).await.expect(404);
    assert_eq!(superadmin.get(&at(&used)).await.expect(200).text, "used");
}

#[tokio::test]
async fn after_a_kill_deleted_bytes_go_and_others_stay() {
    let Some(program) = Program::find("files: kill") else { return };
    let folder = program.folder().join("sb_data/files");
    let mut serving = program.serve().await;
    let superadmin = serving.superadmin().await;
    let mut kept = Vec::new();
    let mut deleted = Vec::new();
    for n in 0..20 {
        let file = text(&superadmin, &format!("file {n}")).await;
        if n % 2 == 0 { kept.push(file) } else { deleted.push(file) }
    }
    for file in &deleted {
        superadmin.delete(&at(file)).await.expect(204);
    }
    serving.kill();
    let serving = program.serve().await;
    until_stored(&folder, kept.len()).await;
    let superadmin = serving.superadmin().await;
    for file in &kept {
        superadmin.get(&at(file)).await.expect(200);
    }
}

/// The most memory that a process has had, in KiB (`VmHWM`).
fn most_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Bytes of the large upload: 1 GiB with `FILES_LARGE=1073741824`.
fn large() -> usize {
    std::env::var("FILES_LARGE").ok().and_then(|size| size.parse().ok()).unwrap_or(128 * 1024 * 1024)
}

#[tokio::test]
async fn a_large_upload_takes_little_memory() {
    let Some(program) = Program::find("files: memory") else { return };
    let size = large();
    let serving = program.serve_with(&[("MAX_FILE_SIZE", &size.to_string())]).await;
    let superadmin = serving.superadmin().await;
    upload(&superadmin, "a.txt", "text/plain", b"warm").await.expect(201);
    // What signing in took does not count (proc(5), clear_refs).
    std::fs::write(format!("/proc/{}/clear_refs", serving.process()), "5").unwrap();
    let before = most_memory(serving.process());
    let file = streamed(&serving, &superadmin, size).await;
    let after = most_memory(serving.process());
    let extra = after.saturating_sub(before);
    println!("{size} bytes uploaded: {extra} KiB more than {before} KiB");
    assert!(extra <= 20 * 1024, "{extra} KiB more than {before} KiB");
    assert_eq!(file["size"], size);
}

/// Uploads so many bytes, which are nowhere as a whole.
async fn streamed(serving: &crate::program::Serving, client: &Client, size: usize) -> serde_json::Value {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let form = super::form("large.txt", "text/plain", b"");
    let (head, tail) = form.split_at(form.len() - b"\r\n--sb--\r\n".len());
    let mut socket =
        tokio::net::TcpStream::connect(serving.base().trim_start_matches("http://")).await.unwrap();
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=sb\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        super::UPLOAD,
        client.token(),
        form.len() + size
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    socket.write_all(head).await.unwrap();
    let piece = vec![b'x'; 64 * 1024];
    let mut left = size;
    while left > 0 {
        let part = left.min(piece.len());
        socket.write_all(&piece[..part]).await.unwrap();
        left -= part;
    }
    socket.write_all(tail).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    serde_json::from_str::<serde_json::Value>(body).unwrap()["file"].clone()
}
