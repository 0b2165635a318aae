//! Headers that a webhook sends besides ours.

use std::collections::BTreeMap;

/// Most headers of a webhook.
pub const MAX_HEADERS: usize = 50;
/// Most characters of a header's name, and of its value.
pub const MAX_HEADER_CHARS: usize = 4096;

/// Names that say what is sent, how, and by whom. Those that begin with `x-snackbase-` are reserved as well.
const RESERVED: [&str; 14] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    // Of Standard Webhooks.
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
];

/// Whether a webhook's own header of that name is left out, in any case of letters: it would speak for
/// us, e.g. of the signature, or about the connection.
pub fn is_reserved(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("x-snackbase-") || RESERVED.contains(&name.as_str())
}

/// What is wrong with headers: names must be tokens (RFC 9110, 5.6.2), values are without control
/// characters, so that nobody writes a header, or a request, of his own into ours.
pub fn header_problem(headers: &BTreeMap<String, String>) -> Option<String> {
    if headers.len() > MAX_HEADERS {
        return Some(format!("At most {MAX_HEADERS} headers are allowed"));
    }
    for (name, value) in headers {
        if !is_token(name) {
            return Some(format!("Invalid header name '{name}'"));
        }
        if value.chars().any(|c| c.is_control() && c != '\t') {
            return Some(format!("Invalid value of header '{name}'"));
        }
        if name.len() > MAX_HEADER_CHARS || value.chars().count() > MAX_HEADER_CHARS {
            return Some(format!("Headers may have at most {MAX_HEADER_CHARS} characters"));
        }
    }
    None
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(name: &str, value: &str) -> Option<String> {
        header_problem(&BTreeMap::from([(name.to_owned(), value.to_owned())]))
    }

    #[test]
    fn what_is_no_header_is_refused() {
        for (name, value) in [("X-A", "1"), ("authorization", "Bearer a b"), ("a", ""), ("a", "tab\tand é")]
        {
            assert_eq!(problem(name, value), None, "{name}: {value}");
        }
        for name in ["", "a b", "a:b", "a\r\nb", "é", "a/b"] {
            assert_eq!(problem(name, "1"), Some(format!("Invalid header name '{name}'")));
        }
        for value in ["a\r\nX-B: 1", "a\nb", "\0", "\u{7f}", "\u{85}"] {
            assert_eq!(problem("a", value).as_deref(), Some("Invalid value of header 'a'"), "{value:?}");
        }
        let long = "x".repeat(MAX_HEADER_CHARS + 1);
        assert!(problem("a", &long).is_some() && problem(&long, "a").is_some());
        let many = (0..=MAX_HEADERS).map(|n| (format!("a{n}"), String::new())).collect();
        assert_eq!(header_problem(&many).as_deref(), Some("At most 50 headers are allowed"));
    }

    #[test]
    fn names_of_ours_are_reserved_in_any_case() {
        for name in ["X-SnackBase-Signature", "x-snackbase-anything", "HOST", "Content-Length", "Webhook-Id"]
        {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["Authorization", "Content-Type", "X-Snack", "X-Host", "Cookie"] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
