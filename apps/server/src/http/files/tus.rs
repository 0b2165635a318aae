//! Uploads that can be resumed: tus 1.0.0 (<https://tus.io/protocols/resumable-upload>), with the
//! extensions creation, creation-with-upload, expiration, checksum and termination.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;
use snackbase_application::files::{Appending, Checksum, Files, NewUpload, Resumed};
use snackbase_application::{AppError, Kind};
use utoipa::ToSchema;

use super::UploadPatience;
use super::body::{Broken, Pace, drain, refusal, refused};
use super::upload::{UploadedFile, account_named, header_value, reply};
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,expiration,checksum,termination";
const OFFSET_STREAM: &str = "application/offset+octet-stream";
/// What is told of the file that an upload has become.
const FILE: &str = "Upload-File";

/// An upload as it is now.
#[derive(Serialize, ToSchema)]
pub struct UploadState {
    id: String,
    /// In bytes.
    length: u64,
    /// How many bytes are there.
    offset: u64,
    expires_at: chrono::DateTime<chrono::Utc>,
    /// The file, once all bytes are there.
    #[schema(required)]
    file: Option<UploadedFile>,
}

fn header<'r>(http: &'r HttpRequest, name: &str) -> Option<&'r str> {
    http.headers().get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

fn number(http: &HttpRequest, name: &str) -> Option<u64> {
    header(http, name)
        .filter(|text| text.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
}

fn invalid(text: impl Into<String>) -> AppError {
    AppError::detail(Kind::Invalid, text.into())
}

/// Refuses clients that speak another version.
fn other_version(http: &HttpRequest) -> Option<HttpResponse> {
    if header(http, "Tus-Resumable") == Some(VERSION) {
        return None;
    }
    let mut reply = HttpResponse::PreconditionFailed();
    reply.insert_header(("Tus-Version", VERSION));
    Some(reply.force_close().json(json!({ "detail": "Tus-Resumable: 1.0.0 is needed" })))
}

fn built(status: StatusCode) -> HttpResponseBuilder {
    let mut reply = HttpResponse::build(status);
    reply.insert_header(("Tus-Resumable", VERSION)).insert_header((CACHE_CONTROL, "no-store"));
    reply
}

/// Tells of an upload in headers.
fn describe(reply: &mut HttpResponseBuilder, resumed: &Resumed) {
    let upload = &resumed.upload;
    reply
        .insert_header(("Upload-Offset", upload.offset.to_string()))
        .insert_header(("Upload-Expires", upload.expires_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    if let Some(file) = &resumed.file {
        reply.insert_header((FILE, header_value(file)));
    }
}

/// The value of a key of `Upload-Metadata`.
fn metadata(text: &str, key: &str) -> Result<Option<String>, AppError> {
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        if name != key {
            continue;
        }
        let value = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        return value.map(Some).ok_or_else(|| invalid(format!("Upload-Metadata: '{key}' is not valid")));
    }
    Ok(None)
}

/// What the bytes of a request must add up to.
fn checksum(http: &HttpRequest) -> Result<Option<Checksum>, AppError> {
    let Some(text) = header(http, "Upload-Checksum") else { return Ok(None) };
    let read = || {
        let (algorithm, value) = text.split_once(' ')?;
        Checksum::new(algorithm, STANDARD.decode(value.trim()).ok()?)
    };
    read().map(Some).ok_or_else(|| invalid("Upload-Checksum is not valid"))
}

/// Takes the bytes of a request.
async fn receive(
    mut appending: Appending<'_>,
    payload: Payload,
    patience: UploadPatience,
) -> Result<Result<Resumed, HttpResponse>, AppError> {
    let (mut payload, mut pace) = (payload.into_inner(), Pace::new(patience.0));
    loop {
        match pace.next(&mut payload).await {
            Ok(None) => return appending.finish(false).await.map(Ok),
            Ok(Some(piece)) => {
                if let Err(error) = appending.write(piece).await {
                    appending.abort().await;
                    drain(&mut payload).await;
                    return Err(error);
                }
            }
            // What came is kept, so that the client goes on from there.
            Err(why) => {
                let kept = appending.finish(true).await;
                return match (why, kept) {
                    (Broken::TooSlow, _) | (_, Ok(_)) => Ok(Err(refusal(why))),
                    (Broken::Off, Err(error)) => Err(error),
                };
            }
        }
    }
}

/// Tells what this server knows of tus.
#[utoipa::path(options, path = "/api/v1/files/tus", tag = "files", responses((status = 204)))]
pub async fn options(files: Data<Files>) -> HttpResponse {
    built(StatusCode::NO_CONTENT)
        .insert_header(("Tus-Version", VERSION))
        .insert_header(("Tus-Extension", EXTENSIONS))
        .insert_header(("Tus-Checksum-Algorithm", Checksum::NAMES))
        .insert_header(("Tus-Max-Size", files.policy().max_size.to_string()))
        .finish()
}

/// Begins an upload that can be resumed (tus 1.0.0).
///
/// `Upload-Metadata` names `filename` and `filetype` (or `name` and `type`), of superadmins also the
/// `account_id` of the account whose file it becomes. A body of `application/offset+octet-stream` is
/// taken as its first bytes.
#[utoipa::path(post, path = "/api/v1/files/tus", tag = "files",
    params(
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = u64, Header, description = "Bytes of the file"),
        ("Upload-Metadata" = Option<String>, Header, description = "Keys and values in base64, comma separated"),
    ),
    responses((status = 201), (status = 400), (status = 401), (status = 412), (status = 413), (status = 429)))]
pub async fn create(
    http: HttpRequest,
    SignedIn(by): SignedIn,
    payload: Payload,
    files: Data<Files>,
    patience: Data<UploadPatience>,
) -> ApiResult {
    if let Some(refusal) = other_version(&http) {
        return Ok(refusal);
    }
    let length = number(&http, "Upload-Length").ok_or_else(|| invalid("Upload-Length is needed"))?;
    let said = header(&http, "Upload-Metadata").unwrap_or_default();
    let either = |one, other| {
        metadata(said, one).and_then(|found| found.map_or_else(|| metadata(said, other), |f| Ok(Some(f))))
    };
    let new = NewUpload {
        length,
        filename: either("filename", "name")?.unwrap_or_default(),
        content_type: either("filetype", "type")?,
        metadata: said.to_owned(),
        account: metadata(said, "account_id")?
            .and_then(|text| account_named(&by, &text).transpose())
            .transpose()?,
    };
    let checksum = checksum(&http)?;
    let mut resumed = files.create_upload(&by, &new).await?;
    let id = resumed.upload.id.to_string();
    let has_body = header(&http, CONTENT_TYPE.as_str()) == Some(OFFSET_STREAM)
        && number(&http, CONTENT_LENGTH.as_str()) != Some(0);
    if has_body && resumed.file.is_none() {
        let appending = files.append(&by, &id, 0, checksum).await?;
        match receive(appending, payload, **patience).await? {
            Ok(grown) => resumed = grown,
            Err(refusal) => return Ok(refusal),
        }
    }
    let mut reply = built(StatusCode::CREATED);
    describe(&mut reply, &resumed);
    // Relative to the server, whatever it is reached by.
    let base = http.uri().path().trim_end_matches('/');
    reply.insert_header((LOCATION, format!("{base}/{id}")));
    Ok(match &resumed.file {
        Some(file) => reply.json(super::upload::reply(file)),
        None => reply.finish(),
    })
}

/// Tells how far an upload is, and what file it has become; HEAD, in headers only.
#[utoipa::path(get, path = "/api/v1/files/tus/{id}", tag = "files",
    params(("id" = String, Path, description = "Id of the upload")),
    responses((status = 200, body = UploadState), (status = 401), (status = 404)))]
pub async fn view(SignedIn(by): SignedIn, id: Path<String>, files: Data<Files>) -> ApiResult {
    let resumed = files.upload(&by, &id).await?;
    let mut reply_ = built(StatusCode::OK);
    describe(&mut reply_, &resumed);
    reply_.insert_header(("Upload-Length", resumed.upload.length.to_string()));
    if !resumed.upload.metadata.is_empty() {
        reply_.insert_header(("Upload-Metadata", resumed.upload.metadata.clone()));
    }
    Ok(reply_.json(UploadState {
        id: resumed.upload.id.to_string(),
        length: resumed.upload.length,
        offset: resumed.upload.offset,
        expires_at: resumed.upload.expires_at,
        file: resumed.file.as_ref().map(reply),
    }))
}

/// Adds bytes to an upload.
///
/// With the last ones it becomes a file, of which the header `Upload-File` tells.
#[utoipa::path(patch, path = "/api/v1/files/tus/{id}", tag = "files",
    params(
        ("id" = String, Path, description = "Id of the upload"),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Offset" = u64, Header, description = "Place of the first byte"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256` and the digest in base64"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204), (status = 400), (status = 401), (status = 404), (status = 409), (status = 412), (status = 413), (status = 415), (status = 460)))]
pub async fn append(
    http: HttpRequest,
    SignedIn(by): SignedIn,
    id: Path<String>,
    payload: Payload,
    files: Data<Files>,
    patience: Data<UploadPatience>,
) -> ApiResult {
    if let Some(refusal) = other_version(&http) {
        return Ok(refusal);
    }
    if header(&http, CONTENT_TYPE.as_str()) != Some(OFFSET_STREAM) {
        return Ok(refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Content-Type: application/offset+octet-stream is needed",
        ));
    }
    let offset = number(&http, "Upload-Offset").ok_or_else(|| invalid("Upload-Offset is needed"))?;
    let appending = files.append(&by, &id, offset, checksum(&http)?).await?;
    match receive(appending, payload, **patience).await? {
        Ok(resumed) => {
            let mut reply = built(StatusCode::NO_CONTENT);
            describe(&mut reply, &resumed);
            Ok(reply.finish())
        }
        Err(refusal) => Ok(refusal),
    }
}

/// Removes an upload; the file that it has become stays.
#[utoipa::path(delete, path = "/api/v1/files/tus/{id}", tag = "files",
    params(("id" = String, Path, description = "Id of the upload"), ("Tus-Resumable" = String, Header, description = "1.0.0")),
    responses((status = 204), (status = 401), (status = 404), (status = 412)))]
pub async fn terminate(
    http: HttpRequest,
    SignedIn(by): SignedIn,
    id: Path<String>,
    files: Data<Files>,
) -> ApiResult {
    if let Some(refusal) = other_version(&http) {
        return Ok(refusal);
    }
    files.terminate_upload(&by, &id).await?;
    Ok(built(StatusCode::NO_CONTENT).finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_are_pairs_in_base64() {
        let said = "filename d29ybGQudHh0,is_confidential, filetype dGV4dC9wbGFpbg==";
        assert_eq!(metadata(said, "filename").unwrap().as_deref(), Some("world.txt"));
        assert_eq!(metadata(said, "filetype").unwrap().as_deref(), Some("text/plain"));
        assert_eq!(metadata(said, "is_confidential").unwrap().as_deref(), Some(""));
        assert_eq!(metadata(said, "other").unwrap(), None);
        assert!(metadata("filename ***", "filename").is_err());
        assert!(metadata("filename /w==", "filename").is_err(), "no UTF-8");
    }
}
