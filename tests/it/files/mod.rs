//! Files: uploaded, read by whom they may be, deleted.

mod abuse;
mod deletion;
mod reading;
mod remote;
mod resumable;
mod s3_server;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Reply};

pub const UPLOAD: &str = "/api/v1/files/upload";

/// A form with one part `file`.
pub fn form(filename: &str, content_type: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--sb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\nContent-Type: {content_type}\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n--sb--\r\n"].concat()
}

/// Uploads bytes.
pub async fn upload(client: &Client, filename: &str, content_type: &str, bytes: &[u8]) -> Reply {
    let body = form(filename, content_type, bytes);
    client.send_bytes(Method::POST, UPLOAD, "multipart/form-data; boundary=sb", body).await
}

/// Uploads a text; answers the value for a file field.
pub async fn text(client: &Client, text: &str) -> Value {
    upload(client, "a.txt", "text/plain", text.as_bytes()).await.expect(201).body["file"].clone()
}

/// The address of a file.
pub fn at(file: &Value) -> String {
    format!("/api/v1/files/{}", file["path"].as_str().unwrap())
}

/// All files below a folder, with what they hold.
pub fn stored(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => found.push(entry.path()),
            }
        }
    }
    found
}

/// Waits until so many files are below a folder: bytes go behind the reply.
pub async fn until_stored(folder: &std::path::Path, wanted: usize) {
    for _ in 0..3000 {
        if stored(folder).len() == wanted {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{wanted} files wanted: {:?}", stored(folder));
}

/// A schema with a file field.
pub fn papers() -> Value {
    json!([{ "name": "title", "type": "text" }, { "name": "scan", "type": "file" }])
}
