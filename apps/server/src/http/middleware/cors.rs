//! Which pages of other origins may call (Fetch standard, §3.2).

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};

use crate::settings;

/// What `*` stands for among the methods.
const ALL_METHODS: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

/// How long a browser may remember the answer to a preflight, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Headers any page may send, whatever the settings say.
const SAFE_HEADERS: [&str; 4] = ["accept", "accept-language", "content-language", "content-type"];

/// An origin that may call.
#[derive(Debug, Clone)]
pub(super) struct AllowedOrigin(HeaderValue);

/// The rules of the settings.
#[derive(Debug)]
pub(super) struct Cors {
    any_origin: bool,
    origins: Vec<String>,
    credentials: bool,
    methods: String,
    /// In small letters; none when all are allowed.
    headers: Option<Vec<String>>,
}

impl Cors {
    pub(super) fn new(settings: &settings::Cors) -> Self {
        let any = |list: &[String]| list.iter().any(|item| item == "*");
        let methods = if any(&settings.allow_methods) {
            ALL_METHODS.to_owned()
        } else {
            settings.allow_methods.join(", ").to_ascii_uppercase()
        };
        let headers = settings.allow_headers.iter().map(|h| h.to_ascii_lowercase());
        Self {
            any_origin: any(&settings.origins),
            origins: settings.origins.clone(),
            credentials: settings.allow_credentials,
            methods,
            headers: (!any(&settings.allow_headers)).then(|| headers.collect()),
        }
    }

    /// The origin of the request, if it may call.
    pub(super) fn allowed(&self, headers: &HeaderMap) -> Option<AllowedOrigin> {
        let origin = headers.get(ORIGIN)?;
        let allowed =
            self.any_origin || self.origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes());
        allowed.then(|| AllowedOrigin(origin.clone()))
    }

    /// Adds to a reply that the origin may read it.
    pub(super) fn add(&self, headers: &mut HeaderMap, origin: &AllowedOrigin) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.0.clone());
        if self.credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        let vary = match headers.get(VARY).and_then(|value| value.to_str().ok()) {
            Some(other) if !other.to_ascii_lowercase().contains("origin") => {
                HeaderValue::from_str(&format!("{other}, Origin")).ok()
            }
            Some(_) => None,
            None => Some(HeaderValue::from_static("Origin")),
        };
        if let Some(vary) = vary {
            headers.insert(VARY, vary);
        }
    }

    /// The answer to a browser that asks whether it may send a request; none for other requests.
    pub(super) fn answer_preflight(&self, request: &ServiceRequest) -> Option<HttpResponse> {
        if request.method() != Method::OPTIONS {
            return None;
        }
        let headers = request.headers();
        let method = headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
        headers.get(ORIGIN)?;
        let asked = headers.get(ACCESS_CONTROL_REQUEST_HEADERS);
        let refusal = if self.allowed(headers).is_none() {
            Some("Disallowed CORS origin")
        } else if !self.allows_method(method) {
            Some("Disallowed CORS method")
        } else if !asked.is_none_or(|asked| self.allows_headers(asked)) {
            Some("Disallowed CORS headers")
        } else {
            None
        };
        let mut response = match refusal {
            Some(_) => HttpResponse::BadRequest(),
            None => HttpResponse::Ok(),
        };
        response
            .content_type("text/plain; charset=utf-8")
            .insert_header((VARY, HeaderValue::from_static("Origin")))
            .insert_header((ACCESS_CONTROL_ALLOW_METHODS, self.methods.as_str()))
            .insert_header((ACCESS_CONTROL_MAX_AGE, MAX_AGE));
        if let Some(asked) = asked.filter(|_| refusal.is_none()) {
            response.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, asked.clone()));
        }
        Some(response.body(refusal.unwrap_or("OK")))
    }

    fn allows_method(&self, asked: &HeaderValue) -> bool {
        self.methods.split(", ").any(|method| method.as_bytes() == asked.as_bytes())
    }

    fn allows_headers(&self, asked: &HeaderValue) -> bool {
        let Some(allowed) = &self.headers else {
            return true;
        };
        let Ok(asked) = asked.to_str() else {
            return false;
        };
        asked
            .split(',')
            .map(|name| name.trim().to_ascii_lowercase())
            .all(|name| name.is_empty() || SAFE_HEADERS.contains(&name.as_str()) || allowed.contains(&name))
    }
}
