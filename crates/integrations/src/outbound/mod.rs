//! The way out: every connection that the server opens at somebody's word goes
//! through here, so that nobody can use it to reach what only the server reaches
//! (server-side request forgery).
//!
//! A host is looked up once, all its addresses are checked, and the connection
//! goes to an address that was checked.

mod http;

use std::net::{IpAddr, SocketAddr};

use url::Host;

pub(crate) use http::guarded_client;
pub use http::{Http, HttpReply};
use snackbase_domain::address::is_public;

/// Why nothing came of going out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundFault {
    /// The address is no `http` or `https` URL, or names no host.
    #[error("the address is not valid")]
    Address,
    /// The host is on this machine, in a private network or otherwise not public.
    #[error("'{0}' is not a public address")]
    NotPublic(String),
    /// The name is not known.
    #[error("'{0}' cannot be resolved")]
    Unknown(String),
    #[error("no answer within {0} seconds")]
    TimedOut(u64),
    /// The reply is larger than what was allowed for.
    #[error("the reply is larger than {0} bytes")]
    TooLarge(usize),
    /// Connection, TLS or protocol failed; says how, without the address.
    #[error("{0}")]
    Failed(String),
}

/// Where the server may connect to.
#[derive(Clone, Copy, Debug)]
pub struct Destinations {
    allow_private: bool,
}

impl Destinations {
    /// Public addresses, or, with `allow_private`, all.
    pub fn new(allow_private: bool) -> Self {
        Self { allow_private }
    }

    /// The addresses of a host, a name or an address in any notation that browsers
    /// read. All of them may be connected to: one that may not refuses the host.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, OutboundFault> {
        // Without the brackets that addresses of version 6 have in URLs.
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let parsed = match bare.parse::<IpAddr>() {
            Ok(address) => return self.check(host, vec![SocketAddr::new(address, port)]),
            Err(_) => Host::parse(host).map_err(|_| OutboundFault::Address)?,
        };
        let found = match parsed {
            Host::Ipv4(address) => vec![SocketAddr::new(address.into(), port)],
            Host::Ipv6(address) => vec![SocketAddr::new(address.into(), port)],
            // Names of this machine, whatever answers for them (RFC 6761, 6.3).
            Host::Domain(name) if !self.allow_private && is_localhost(&name) => {
                return Err(OutboundFault::NotPublic(host.to_owned()));
            }
            Host::Domain(name) => {
                let found = tokio::net::lookup_host((name.as_str(), port)).await;
                found.map_err(|_| OutboundFault::Unknown(host.to_owned()))?.collect()
            }
        };
        self.check(host, found)
    }

    fn check(&self, host: &str, addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, OutboundFault> {
        if addresses.is_empty() {
            return Err(OutboundFault::Unknown(host.to_owned()));
        }
        if !self.allow_private && !addresses.iter().all(|address| is_public(address.ip())) {
            return Err(OutboundFault::NotPublic(host.to_owned()));
        }
        Ok(addresses)
    }
}

/// Whether a name, in lower case, is that of this machine.
fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn private_hosts_are_refused_however_they_are_written() {
        let closed = Destinations::new(false);
        for host in [
            "127.0.0.1",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "any.Localhost",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0x7f.1",
            "0",
            "0.0.0.0",
            "[::1]",
            "::1",
            "[::ffff:127.0.0.1]",
            "10.0.0.1",
            "169.254.169.254",
            "2852039166",
            "１２７.0.0.1",
            "127。0。0。1",
            "[fd00::1]",
            "[64:ff9b::7f00:1]",
        ] {
            let fault = closed.resolve(host, 25).await.unwrap_err();
            assert_eq!(fault, OutboundFault::NotPublic(host.to_owned()));
        }
        for host in ["8.8.8.8", "134744072", "[2001:4860:4860::8888]"] {
            assert_eq!(closed.resolve(host, 25).await.unwrap().len(), 1, "{host}");
        }
        for host in ["", " ", "a b", "user@host", "host/path", "1.2.3.999", "[::1"] {
            assert!(closed.resolve(host, 25).await.is_err(), "{host}");
        }
        assert!(matches!(closed.resolve("no-such-host.invalid", 1).await, Err(OutboundFault::Unknown(_))));
    }

    #[tokio::test]
    async fn they_are_allowed_where_the_operator_says_so() {
        let open = Destinations::new(true);
        let found = open.resolve("localhost", 2525).await.unwrap();
        assert!(found.iter().all(|address| address.ip().is_loopback() && address.port() == 2525));
        assert_eq!(open.resolve("10.0.0.1", 80).await.unwrap(), ["10.0.0.1:80".parse().unwrap()]);
    }
}
