//! Reads request bodies, up to a limit, before the application sees the request.

use std::time::Duration;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpResponse};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde_json::json;

use crate::http::input::BufferedBody;
use crate::http::records::import;

/// The most bytes of a body. Files have a limit of their own.
pub const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// How long a client may take to send its body.
const PATIENCE: Duration = Duration::from_secs(60);

/// The most bytes set aside for what a client merely announces.
const FIRST_ROOM: usize = 64 * 1024;

/// Reads the bodies of all paths but those of files and of imports that are files, which are
/// streamed by their handlers.
#[derive(Debug)]
pub(super) struct BodyReader {
    streamed: String,
    records: String,
    collections: String,
}

impl BodyReader {
    pub(super) fn new(api_prefix: &str) -> Self {
        Self {
            streamed: format!("{api_prefix}/files"),
            records: format!("{api_prefix}/records/"),
            collections: format!("{api_prefix}/collections/import"),
        }
    }

    /// Keeps the body with the request as [`BufferedBody`]; a request without a body gets none.
    ///
    /// # Errors
    /// The answer to a body that is too large (413), too slow (408) or broken (400).
    pub(super) async fn read(&self, request: &mut ServiceRequest) -> Result<(), HttpResponse> {
        let headers = request.headers();
        let announced = match headers.get(CONTENT_LENGTH) {
            Some(length) => length.to_str().ok().and_then(|n| n.parse::<u64>().ok()),
            None if headers.contains_key(TRANSFER_ENCODING) => None,
            None => return Ok(()),
        };
        if announced == Some(0) || self.is_streamed(request) || self.is_import(request) {
            return Ok(());
        }
        if announced.is_some_and(|length| length > BODY_LIMIT as u64) {
            return Err(refusal(StatusCode::PAYLOAD_TOO_LARGE));
        }
        let room = announced.map_or(0, |length| length as usize);
        let payload = request.take_payload();
        match tokio::time::timeout(PATIENCE, collect(payload, room)).await {
            Ok(Ok(body)) => {
                request.extensions_mut().insert(BufferedBody(body));
                Ok(())
            }
            Ok(Err(PayloadError::Overflow)) => Err(refusal(StatusCode::PAYLOAD_TOO_LARGE)),
            Ok(Err(_)) => Err(refusal(StatusCode::BAD_REQUEST)),
            Err(_) => Err(refusal(StatusCode::REQUEST_TIMEOUT)),
        }
    }

    fn is_import(&self, request: &ServiceRequest) -> bool {
        if request.path() == self.collections && request.method() == Method::POST {
            return true;
        }
        let collection = request.path().strip_prefix(self.records.as_str());
        let collection = collection.and_then(|rest| rest.strip_suffix("/import"));
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        collection.is_some_and(|name| !name.contains('/')) && content_type.is_some_and(import::is_streamed)
    }

    fn is_streamed(&self, request: &ServiceRequest) -> bool {
        // What is asked of a link is JSON.
        self.is_of_files(request.path()) && !request.path().ends_with("/link")
    }

    /// Whether a path is that of files, or of one.
    pub(super) fn is_of_files(&self, path: &str) -> bool {
        path.strip_prefix(self.streamed.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The whole body. One that comes in one piece is not copied.
async fn collect(mut payload: Payload, announced: usize) -> Result<Bytes, PayloadError> {
    let Some(first) = payload.next().await else {
        return Ok(Bytes::new());
    };
    let first = first?;
    if first.len() > BODY_LIMIT {
        return Err(PayloadError::Overflow);
    }
    let Some(mut next) = payload.next().await else {
        return Ok(first);
    };
    let mut body = BytesMut::with_capacity(announced.min(FIRST_ROOM).max(first.len()));
    body.extend_from_slice(&first);
    loop {
        let piece = next?;
        if body.len() + piece.len() > BODY_LIMIT {
            return Err(PayloadError::Overflow);
        }
        body.extend_from_slice(&piece);
        match payload.next().await {
            Some(following) => next = following,
            None => return Ok(body.freeze()),
        }
    }
}

fn refusal(status: StatusCode) -> HttpResponse {
    let detail = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Request body too large",
        StatusCode::REQUEST_TIMEOUT => "Request body too slow",
        _ => "Request body cannot be read",
    };
    // What is left of the body stays unread, so the connection cannot go on.
    HttpResponse::build(status).force_close().json(json!({ "detail": detail }))
}
