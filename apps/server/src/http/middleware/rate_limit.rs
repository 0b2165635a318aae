//! Counts requests of the API and refuses those that are too many.
//!
//! What does not lie under the API's prefix is not counted: health checks, which must always
//! answer, and the files of the admin UI, of which a page needs many at once. Neither are preflights,
//! which come before this, nor superadmins, unless they come with an API key.

use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use snackbase_application::limits::{Counted, RateLimits, Standing};
use snackbase_application::{AppError, Kind, Refusal, Says};

use crate::http::error::ApiError;
use crate::http::extract;

/// Counts requests under the API's prefix.
pub(super) struct RateLimit {
    limits: Arc<RateLimits>,
    api_prefix: String,
}

impl std::fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimit").field("api_prefix", &self.api_prefix).finish_non_exhaustive()
    }
}

impl RateLimit {
    pub(super) fn new(limits: Arc<RateLimits>, api_prefix: &str) -> Self {
        Self { limits, api_prefix: api_prefix.to_owned() }
    }

    /// Counts a request; `None` when it is one that is not counted. The caller that is found out
    /// here is kept for the handler.
    pub(super) async fn count(&self, request: &ServiceRequest) -> Result<Option<Standing>, HttpResponse> {
        // The path as routes see it: decoded, without the slash at its end.
        let path = request.match_info().as_str();
        let below = path.strip_prefix(self.api_prefix.as_str());
        if !below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            return Ok(None);
        }
        let path = path.trim_end_matches('/').to_owned();
        let Some(counted) = extract::counted(request.request()).await else {
            return Ok(None);
        };
        self.admit(&counted, &path).await.map(Some)
    }

    async fn admit(&self, counted: &Counted, path: &str) -> Result<Standing, HttpResponse> {
        let standing = self.limits.admit(counted, path).await;
        let standing = standing.map_err(|error| ApiError::from(error).error_response())?;
        if !standing.refused {
            return Ok(standing);
        }
        let says = Says::RetryAfter(standing.reset);
        let refusal = AppError::Refused(Refusal { kind: Kind::TooManyRequests, says });
        let mut response = ApiError::from(refusal).error_response();
        add(response.headers_mut(), &standing);
        Err(response)
    }
}

/// Tells the caller how he stands.
pub(super) fn add(headers: &mut HeaderMap, standing: &Standing) {
    let told = [
        ("x-ratelimit-limit", u64::from(standing.limit)),
        ("x-ratelimit-remaining", u64::from(standing.remaining)),
        ("x-ratelimit-reset", standing.reset),
    ];
    for (name, value) in told {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}
