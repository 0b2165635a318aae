//! Bodies that are too large for memory: they are kept in a file while they come.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Payload, block};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::json;
use snackbase_application::AppError;

use crate::http::error::ApiError;

/// How long the next piece of a body is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Keeps a body in a file without a name, so that nothing waits for the client while records are
/// stored. The inner error is the answer to a body that is too large, too slow or broken.
pub async fn received(mut payload: Payload, most: u64) -> Result<Result<File, HttpResponse>, ApiError> {
    let lost = |why: String| ApiError::App(AppError::Internal(format!("cannot keep an import: {why}")));
    let mut file = tempfile::tempfile().map_err(|e| lost(e.to_string()))?;
    let mut size = 0;
    loop {
        let piece = match tokio::time::timeout(PATIENCE, payload.next()).await {
            Err(_) => return Ok(Err(refusal(StatusCode::REQUEST_TIMEOUT))),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Ok(Err(refusal(StatusCode::BAD_REQUEST))),
            Ok(Some(Ok(piece))) => piece,
        };
        size += piece.len() as u64;
        if size > most {
            return Ok(Err(refusal(StatusCode::PAYLOAD_TOO_LARGE)));
        }
        file = write(file, piece).await.map_err(|e| lost(e.to_string()))?;
    }
    file.rewind().map_err(|e| lost(e.to_string()))?;
    Ok(Ok(file))
}

async fn write(mut file: File, piece: Bytes) -> std::io::Result<File> {
    let written = block(move || file.write_all(&piece).map(|()| file)).await;
    written.map_err(std::io::Error::other)?
}

fn refusal(status: StatusCode) -> HttpResponse {
    let detail = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Request body too large",
        StatusCode::REQUEST_TIMEOUT => "Request body too slow",
        _ => "Request body cannot be read",
    };
    HttpResponse::build(status).force_close().json(json!({ "detail": detail }))
}
