//! Headers that tell browsers what a reply may not be used for.

use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, PERMISSIONS_POLICY, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS, X_XSS_PROTECTION,
};

use crate::settings::Security;

/// The policy for the pages that show the API: their viewers start from a script in the page, draw
/// with inline styles, and one of them runs a worker.
const API_PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'",
);

/// The headers of every reply.
#[derive(Debug)]
pub(super) struct SecurityHeaders {
    fixed: Vec<(HeaderName, HeaderValue)>,
    policy: Option<HeaderValue>,
}

impl SecurityHeaders {
    pub(super) fn new(settings: &Security, production: bool) -> Self {
        if !settings.headers_enabled {
            return Self { fixed: Vec::new(), policy: None };
        }
        let mut fixed = vec![
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (X_XSS_PROTECTION, HeaderValue::from_static("1; mode=block")),
            (REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
            (PERMISSIONS_POLICY, settings.permissions_policy.clone()),
        ];
        if production {
            let value = format!("max-age={}; includeSubDomains", settings.hsts_max_age);
            let value = HeaderValue::from_str(&value).expect("a number may stand in a header");
            fixed.push((STRICT_TRANSPORT_SECURITY, value));
        }
        Self { fixed, policy: Some(settings.csp_policy.clone()) }
    }

    /// Adds the headers. A reply with a content policy of its own, such as a file's, keeps it.
    pub(super) fn add(&self, headers: &mut HeaderMap, api_page: bool) {
        let Some(policy) = &self.policy else {
            return;
        };
        headers.reserve(self.fixed.len() + 3);
        for (name, value) in &self.fixed {
            headers.insert(name.clone(), value.clone());
        }
        if !headers.contains_key(CONTENT_SECURITY_POLICY) {
            let policy = if api_page { API_PAGE_POLICY } else { policy.clone() };
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Whether the path is one of the pages that show the API.
pub(super) fn is_api_page(path: &str) -> bool {
    ["/docs", "/redoc"]
        .iter()
        .any(|page| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}
