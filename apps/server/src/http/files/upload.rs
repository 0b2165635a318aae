//! POST /files/upload

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Value, json};
use snackbase_application::files::{Files, NewFile, Uploading};
use snackbase_application::{AppError, Kind, Principal};
use snackbase_domain::AccountId;
use snackbase_domain::file::StoredFile;
use utoipa::ToSchema;

use super::UploadPatience;
use super::body::{Broken, Pace, drain, refusal, refused};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::SignedIn;
use crate::http::input::{Fault, Faults};

/// The most bytes of a body beside the file.
const MOST_BESIDE: u64 = 1024 * 1024;

/// Bytes that are kept of a part beside the file.
const LONGEST_TEXT: usize = 64;

/// A file to be uploaded.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read while it comes")]
pub struct UploadBody {
    /// Of superadmins: the account whose file it becomes, in place of their own. Comes before `file`.
    account_id: Option<String>,
    /// With a filename, and the type as its content type.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// What a record keeps of a file: the value of a file field.
#[derive(serde::Serialize, ToSchema)]
pub struct FileValue {
    filename: String,
    /// In bytes.
    size: u64,
    mime_type: String,
    path: String,
}

/// A file that was uploaded.
#[derive(serde::Serialize, ToSchema)]
pub struct UploadedFile {
    success: bool,
    file: FileValue,
    message: String,
    filename: String,
    #[serde(rename = "contentType")]
    content_type: String,
    /// In bytes.
    size: u64,
    path: String,
    created_at: chrono::DateTime<chrono::Utc>,
}

/// The reply about a file that is there now.
pub fn reply(file: &StoredFile) -> UploadedFile {
    UploadedFile {
        success: true,
        file: FileValue {
            filename: file.filename.clone(),
            size: file.size,
            mime_type: file.mime_type.clone(),
            path: file.path.to_string(),
        },
        message: "File uploaded successfully".to_owned(),
        filename: file.filename.clone(),
        content_type: file.mime_type.clone(),
        size: file.size,
        path: file.path.to_string(),
        created_at: file.created_at,
    }
}

/// The account that a superadmin names; what others name is not looked at.
///
/// # Errors
/// 400 for what is no account's id.
pub fn account_named(by: &Principal, text: &str) -> Result<Option<AccountId>, AppError> {
    match text.trim() {
        "" => Ok(None),
        _ if !by.is_superadmin() => Ok(None),
        id => id.parse().map(Some).map_err(|_| AppError::detail(Kind::Invalid, "account_id is not valid")),
    }
}

fn missing() -> ApiError {
    Faults(vec![Fault::missing(vec!["body".into(), "file".into()]).input(&Value::Null)]).into()
}

fn no_file() -> ApiError {
    let place = vec!["body".into(), "file".into()];
    let message = "Expected UploadFile, received: <class 'str'>";
    Faults(vec![Fault::value_error(place, message)]).into()
}

/// Uploads a file.
///
/// A part `file` of `multipart/form-data`. The value of `file` in the reply is what a file field of a
/// record takes.
#[utoipa::path(post, path = "/api/v1/files/upload", tag = "files",
    request_body(content = UploadBody, content_type = "multipart/form-data"),
    responses((status = 201, body = UploadedFile), (status = 400), (status = 401), (status = 408), (status = 413), (status = 422), (status = 429), (status = 502)))]
pub async fn upload(
    http: HttpRequest,
    SignedIn(by): SignedIn,
    payload: Payload,
    files: Data<Files>,
    patience: Data<UploadPatience>,
) -> ApiResult {
    let header = |name| http.headers().get(name).and_then(|value| value.to_str().ok());
    let is_form = header(CONTENT_TYPE)
        .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"));
    let announced = header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let mut payload = payload.into_inner();
    if !is_form {
        drain(&mut payload).await;
        return Err(missing());
    }
    let pace = Pace::new(patience.0);
    let form = Form { by: &by, files: &files, announced, pace, beside: 0, account: None };
    let mut parts = Multipart::new(http.headers(), payload);
    let outcome = form.read(&mut parts).await;
    match outcome {
        Ok(Some(Part::File(upload))) => match upload.finish().await {
            Ok(file) => Ok(HttpResponse::Created().json(reply(&file))),
            Err(error) => Err(error.into()),
        },
        Ok(Some(Part::Text)) => Err(no_file()),
        Ok(None) => Err(missing()),
        Err(Ended::Refused(error)) => Err(error),
        Err(Ended::Answered(response)) => Ok(response),
    }
}

/// The part `file` as it came last.
enum Part<'f> {
    File(Box<Uploading<'f>>),
    /// Without a filename.
    Text,
}

/// Why a form was not read to its end.
enum Ended {
    Refused(ApiError),
    Answered(HttpResponse),
}

/// A form that is read.
struct Form<'f> {
    by: &'f Principal,
    files: &'f Files,
    /// The length of the whole body, where the client says so.
    announced: Option<u64>,
    pace: Pace,
    /// Bytes of other parts so far.
    beside: u64,
    /// Whose file it becomes, where that is said.
    account: Option<AccountId>,
}

impl<'f> Form<'f> {
    async fn read(mut self, parts: &mut Multipart) -> Result<Option<Part<'f>>, Ended> {
        let mut found: Option<Part<'f>> = None;
        loop {
            let next = tokio::time::timeout(self.pace.patience(), parts.next()).await;
            let field = match next {
                Err(_) => return Err(broken(found, Broken::TooSlow).await),
                Ok(None) => return Ok(found),
                Ok(Some(Err(error))) => return self.unreadable(found, error).await,
                Ok(Some(Ok(field))) => field,
            };
            self.beside += 1024;
            if field.name() == Some("account_id") {
                match self.text(field).await {
                    Ok(text) => self.account = account_named(self.by, &text).map_err(refuse)?,
                    Err(ended) => return Err(given_up(found, ended).await),
                }
                continue;
            }
            if field.name() != Some("file") {
                if let Err(ended) = self.skip(field).await {
                    return Err(given_up(found, ended).await);
                }
                continue;
            }
            // A later part wins.
            if let Some(Part::File(former)) = found.take() {
                former.abort().await;
            }
            let filename = field.content_disposition().and_then(|d| d.get_filename()).map(str::to_owned);
            let Some(filename) = filename else {
                self.skip(field).await?;
                found = Some(Part::Text);
                continue;
            };
            let content_type = field.content_type().map(ToString::to_string);
            let new = NewFile { filename, content_type, account: self.account };
            let upload = self.files.begin_upload(self.by, &new).await.map_err(refuse)?;
            match self.receive(field, upload).await? {
                (upload, true) => found = Some(Part::File(Box::new(upload))),
                (mut upload, false) => {
                    if let Some(announced) = self.announced {
                        upload.is_larger(announced.saturating_sub(self.beside));
                    }
                    drain(&mut Pieces(parts)).await;
                    return Ok(Some(Part::File(Box::new(upload))));
                }
            }
        }
    }

    /// Takes the bytes of a file. Whether they came to their end.
    async fn receive(
        &mut self,
        mut field: Field,
        mut upload: Uploading<'f>,
    ) -> Result<(Uploading<'f>, bool), Ended> {
        loop {
            match self.pace.next(&mut field).await {
                Ok(None) => return Ok((upload, true)),
                Ok(Some(piece)) => {
                    if !upload.write(piece).await {
                        return Ok((upload, false));
                    }
                }
                Err(why) => return Err(broken(Some(Part::File(Box::new(upload))), why).await),
            }
        }
    }

    /// Passes over a part that is not asked for.
    async fn skip(&mut self, field: Field) -> Result<(), Ended> {
        self.text(field).await.map(drop)
    }

    /// The text of a short part, as far as it is text.
    async fn text(&mut self, mut field: Field) -> Result<String, Ended> {
        let mut text = Vec::new();
        loop {
            match self.pace.next(&mut field).await {
                Ok(None) => return Ok(String::from_utf8_lossy(&text).into_owned()),
                Ok(Some(piece)) => {
                    self.beside += piece.len() as u64;
                    text.extend(piece.iter().take(LONGEST_TEXT.saturating_sub(text.len())));
                }
                Err(why) => return Err(Ended::Answered(refusal(why))),
            }
            if self.beside > MOST_BESIDE {
                let response = refused(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large");
                return Err(Ended::Answered(response));
            }
        }
    }

    async fn unreadable(
        &self,
        found: Option<Part<'f>>,
        error: MultipartError,
    ) -> Result<Option<Part<'f>>, Ended> {
        match error {
            // Without a boundary, or without any part, there is no file.
            MultipartError::ContentTypeMissing
            | MultipartError::ContentTypeParse
            | MultipartError::ContentTypeIncompatible
            | MultipartError::BoundaryMissing => Ok(None),
            _ => Err(broken(found, Broken::Off).await),
        }
    }
}

fn refuse(error: AppError) -> Ended {
    Ended::Refused(error.into())
}

/// Leaves nothing of a file whose form broke off.
async fn broken(found: Option<Part<'_>>, why: Broken) -> Ended {
    given_up(found, Ended::Answered(refusal(why))).await
}

async fn given_up(found: Option<Part<'_>>, ended: Ended) -> Ended {
    if let Some(Part::File(upload)) = found {
        upload.abort().await;
    }
    ended
}

/// The rest of a form, whatever its parts.
struct Pieces<'m>(&'m mut Multipart);

impl futures_util::Stream for Pieces<'_> {
    type Item = Result<Bytes, MultipartError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        // A part that is dropped is passed over by the form itself.
        self.0.poll_next_unpin(context).map(|part| part.map(|part| part.map(|_| Bytes::new())))
    }
}

/// The header that tells of the file that a resumable upload has become.
pub fn header_value(file: &StoredFile) -> String {
    snackbase_domain::file::python_json(&json!({
        "filename": file.filename, "size": file.size, "mime_type": file.mime_type, "path": file.path.to_string(),
    }))
}
