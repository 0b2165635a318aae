//! HTTP requests to guarded destinations: no redirects, no proxies, and bounds on
//! time and size.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use tokio::sync::OnceCell;
use url::{Host, Url};

use super::{Destinations, OutboundFault};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// What came back.
#[derive(Clone, Debug)]
pub struct HttpReply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A client for requests to guarded destinations. Cheap to clone; clones share
/// their connections.
#[derive(Clone)]
pub struct Http {
    destinations: Destinations,
    /// The longest that a request may take with its reply.
    timeout: Duration,
    /// The most bytes of a reply's body.
    max_body: usize,
    /// Whether larger ones are cut off, not refused.
    cuts: bool,
    client: Arc<OnceCell<Client>>,
}

impl Http {
    /// A client whose requests take at most `timeout`, with replies of at most
    /// `max_body` bytes.
    pub fn new(destinations: Destinations, timeout: Duration, max_body: usize) -> Self {
        Self { destinations, timeout, max_body, cuts: false, client: Arc::default() }
    }

    /// Reads the beginning of larger replies, instead of refusing them.
    #[must_use]
    pub fn that_cuts(self) -> Self {
        Self { cuts: true, ..self }
    }

    /// A request that [`Http::send`] takes.
    ///
    /// # Errors
    /// `Address` unless the URL is one of `http` or `https`, without user and
    /// password; `NotPublic` when its host is an address that is not public.
    pub async fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, OutboundFault> {
        let url = Url::parse(url).map_err(|_| OutboundFault::Address)?;
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some()
        {
            return Err(OutboundFault::Address);
        }
        match url.host() {
            // Names are checked when they are looked up.
            Some(Host::Domain(_)) => {}
            Some(address) => {
                let port = url.port_or_known_default().ok_or(OutboundFault::Address)?;
                self.destinations.resolve(&address.to_string(), port).await?;
            }
            None => return Err(OutboundFault::Address),
        }
        let client = self.client.get_or_try_init(|| async { self.connectable() }).await?;
        Ok(client.request(method, url))
    }

    /// Sends a request and reads its reply, whatever its status.
    ///
    /// # Errors
    /// As the faults say.
    pub async fn send(&self, request: RequestBuilder) -> Result<HttpReply, OutboundFault> {
        let exchange = async {
            let mut reply = request.send().await.map_err(failed)?;
            let (status, headers) = (reply.status(), reply.headers().clone());
            let mut body = BytesMut::new();
            while let Some(piece) = reply.chunk().await.map_err(failed)? {
                let room = self.max_body - body.len();
                if piece.len() > room && !self.cuts {
                    return Err(OutboundFault::TooLarge(self.max_body));
                }
                body.extend_from_slice(&piece[..piece.len().min(room)]);
                if piece.len() > room {
                    break;
                }
            }
            Ok(HttpReply { status, headers, body: body.freeze() })
        };
        let timed = tokio::time::timeout(self.timeout, exchange).await;
        timed.unwrap_or(Err(OutboundFault::TimedOut(self.timeout.as_secs())))
    }

    /// Reading the system's certificates takes a while, and a server that sends
    /// nothing needs none.
    fn connectable(&self) -> Result<Client, OutboundFault> {
        guarded_client(self.destinations, None)
    }
}

/// A client that connects to guarded names only, without redirects and proxies. Addresses in URLs
/// pass it: who uses it checks those. `read` is how long the next bytes of a reply may take.
pub(crate) fn guarded_client(
    destinations: Destinations,
    read: Option<Duration>,
) -> Result<Client, OutboundFault> {
    let mut builder = Client::builder()
        .dns_resolver(Arc::new(Guarded(destinations)))
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .user_agent(concat!("SnackBase/", env!("CARGO_PKG_VERSION")));
    if let Some(read) = read {
        builder = builder.read_timeout(read);
    }
    builder.build().map_err(failed)
}

/// Looks names up and lets only those pass that may be connected to.
struct Guarded(Destinations);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let destinations = self.0;
        Box::pin(async move {
            let found = destinations.resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// What went wrong, without the URL, which may hold secrets.
fn failed(error: reqwest::Error) -> OutboundFault {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    loop {
        if let Some(fault) = cause.downcast_ref::<OutboundFault>() {
            return fault.clone();
        }
        match cause.source() {
            Some(source) => cause = source,
            None => break,
        }
    }
    if error.is_timeout() {
        return OutboundFault::TimedOut(CONNECT.as_secs());
    }
    OutboundFault::Failed(cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// Answers every connection with a text; tells its port.
    async fn server(answer: String) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let _ = connection.read(&mut request).await;
                    let _ = connection.write_all(answer.as_bytes()).await;
                });
            }
        });
        port
    }

    fn http(allow_private: bool) -> Http {
        Http::new(Destinations::new(allow_private), Duration::from_secs(2), 1000)
    }

    async fn get(http: &Http, url: &str) -> Result<HttpReply, OutboundFault> {
        http.send(http.request(Method::GET, url).await?).await
    }

    #[tokio::test]
    async fn private_hosts_are_not_asked() {
        let port = server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".to_owned()).await;
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"] {
            let url = format!("http://{host}:{port}/");
            let fault = get(&http(false), &url).await.unwrap_err();
            assert!(matches!(fault, OutboundFault::NotPublic(_)), "{host}: {fault:?}");
        }
        let reply = get(&http(true), &format!("http://localhost:{port}/")).await.unwrap();
        assert_eq!((reply.status, &reply.body[..]), (StatusCode::OK, &b"hi"[..]));
    }

    #[tokio::test]
    async fn other_addresses_are_no_addresses() {
        for url in
            ["", "ftp://example.com/", "file:///etc/passwd", "http://", "http://u:p@example.com/", "//x", "x"]
        {
            assert_eq!(get(&http(true), url).await.unwrap_err(), OutboundFault::Address, "{url}");
        }
    }

    #[tokio::test]
    async fn redirects_are_replies() {
        let target = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned()).await;
        let redirect = format!(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{target}/\r\nContent-Length: 0\r\n\r\n"
        );
        let port = server(redirect).await;
        let reply = get(&http(true), &format!("http://127.0.0.1:{port}/")).await.unwrap();
        assert_eq!(reply.status, StatusCode::FOUND);
    }

    #[tokio::test]
    async fn replies_are_bounded_in_size_and_time() {
        let long = format!("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n{}", "x".repeat(1001));
        let port = server(long).await;
        let fault = get(&http(true), &format!("http://127.0.0.1:{port}/")).await.unwrap_err();
        assert_eq!(fault, OutboundFault::TooLarge(1000));
        let reply = get(&http(true).that_cuts(), &format!("http://127.0.0.1:{port}/")).await.unwrap();
        assert_eq!(reply.body, "x".repeat(1000));
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/?token=secret", silent.local_addr().unwrap());
        assert_eq!(get(&http(true), &url).await.unwrap_err(), OutboundFault::TimedOut(2));
        drop(silent);
        let fault = get(&http(true), &url).await.unwrap_err();
        assert!(matches!(&fault, OutboundFault::Failed(why) if !why.contains("secret")), "{fault:?}");
    }
}
