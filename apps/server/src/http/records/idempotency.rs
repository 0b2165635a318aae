//! The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use snackbase_application::{AppError, Kind};

use crate::http::error::ApiError;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that a reply is that to an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The most characters of a key.
const LONGEST: usize = 255;

/// The key of a request, if it has one: 1 to 255 visible ASCII characters, in quotes or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = request.headers().get(HEADER).map(key).transpose();
        ready(read.map(Self).map_err(ApiError::App))
    }
}

fn key(value: &HeaderValue) -> Result<String, AppError> {
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    if (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err(AppError::titled(
        Kind::Invalid,
        "Invalid Idempotency-Key",
        format!("Idempotency-Key must have 1 to {LONGEST} visible ASCII characters"),
    ))
}

/// Says of a reply whether it is that to an earlier request.
pub fn told(mut reply: HttpResponse, replayed: bool) -> HttpResponse {
    if replayed {
        reply.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_and_not_too_long() {
        let read = |text: &str| key(&HeaderValue::from_str(text).unwrap()).ok();
        assert_eq!(read("\"8e03978e-40d5\"").as_deref(), Some("8e03978e-40d5"));
        assert_eq!(read("plain").as_deref(), Some("plain"));
        assert_eq!(read(&"k".repeat(255)).map(|key| key.len()), Some(255));
        for bad in ["", "\"\"", "two words", &"k".repeat(256)] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
