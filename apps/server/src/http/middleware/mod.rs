//! What every request passes, whatever its path: one layer around the whole application.
//!
//! On the way in: correlation id, request log, redirect to https, CORS preflight, rate limits, HEAD as
//! GET, the slash at the end of a path, reading the body. On the way out every reply, refusals and errors
//! included, gets the security, CORS and correlation headers. It is one actix middleware and not ten,
//! since each costs an allocation and a dynamic call for every request.
//!
//! [`Edge`] must be the outermost layer: `App::new().wrap(compress).wrap(edge)`.

mod buffer_body;
mod client_address;
mod correlation;
mod cors;
mod head;
mod https_redirect;
mod rate_limit;
mod request_log;
mod security_headers;
mod trailing_slash;

use std::future::{Ready, ready};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, HeaderMap};
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::json;
use snackbase_application::limits::{RateLimits, Standing};

use crate::http::etag;
use crate::settings::{Network, Settings};

pub use buffer_body::BODY_LIMIT;
pub use client_address::client_address;
pub use correlation::CorrelationId;
pub use request_log::LoggedCaller;

use buffer_body::BodyReader;
use cors::{AllowedOrigin, Cors};
use https_redirect::HttpsRedirect;
use rate_limit::RateLimit;
use request_log::{LogLine, RequestLog};
use security_headers::SecurityHeaders;

/// The layer around the application; cheap to clone.
#[derive(Debug, Clone)]
pub struct Edge(Rc<Parts>);

#[derive(Debug)]
struct Parts {
    log: RequestLog,
    https: Option<HttpsRedirect>,
    cors: Cors,
    rate_limit: Option<RateLimit>,
    body: BodyReader,
    /// What custom endpoints' paths begin with: methods and slashes at the end are theirs to judge.
    custom: String,
    security: SecurityHeaders,
}

impl Edge {
    /// The layer as the settings want it, without rate limits.
    pub fn new(settings: &Settings) -> Self {
        Self::with_rate_limits(settings, None)
    }

    /// The layer as the settings want it. With limits, requests are counted.
    pub fn with_rate_limits(settings: &Settings, limits: Option<Arc<RateLimits>>) -> Self {
        let production = settings.is_production();
        let redirects = production && settings.security.https_redirect_enabled;
        Self(Rc::new(Parts {
            log: RequestLog::new(&settings.app.api_prefix),
            https: redirects.then(|| HttpsRedirect::new(settings)),
            cors: Cors::new(&settings.cors),
            rate_limit: limits.map(|limits| RateLimit::new(limits, &settings.app.api_prefix)),
            body: BodyReader::new(&settings.app.api_prefix),
            custom: format!("{}/x/", settings.app.api_prefix),
            security: SecurityHeaders::new(&settings.security, production),
        }))
    }
}

impl<S, B> Transform<S, ServiceRequest> for Edge
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = EdgeService<S>;
    type InitError = ();
    type Future = Ready<Result<EdgeService<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(EdgeService { service: Rc::new(service), parts: self.0.clone() }))
    }
}

/// The application inside its [`Edge`].
#[derive(Debug)]
pub struct EdgeService<S> {
    service: Rc<S>,
    parts: Rc<Parts>,
}

/// What the way in found out for the way out.
struct Passage {
    correlation: CorrelationId,
    origin: Option<AllowedOrigin>,
    api_page: bool,
    head: bool,
    standing: Option<Standing>,
    line: Option<LogLine>,
}

impl Passage {
    /// Adds what every reply carries.
    fn dress(&self, parts: &Parts, headers: &mut HeaderMap) {
        parts.security.add(headers, self.api_page);
        etag::name_encoding(headers);
        // It only kept the layer below from compressing.
        if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "identity") {
            headers.remove(CONTENT_ENCODING);
        }
        if let Some(origin) = &self.origin {
            parts.cors.add(headers, origin);
        }
        if let Some(standing) = &self.standing {
            rate_limit::add(headers, standing);
        }
        self.correlation.add(headers);
    }
}

impl<S, B> Service<ServiceRequest> for EdgeService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let parts = self.parts.clone();
        let service = self.service.clone();
        let correlation = CorrelationId::of(request.headers());
        let mut passage = Passage {
            line: parts.log.start(&request, &correlation),
            origin: parts.cors.allowed(request.headers()),
            api_page: security_headers::is_api_page(request.path()),
            head: request.method() == Method::HEAD,
            standing: None,
            correlation,
        };
        request.extensions_mut().insert(passage.correlation.clone());
        Box::pin(async move {
            let answer = match parts.answer_early(&request) {
                Some(refusal) => Ok(request.into_response(refusal)),
                None => match parts.count(&request).await {
                    Ok(standing) => {
                        passage.standing = standing;
                        pass(&parts, &*service, request).await
                    }
                    Err(refusal) => Ok(request.into_response(refusal)),
                },
            };
            match answer {
                Ok(mut response) => {
                    passage.dress(&parts, response.headers_mut());
                    if let Some(line) = &passage.line {
                        let extensions = response.request().extensions();
                        line.finish(response.status(), extensions.get());
                    }
                    Ok(match passage.head {
                        true => head::without_body(response),
                        false => response,
                    })
                }
                Err(error) => {
                    let mut response = error.error_response();
                    passage.dress(&parts, response.headers_mut());
                    if let Some(line) = &passage.line {
                        line.finish(response.status(), None);
                    }
                    Err(InternalError::from_response(error, response).into())
                }
            }
        })
    }
}

impl Parts {
    /// Counts a request, where requests are limited.
    async fn count(&self, request: &ServiceRequest) -> Result<Option<Standing>, HttpResponse> {
        match &self.rate_limit {
            Some(limit) => limit.count(request).await,
            None => Ok(None),
        }
    }

    /// The answer to a request that need not reach the application.
    fn answer_early(&self, request: &ServiceRequest) -> Option<HttpResponse> {
        let redirect = self.https.as_ref().and_then(|https| https.answer(request));
        redirect.or_else(|| self.cors.answer_preflight(request)).or_else(|| {
            // Paths of files are refused in words of their own.
            let nul = holds_nul(request.path()) && !self.body.is_of_files(request.path());
            nul.then(nothing_there)
        })
    }
}

/// Whether a path, still encoded, has a NUL character. Nothing is named so, and PostgreSQL cannot
/// even look for it.
fn holds_nul(path: &str) -> bool {
    path.contains("%00")
}

fn nothing_there() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "detail": "Not Found" }))
}

/// Leads a request through the application. A panic there costs this request only.
async fn pass<S, B>(
    parts: &Parts,
    service: &S,
    mut request: ServiceRequest,
) -> Result<ServiceResponse<BoxBody>, Error>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    if !request.path().starts_with(&parts.custom) {
        head::as_get(&mut request);
        trailing_slash::remove(&mut request);
    }
    if let Err(refusal) = parts.body.read(&mut request).await {
        return Ok(request.into_response(refusal));
    }
    let answered = AssertUnwindSafe(async { service.call(request).await });
    match answered.catch_unwind().await {
        Ok(answer) => answer.map(ServiceResponse::map_into_boxed_body),
        Err(_) => {
            tracing::error!(target: "snackbase", "a request ended in a panic");
            let response = HttpResponse::InternalServerError().json(json!({
                "error": "Internal server error",
                "detail": "An unexpected error occurred",
            }));
            Err(InternalError::from_response("panic", response).into())
        }
    }
}

/// Whether an address belongs to a proxy whose headers count.
fn is_trusted(address: std::net::IpAddr, proxies: &[Network]) -> bool {
    proxies.iter().any(|block| block.contains(address))
}

#[cfg(test)]
mod tests;
