//! Requests of webhooks and actions, by the guarded way out.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use snackbase_application::ports::{HttpFault, HttpRequest, HttpResponse, HttpSender};

use crate::outbound::{Destinations, Http, OutboundFault};

/// How much is read of an answer.
const MAX_BODY: usize = 64 * 1024;
/// Headers that are the connection's own.
const OF_THE_CONNECTION: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];

/// Sends requests to guarded destinations.
pub struct GuardedSender {
    http: Http,
}

impl GuardedSender {
    /// A sender whose requests take at most `timeout`, with their answers.
    pub fn new(destinations: Destinations, timeout: Duration) -> Self {
        Self { http: Http::new(destinations, timeout, MAX_BODY).that_cuts() }
    }
}

#[async_trait]
impl HttpSender for GuardedSender {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        let method = Method::from_bytes(request.method.to_ascii_uppercase().as_bytes());
        let method = method.map_err(|_| HttpFault::Invalid("The method is not valid".to_owned()))?;
        let headers = headers(&request.headers)?;
        let mut sending = self.http.request(method, &request.url).await.map_err(fault)?.headers(headers);
        if let Some(body) = request.body {
            sending = sending.body(body);
        }
        let reply = self.http.send(sending).await.map_err(fault)?;
        Ok(HttpResponse {
            status: reply.status.as_u16(),
            body: String::from_utf8_lossy(&reply.body).into_owned(),
        })
    }
}

fn headers(wanted: &[(String, String)]) -> Result<HeaderMap, HttpFault> {
    let agent = HeaderValue::from_static(concat!("SnackBase-Webhook/", env!("CARGO_PKG_VERSION")));
    let mut headers = HeaderMap::from_iter([(USER_AGENT, agent)]);
    for (name, value) in wanted {
        let invalid = || HttpFault::Invalid(format!("The header '{name}' is not valid"));
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
        if !OF_THE_CONNECTION.contains(&header.as_str()) {
            headers.insert(header, HeaderValue::from_bytes(value.as_bytes()).map_err(|_| invalid())?);
        }
    }
    Ok(headers)
}

fn fault(fault: OutboundFault) -> HttpFault {
    match fault {
        OutboundFault::NotPublic(host) => HttpFault::NotAllowed(host),
        OutboundFault::Address => HttpFault::Invalid("The address is not valid".to_owned()),
        other => HttpFault::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::task::JoinHandle;

    /// Answers one request; tells its port and what was sent.
    async fn receiver(answer: String) -> (u16, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"the end") {
                let mut piece = [0; 4096];
                let read = connection.read(&mut piece).await.unwrap();
                request.extend_from_slice(&piece[..read]);
            }
            // It may be cut off.
            let _ = connection.write_all(answer.as_bytes()).await;
            String::from_utf8(request).unwrap()
        });
        (port, heard)
    }

    fn sender(allow_private: bool) -> GuardedSender {
        GuardedSender::new(Destinations::new(allow_private), Duration::from_secs(5))
    }

    fn request(url: String, headers: &[(&str, &str)]) -> HttpRequest {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let body = Some("this is the end".to_owned());
        HttpRequest { method: "put".to_owned(), url, headers: headers.collect(), body }
    }

    #[tokio::test]
    async fn what_is_asked_for_is_sent_but_for_what_is_the_connections_own() {
        let (port, heard) = receiver("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok".to_owned()).await;
        let headers = [
            ("X-A", "first"),
            ("x-a", "é"),
            ("Host", "elsewhere"),
            ("Content-Length", "3"),
            ("TRANSFER-ENCODING", "chunked"),
            ("Connection", "upgrade"),
        ];
        let asked = request(format!("http://127.0.0.1:{port}/in?x=1"), &headers);
        let response = sender(true).send(asked).await.unwrap();
        assert_eq!(response, HttpResponse { status: 201, body: "ok".to_owned() });
        assert!(response.is_success());
        let heard = heard.await.unwrap();
        assert!(heard.starts_with("PUT /in?x=1 HTTP/1.1\r\n"), "{heard}");
        let lower = heard.to_lowercase();
        assert!(lower.contains(&format!("\r\nhost: 127.0.0.1:{port}\r\n")), "{heard}");
        assert!(lower.contains("\r\ncontent-length: 15\r\n"), "{heard}");
        assert!(lower.contains("\r\nuser-agent: snackbase-webhook/"), "{heard}");
        assert_eq!(lower.matches("\r\nx-a: ").count(), 1, "{heard}");
        assert!(heard.contains("x-a: é\r\n"), "{heard}");
        for absent in ["elsewhere", "chunked", "upgrade"] {
            assert!(!lower.contains(absent), "{absent}: {heard}");
        }
    }

    #[tokio::test]
    async fn redirects_are_answers_and_long_ones_are_cut() {
        let long = "x".repeat(MAX_BODY + 10);
        let answer = format!(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: {}\r\n\r\n{long}",
            long.len()
        );
        let (port, _heard) = receiver(answer).await;
        let response = sender(true).send(request(format!("http://127.0.0.1:{port}/"), &[])).await.unwrap();
        assert_eq!((response.status, response.body.len()), (302, MAX_BODY));
        assert!(!response.is_success());
    }

    #[tokio::test]
    async fn private_destinations_are_refused_and_the_host_is_told() {
        for (host, told) in [
            ("127.0.0.1", "127.0.0.1"),
            ("2130706433", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("localhost", "localhost"),
            ("x.localhost", "x.localhost"),
        ] {
            let refused = sender(false).send(request(format!("http://{host}:1/token"), &[])).await;
            assert_eq!(refused, Err(HttpFault::NotAllowed(told.to_owned())));
            assert_eq!(refused.unwrap_err().to_string(), format!("Destination not allowed: {told}"));
        }
    }

    #[tokio::test]
    async fn what_is_no_request_is_refused() {
        let url = || "http://127.0.0.1:1/".to_owned();
        for wrong in [
            HttpRequest { method: "a b".to_owned(), ..request(url(), &[]) },
            request(url(), &[("a b", "c")]),
            request(url(), &[("a", "b\r\nc: d")]),
            request("ftp://127.0.0.1/".to_owned(), &[]),
            request("http://user:word@127.0.0.1/".to_owned(), &[]),
        ] {
            let refused = sender(true).send(wrong.clone()).await.unwrap_err();
            assert!(matches!(refused, HttpFault::Invalid(_)), "{wrong:?}: {refused:?}");
        }
        let nobody =
            sender(true).send(request("http://127.0.0.1:1/secret".to_owned(), &[])).await.unwrap_err();
        assert!(matches!(&nobody, HttpFault::Failed(why) if !why.contains("secret")), "{nobody:?}");
    }
}
