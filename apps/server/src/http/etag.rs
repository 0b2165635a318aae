//! Entity tags (RFC 9110, section 8.8.3) and the conditions that requests make of them.

use actix_web::HttpRequest;
use actix_web::http::header::{
    CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH,
};
use snackbase_application::records::Precondition;

/// What a tag ends with when the reply is encoded: each encoding is a representation of its own.
const ENCODINGS: [&str; 3] = ["gzip", "br", "identity"];

fn tags<'r>(request: &'r HttpRequest, name: &HeaderName) -> impl Iterator<Item = &'r str> {
    let values = request.headers().get_all(name).filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).collect::<Vec<_>>().into_iter()
}

/// The tag of the representation without encoding, in quotes.
fn plain(tag: &str) -> String {
    let inner = tag.trim_start_matches("W/").trim_matches('"');
    let cut = inner.rsplit_once('-').filter(|(_, end)| ENCODINGS.contains(end)).map_or(inner, |(tag, _)| tag);
    format!("\"{cut}\"")
}

/// Whether `If-None-Match` names the tag: the client has that representation (weak comparison,
/// section 13.1.2).
pub fn is_known(request: &HttpRequest, tag: &str) -> bool {
    tags(request, &IF_NONE_MATCH).any(|known| known == "*" || plain(known) == tag)
}

/// What `If-Match` asks of a record that is to be changed (strong comparison, section 13.1.1).
pub fn precondition(request: &HttpRequest) -> Precondition {
    match request.headers().contains_key(IF_MATCH) {
        true => Precondition::of_tags(tags(request, &IF_MATCH)),
        false => Precondition::None,
    }
}

/// Names the encoding in the tag of a reply that was encoded.
pub fn name_encoding(headers: &mut HeaderMap) {
    let encoding = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let tag = headers.get(ETAG).and_then(|value| value.to_str().ok());
    let (Some(encoding), Some(tag)) = (encoding.filter(|e| *e != "identity"), tag) else {
        return;
    };
    let named = tag.strip_suffix('"').map(|tag| format!("{tag}-{encoding}\""));
    if let Some(named) = named.and_then(|named| HeaderValue::from_str(&named).ok()) {
        headers.insert(ETAG, named);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_tag_is_known_in_any_encoding_and_strength() {
        let is_known = |value: &str| {
            let request = TestRequest::default().insert_header((IF_NONE_MATCH, value)).to_http_request();
            is_known(&request, "\"1-a\"")
        };
        for known in ["\"1-a\"", "W/\"1-a\"", "\"1-a-gzip\"", "\"x\", \"1-a-br\"", "*"] {
            assert!(is_known(known), "{known}");
        }
        for unknown in ["\"1-b\"", "\"1-a-other\"", ""] {
            assert!(!is_known(unknown), "{unknown}");
        }
    }

    #[test]
    fn encoded_replies_have_tags_of_their_own() {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, HeaderValue::from_static("\"1-a\""));
        name_encoding(&mut headers);
        assert_eq!(headers.get(ETAG).unwrap(), "\"1-a\"");
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        name_encoding(&mut headers);
        assert_eq!(headers.get(ETAG).unwrap(), "\"1-a-gzip\"");
    }
}
