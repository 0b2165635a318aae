//! Where accounts may have requests sent: what can be told of an address before it is looked up.

use std::net::IpAddr;

use url::{Host, Url};

use crate::address::is_public;

/// Most characters of an address.
pub const MAX_URL_CHARS: usize = 2048;

/// What an installation allows.
#[derive(Clone, Copy, Debug)]
pub struct UrlPolicy {
    /// Whether to let pass addresses of this machine and of private networks.
    pub allow_private: bool,
    /// Whether `http` is refused.
    pub https_only: bool,
}

/// Refuses what is no address of a webhook, in a sentence. Hosts that are IP addresses are judged in any
/// notation that browsers read, such as `2130706433` for 127.0.0.1; names are when they are connected to.
pub fn check_url(url: &str, policy: UrlPolicy) -> Result<(), String> {
    let no_host = "Webhook URL must have a valid hostname";
    let parsed = Url::parse(url);
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).unwrap_or_default();
    if !matches!(scheme.as_str(), "http" | "https") {
        return Err("Webhook URL must use http or https scheme".to_owned());
    }
    let parsed = parsed.map_err(|_| no_host.to_owned())?;
    // The parser looks for a host wherever one might be.
    if !url[scheme.len()..].starts_with("://") || url[scheme.len() + 3..].starts_with(['/', '\\', '?', '#']) {
        return Err(no_host.to_owned());
    }
    let address = match parsed.host() {
        None => return Err(no_host.to_owned()),
        Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            if name.is_empty() {
                return Err(no_host.to_owned());
            }
            let local = name == "localhost" || name.ends_with(".localhost");
            local.then(|| IpAddr::from([127, 0, 0, 1]))
        }
    };
    if !policy.allow_private && address.is_some_and(|address| !is_public(address)) {
        let host = written_host(url).unwrap_or_default();
        return Err(format!("Webhook URL cannot target private/loopback IP address: {host}"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("Webhook URL must not contain a user or a password".to_owned());
    }
    if policy.https_only && scheme != "https" {
        return Err("Webhook URL must use HTTPS in production".to_owned());
    }
    Ok(())
}

/// The host as it is written, without user, port and brackets.
fn written_host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    match host.strip_prefix('[') {
        Some(host) => host.split(']').next(),
        None => host.split(':').next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: UrlPolicy = UrlPolicy { allow_private: false, https_only: false };

    #[test]
    fn what_leads_inside_is_refused_in_any_notation() {
        for host in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "localhost",
            "LOCALHOST",
            "a.localhost",
            "localhost.",
            "127.0.0.1.",
        ] {
            for url in [format!("http://{host}/x"), format!("HTTPS://u:p@{host}:8080?q")] {
                let text = format!("Webhook URL cannot target private/loopback IP address: {host}");
                assert_eq!(check_url(&url, STRICT), Err(text), "{url}");
            }
        }
        for host in ["::1", "::", "fc00::1", "fe80::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:a00:1"] {
            let text = format!("Webhook URL cannot target private/loopback IP address: {host}");
            assert_eq!(check_url(&format!("http://[{host}]:80/"), STRICT), Err(text));
        }
        let open = UrlPolicy { allow_private: true, ..STRICT };
        assert_eq!(check_url("http://127.0.0.1:9/x", open), Ok(()));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in ["ftp://e.org", "e.org/x", "", "javascript:alert(1)", "//e.org", "file:///etc/passwd"] {
            assert_eq!(
                check_url(url, STRICT),
                Err("Webhook URL must use http or https scheme".to_owned()),
                "{url}"
            );
        }
        for url in
            ["http://", "https:///x", "http://?q", "http:e.org", "http://:80/", "http://a b/", "http://./"]
        {
            assert_eq!(
                check_url(url, STRICT),
                Err("Webhook URL must have a valid hostname".to_owned()),
                "{url}"
            );
        }
        let text = "Webhook URL must not contain a user or a password".to_owned();
        assert_eq!(check_url("https://u:p@e.org/", STRICT), Err(text));
        let production = UrlPolicy { https_only: true, ..STRICT };
        let text = "Webhook URL must use HTTPS in production".to_owned();
        assert_eq!(check_url("http://e.org", production), Err(text));
        for url in
            ["https://e.org", "HTTPS://E.org:8443/x?y=1#z", "https://8.8.8.8/", "https://[2606:4700::1111]/"]
        {
            assert_eq!(check_url(url, production), Ok(()), "{url}");
        }
    }
}
