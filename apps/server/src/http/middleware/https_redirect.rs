//! Sends clients that came by http to https.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HOST, HeaderName, LOCATION};

use super::is_trusted;
use crate::settings::{Network, Settings};

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The redirect, with what it needs to know about proxies. The server itself speaks http only, so a
/// request is https when a trusted proxy says so.
#[derive(Debug)]
pub(super) struct HttpsRedirect {
    proxies: Vec<Network>,
}

impl HttpsRedirect {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { proxies: settings.listen.trusted_proxies.clone() }
    }

    /// 301 to the same address by https, unless the request came by it.
    pub(super) fn answer(&self, request: &ServiceRequest) -> Option<HttpResponse> {
        let by_proxy = request.peer_addr().is_some_and(|peer| is_trusted(peer.ip(), &self.proxies));
        let proto = request.headers().get(FORWARDED_PROTO);
        let secure = by_proxy && proto.is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"));
        if secure {
            return None;
        }
        let host = request.headers().get(HOST)?.to_str().ok()?;
        let location = match request.uri().path_and_query() {
            Some(path) => format!("https://{host}{path}"),
            None => format!("https://{host}/"),
        };
        Some(HttpResponse::MovedPermanently().insert_header((LOCATION, location)).finish())
    }
}
