//! Who is calling, as far as addresses tell.

use std::net::IpAddr;

use actix_web::http::header::{HeaderMap, HeaderName};

use super::is_trusted;
use crate::settings::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client: the peer's, or behind trusted proxies the last one of
/// `X-Forwarded-For` that is not a trusted proxy itself. What stands before it may be made up by
/// the client and does not count.
pub fn client_address(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Network]) -> Option<IpAddr> {
    let mut nearest = peer?.to_canonical();
    if !is_trusted(nearest, proxies) {
        return Some(nearest);
    }
    let hops: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in hops.iter().rev() {
        let Ok(address) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        nearest = address.to_canonical();
        if !is_trusted(nearest, proxies) {
            break;
        }
    }
    Some(nearest)
}
