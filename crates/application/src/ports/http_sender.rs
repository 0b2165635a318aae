//! Port: HTTP requests to addresses that tenants choose.

use async_trait::async_trait;

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpRequest {
    /// In any case of letters.
    pub method: String,
    pub url: String,
    /// Of two of one name, in any case of letters, the last one counts. `Host`, `Content-Length`,
    /// `Transfer-Encoding` and `Connection` are left out: they are the sender's business.
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    pub status: u16,
    /// The beginning of the body, at most 64 KiB, as text.
    pub body: String,
}

impl HttpResponse {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no answer. Worded for tenants; none of them tells the address, which may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    /// The host is, or its name leads to, an address that is not public. Carries the host.
    #[error("Destination not allowed: {0}")]
    NotAllowed(String),
    /// Method, address or a header is none.
    #[error("{0}")]
    Invalid(String),
    /// No connection, no answer, or none in time.
    #[error("{0}")]
    Failed(String),
}

/// Sends requests to where the server may connect to. Redirects are answers, not followed.
#[async_trait]
pub trait HttpSender: Send + Sync {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault>;
}
