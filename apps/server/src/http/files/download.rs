//! GET /files/{path}

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED,
    RANGE, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde_json::json;
use snackbase_application::auth::Auth;
use snackbase_application::files::{Files, LinkClaims};
use snackbase_application::{AppError, Kind, Principal};
use snackbase_domain::file::{StoredFile, ThumbSize};

use super::body::sent;
use super::path_of;
use super::range::{Wanted, wanted};
use crate::http::error::ApiResult;
use crate::http::etag;
use crate::http::extract::{Anybody, origin};
use crate::http::input::Query;

/// What a browser may do with a file that it opens: nothing.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Gives the bytes of a file.
///
/// One range of bytes is served as such; of several the whole file. `download/` may stand before the
/// path.
#[utoipa::path(get, path = "/api/v1/files/{path}", tag = "files",
    params(
        ("path" = String, Path, description = "The path of an upload's reply; its slashes stay slashes"),
        ("token" = Option<String>, Query, description = "An access token, where no header can be sent"),
        ("thumb" = Option<String>, Query, description = "Of pictures a small one, each side at most 2048: `100x50` (filled, cut at all sides), `100x50t`, `100x50b` (the top or bottom stays), `100x50f` (as a whole), `0x50`, `100x0`"),
        ("expires" = Option<i64>, Query, description = "Of a signed link"),
        ("disposition" = Option<String>, Query, description = "Of a signed link"),
        ("signature" = Option<String>, Query, description = "Of a signed link"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
        ("If-None-Match" = Option<String>, Header, description = "Entity tags that are known"),
    ),
    responses((status = 200, body = [u8], content_type = "application/octet-stream"), (status = 206), (status = 304), (status = 400), (status = 401), (status = 403), (status = 404), (status = 416), (status = 502)))]
pub async fn download(http: HttpRequest, query: Query, auth: Data<Auth>, files: Data<Files>) -> ApiResult {
    let path = path_of(&http);
    let size = match query.get("thumb").filter(|thumb| !thumb.is_empty()) {
        None => None,
        Some(text) => Some(ThumbSize::parse(text).ok_or_else(|| {
            AppError::detail(
                Kind::Invalid,
                "Invalid thumb: a size such as 100x50 is needed, each side at most 2048",
            )
        })?),
    };
    let (file, served) = match query.get("signature") {
        Some(signature) => {
            let expires = query.get("expires").and_then(|text| text.parse().ok()).unwrap_or_default();
            let inline = query.get("disposition") == Some("inline");
            files.check_link(&LinkClaims { path: &path, expires, inline }, signature)?;
            (files.linked(&path).await?, Served { inline, size })
        }
        None => {
            let by = caller(&http, &query, &auth).await?;
            (files.readable(&by, &path).await?, Served { inline: false, size })
        }
    };
    served.file(&http, &files, file).await
}

/// Who asks: by a header, else by the token in the address.
async fn caller(
    http: &HttpRequest,
    query: &Query,
    auth: &Auth,
) -> Result<Principal, crate::http::error::ApiError> {
    if !http.headers().contains_key(AUTHORIZATION)
        && let Some(token) = query.get("token").filter(|token| !token.is_empty())
    {
        return Ok(auth.authenticate(token, origin(http)).await?);
    }
    let Anybody(caller) = <Anybody as actix_web::FromRequest>::extract(http).await?;
    match caller {
        snackbase_application::Caller::User(principal) => Ok(principal),
        snackbase_application::Caller::Anonymous { .. } => {
            Err(AppError::unauthenticated("Missing authentication credentials").into())
        }
    }
}

/// How a file is served.
struct Served {
    inline: bool,
    size: Option<ThumbSize>,
}

impl Served {
    async fn file(&self, http: &HttpRequest, files: &Files, file: StoredFile) -> ApiResult {
        let thumb = match self.size {
            Some(size) => files.thumbnail(&file, size).await?.map(|thumb| (thumb, size)),
            None => None,
        };
        let digest = file.sha256.get(..32).unwrap_or_default();
        let tag = match &thumb {
            Some((_, size)) => format!("\"{digest}-{size}\""),
            None => format!("\"{digest}\""),
        };
        if is_known(http, &tag, file.created_at) {
            let mut reply = HttpResponse::NotModified();
            self.describe(&mut reply, &file, &tag);
            return Ok(reply.finish());
        }
        let length = thumb.as_ref().map_or(file.size, |(thumb, _)| thumb.size);
        let header = |name| http.headers().get(name).and_then(|value| value.to_str().ok());
        let ranged =
            header(RANGE).filter(|_| thumb.is_none() && still(header(IF_RANGE), &tag, file.created_at));
        let wanted = wanted(ranged, length);
        let mut reply = match &wanted {
            Wanted::Whole => HttpResponse::Ok(),
            Wanted::Part(range) => {
                let mut reply = HttpResponse::PartialContent();
                let shown = format!("bytes {}-{}/{length}", range.start, range.end - 1);
                reply.insert_header((CONTENT_RANGE, shown));
                reply
            }
            Wanted::Unsatisfiable => {
                let mut reply = HttpResponse::build(StatusCode::RANGE_NOT_SATISFIABLE);
                reply.insert_header((CONTENT_RANGE, format!("bytes */{length}")));
                return Ok(reply.json(json!({ "detail": "Range Not Satisfiable" })));
            }
        };
        self.describe(&mut reply, &file, &tag);
        let allowed = &files.policy().allowed_types;
        let declared = thumb.as_ref().map_or(file.mime_type.as_str(), |(thumb, _)| thumb.mime_type);
        let shown = match declared {
            "text/plain" => "text/plain; charset=utf-8",
            other if thumb.is_some() || allowed.iter().any(|allowed| allowed == other) => other,
            _ => "application/octet-stream",
        };
        reply.insert_header((CONTENT_TYPE, shown));
        // Ranges are of the bytes as they are stored, so they are not compressed on the way.
        reply.insert_header((CONTENT_ENCODING, "identity"));
        if thumb.is_none() {
            reply.insert_header((ACCEPT_RANGES, "bytes"));
        }
        let (source, length) = match (thumb, wanted) {
            (Some((thumb, _)), _) => (thumb.bytes, length),
            (None, Wanted::Part(range)) => {
                let length = range.end - range.start;
                (files.bytes(&file, Some(range)).await?, length)
            }
            (None, _) => (files.bytes(&file, None).await?, length),
        };
        Ok(reply.body(SizedStream::new(length, Box::pin(sent(source)))))
    }

    /// The headers of every reply about a file.
    fn describe(&self, reply: &mut HttpResponseBuilder, file: &StoredFile, tag: &str) {
        let kind = if self.inline { "inline" } else { "attachment" };
        reply
            .insert_header((ETAG, tag))
            .insert_header((LAST_MODIFIED, file.created_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()))
            .insert_header((CACHE_CONTROL, "private, no-cache"))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((CONTENT_DISPOSITION, disposition(kind, file.path.name(), &file.filename)));
    }
}

/// `Content-Disposition` (RFC 6266): the name in the store for clients that know no other, which is
/// letters and digits, and the name that the file was sent with (RFC 8187).
fn disposition(kind: &str, name: &str, filename: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in filename.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// Whether the client has what it would get (RFC 9110, section 13.2.2).
fn is_known(http: &HttpRequest, tag: &str, changed_at: DateTime<Utc>) -> bool {
    if http.headers().contains_key(IF_NONE_MATCH) {
        return etag::is_known(http, tag);
    }
    let since = http.headers().get(IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    since.and_then(moment).is_some_and(|since| changed_at.timestamp() <= since)
}

/// Whether a range is of what the client has part of (section 13.1.5): by a strong tag or a date.
fn still(if_range: Option<&str>, tag: &str, changed_at: DateTime<Utc>) -> bool {
    match if_range {
        None => true,
        Some(text) if text.starts_with('"') => text == tag,
        Some(text) => moment(text) == Some(changed_at.timestamp()),
    }
}

/// An HTTP date, in seconds since the Unix epoch.
fn moment(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc2822(text.trim()).ok().map(|moment| moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within_their_header() {
        assert_eq!(
            disposition("attachment", "5f.txt", "hello wörld\".txt"),
            "attachment; filename=\"5f.txt\"; filename*=UTF-8''hello%20w%C3%B6rld%22.txt"
        );
        let hostile = disposition("attachment", "a\"\r\nX: y", "x\r\nSet-Cookie: a=b");
        assert!(hostile.bytes().all(|b| (b' '..=b'~').contains(&b)), "{hostile}");
        assert!(!hostile.contains("\r\n"));
    }

    #[test]
    fn ranges_hold_for_what_the_client_has() {
        let at = DateTime::from_timestamp(1_700_000_000, 500).unwrap();
        let date = "Tue, 14 Nov 2023 22:13:20 GMT";
        assert!(
            still(None, "\"a\"", at) && still(Some("\"a\""), "\"a\"", at) && still(Some(date), "\"a\"", at)
        );
        for other in ["\"b\"", "W/\"a\"", "Tue, 14 Nov 2023 22:13:21 GMT", "x", ""] {
            assert!(!still(Some(other), "\"a\"", at), "{other}");
        }
    }
}
