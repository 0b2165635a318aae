//! Which pages may open a WebSocket: browsers do not ask before they do (RFC 6455, section 10.2).

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, ORIGIN};
use url::Url;

use crate::settings::Settings;

/// The origins that may.
#[derive(Clone, Debug)]
pub struct AllowedOrigins {
    any: bool,
    origins: Vec<String>,
}

impl AllowedOrigins {
    /// Those that may call the API, and the server's own address.
    pub fn new(settings: &Settings) -> Self {
        let own =
            Url::parse(settings.app.external_url.as_str()).map(|url| url.origin().ascii_serialization());
        Self {
            any: settings.cors.origins.iter().any(|origin| origin == "*"),
            origins: settings.cors.origins.iter().cloned().chain(own).collect(),
        }
    }

    /// Whether the page that asks may. Who sends no origin is no page; the host's own pages always may.
    pub(super) fn allow(&self, request: &HttpRequest) -> bool {
        let Some(origin) = request.headers().get(ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        self.any || self.origins.iter().any(|allowed| allowed == origin) || is_own_host(request, origin)
    }
}

fn is_own_host(request: &HttpRequest, origin: &str) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    matches!((host, authority), (Some(host), Some(authority)) if host.eq_ignore_ascii_case(authority))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn pages_of_other_hosts_may_not() {
        let allowed = AllowedOrigins { any: false, origins: vec!["https://app.example.com".into()] };
        let allow = |origin: &str| {
            let request = TestRequest::default()
                .insert_header((HOST, "api.example.com:8000"))
                .insert_header((ORIGIN, origin));
            allowed.allow(&request.to_http_request())
        };
        assert!(allow("https://app.example.com") && allow("http://API.example.com:8000"));
        for foreign in [
            "https://evil.example.com",
            "https://app.example.com.evil.com",
            "https://api.example.com",
            "null",
            "",
            "https://evil.com/://api.example.com:8000",
        ] {
            assert!(!allow(foreign), "{foreign}");
        }
        assert!(allowed.allow(&TestRequest::default().to_http_request()));
    }
}
