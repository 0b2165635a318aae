//! POST /files/{path}/link

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::files::Files;
use utoipa::ToSchema;

use super::path_of;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::JsonBody;

/// The longest that a link holds, in seconds: a week.
const LONGEST: i64 = 7 * 24 * 3600;
/// How long it holds where nothing is said.
const USUAL: i64 = 300;

/// What a link should be.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct LinkBody {
    /// In seconds, at most a week; 300 if absent.
    expires_in: Option<i64>,
    /// `attachment` (if absent) or `inline`.
    disposition: Option<String>,
}

/// A link.
#[derive(Serialize, ToSchema)]
pub struct FileLink {
    url: String,
    expires_at: DateTime<Utc>,
}

/// Makes a link to a file by which everybody reads it for a while, without signing in.
#[utoipa::path(post, path = "/api/v1/files/{path}/link", tag = "files",
    params(("path" = String, Path, description = "The path of an upload's reply")),
    request_body = LinkBody,
    responses((status = 201, body = FileLink), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn link(
    http: HttpRequest,
    body: JsonBody,
    SignedIn(by): SignedIn,
    files: Data<Files>,
) -> ApiResult {
    let mut fields = body.optional_fields()?;
    let seconds = fields.int("expires_in").ge(1).le(LONGEST).default(USUAL);
    let disposition = fields.one_of("disposition", &["attachment", "inline"]).default("attachment");
    fields.finish()?;
    let path = path_of(&http);
    let path = path.strip_suffix("/link").unwrap_or(&path);
    let link = files.link(&by, path, seconds, disposition == "inline").await?;
    Ok(HttpResponse::Created().json(FileLink { url: link.url, expires_at: link.expires_at }))
}
